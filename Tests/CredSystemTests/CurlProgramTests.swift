import CredCore
import CredSystem
import Foundation
import Glibc
import TestSupport
import Testing
import Workbench

/// How the program `curl` is called: another one stands in for it.
@Suite("The program curl", .inTurn) struct CurlProgramTests {
    private let scratch: ScratchFolder
    /// Where the program is to be.
    private let path: String

    init() throws {
        scratch = try ScratchFolder()
        path = scratch.absolute("curl")
    }

    /// Keeps what it was given in files beside itself.
    private static let recorder = """
        cd "${0%/*}"
        printf '%s\\n' "$@" > words
        cat > configuration
        env > environment
        ls /proc/self/fd > descriptors
        printf 'HTTP/1.1 200 OK\\r\\n\\r\\n{}'
        """

    @Test("SEC-03: no secret and no address is in the words that everybody can read")
    func words() async throws {
        await #expect(processExitsWith: .success) { [path = path as String] in
            try CurlProgramTests.write(path)
            let exchange = try CurlProgramTests.post(by: path)
            #expect(exchange.response?.body == Array("{}".utf8))
        }
        #expect(try scratch.read("words") == "-q\n--config\n-\n")
        #expect(try scratch.read("descriptors") == "0\n1\n2\n3\n")
    }

    @Test("the whole request is in the configuration, and no option that weakens it")
    func configuration() async throws {
        await #expect(processExitsWith: .success) { [path = path as String] in
            try CurlProgramTests.write(path)
            _ = try CurlProgramTests.post(by: path)
        }
        let lines = try scratch.read("configuration").split(separator: "\n").map(String.init)
        #expect(
            lines.sorted() == [
                #"cacert = "/ca \"x\".pem""#, "connect-timeout = 10.000", #"data-raw = "SECRET""#,
                "globoff", #"header = "Accept-Encoding: identity""#,
                #"header = "Accept: application/json""#, #"header = "Expect:""#, "include",
                "max-time = 60.005", "no-buffer", #"proto = "=https""#, #"request = "POST""#,
                "show-error", "silent", "suppress-connect-headers", "tlsv1.2",
                #"url = "https://as.example/token""#, #"user-agent = "planet-cred/1.2.3""#,
            ])
    }

    @Test("a connection is given ten seconds, or less where the whole has less")
    func timeLimits() async throws {
        await #expect(processExitsWith: .success) { [path = path as String] in
            try CurlProgramTests.write(path)
            _ = try CurlProgramTests.post(by: path, timeLimit: 9_030)
        }
        let text = try scratch.read("configuration")
        #expect(text.contains("\nconnect-timeout = 9.030\n"))
        #expect(text.contains("\nmax-time = 9.030\n"))
    }

    @Test("loopback alone may be asked without TLS, and never by a proxy")
    func loopback() async throws {
        await #expect(processExitsWith: .success) { [path = path as String] in
            try CurlProgramTests.write(path)
            setenv("PLANET_CRED_CURL", path, 1)
            _ = CurlTransport.send(
                HTTPRequest(.get, try WebURL("http://localhost:1/")), timeLimit: 60_000,
                version: "1")
        }
        let text = try scratch.read("configuration")
        #expect(text.contains("\nproto = \"=http,https\"\nnoproxy = \"*\"\n"))
    }

    @Test("SEC-05: curl sees the way to the network in its environment, and no secret of ours")
    func environment() async throws {
        await #expect(processExitsWith: .success) { [path = path as String] in
            setenv("PL_API_KEY", "SECRET", 1)
            setenv("PL_AUTH_CLIENT_SECRET", "SECRET", 1)
            setenv("https_proxy", "http://proxy.example:3128", 1)
            setenv("SSL_CERT_FILE", "/certificates", 1)
            setenv("NO_PROXY", "", 1)
            try CurlProgramTests.write(path)
            _ = try CurlProgramTests.post(by: path)
        }
        let text = try scratch.read("environment")
        #expect(text.contains("https_proxy=http://proxy.example:3128\n"))
        #expect(text.contains("SSL_CERT_FILE=/certificates\n"))
        #expect(text.contains("PATH="))
        #expect(!text.contains("SECRET"))
        #expect(!text.contains("NO_PROXY"))
    }

    @Test("a machine without curl is told how to get it")
    func missing() async {
        await #expect(processExitsWith: .success) {
            let exchange = try CurlProgramTests.post(by: "/missing/curl")
            let failure = try #require(exchange.failure)
            #expect(failure.kind == .unavailable)
            #expect(failure.because?.contains("'/missing/curl'") == true)
            #expect(failure.remedy == "unset PLANET_CRED_CURL")
        }
    }

    @Test("a curl that may not be run is told with the system's reason")
    func notExecutable() async {
        await #expect(processExitsWith: .success) {
            let exchange = try CurlProgramTests.post(by: "/etc/passwd")
            let failure = try #require(exchange.failure)
            #expect(failure.because == "Permission denied")
        }
    }

    @Test(
        "an answer that came whole counts, however curl ends, and it is not waited for",
        arguments: [
            Ending("curl hangs", "exec sleep 600"), Ending("curl fails", "exit 56"),
            Ending("a signal ends curl", "kill -9 $$"),
        ])
    func wholeAnswer(_ ending: Ending) async throws {
        await #expect(processExitsWith: .success) {
            [path = path as String, ending = ending as Ending] in
            let answer = "printf 'HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\n{}'"
            try CurlProgramTests.write(path, "\(answer); \(ending.script)")
            #expect(try CurlProgramTests.post(by: path).response?.body == Array("{}".utf8))
        }
    }

    @Test(
        "an answer that may go on is waited for",
        arguments: [
            Ending("no length", "Server: x"), Ending("chunks", "Transfer-Encoding: chunked"),
            Ending("two lengths", "Content-Length: 5\\r\\nContent-Length: 9"),
        ])
    func openAnswer(_ header: Ending) async throws {
        await #expect(processExitsWith: .success) {
            [path = path as String, header = header as Ending] in
            try CurlProgramTests.write(
                path,
                "printf 'HTTP/1.1 200 OK\\r\\n\(header.script)\\r\\n\\r\\n[{}'; printf ,1]; : >\"$0.end\""
            )
            #expect(try CurlProgramTests.post(by: path).response?.body == Array("[{},1]".utf8))
        }
        #expect(try scratch.read("curl.end") == "")
    }

    /// A part of a script that stands in for curl.
    struct Ending: Sendable, Codable, CustomTestStringConvertible {
        let testDescription: String
        let script: String

        init(_ name: String, _ script: String) { (testDescription, self.script) = (name, script) }
    }

    struct End: Sendable, Codable, CustomTestStringConvertible {
        let testDescription: String
        let status: Int32
        var kind: Kind

        enum Kind: Codable { case unreachable, interrupted, impossible }

        init(_ name: String, _ status: Int32, _ kind: Kind) {
            (testDescription, self.status, self.kind) = (name, status, kind)
        }
    }

    @Test(
        "TOK-13: TOK-15: curl's exit status tells whether to try again, and its words why",
        arguments: [
            End("proxy not resolved", 5, .unreachable), End("not resolved", 6, .unreachable),
            End("not connected", 7, .unreachable), End("proxy's handshake", 97, .unreachable),
            End("no HTTP/1", 1, .interrupted), End("HTTP/2 framing", 16, .interrupted),
            End("answer not written", 23, .interrupted), End("no memory", 27, .interrupted),
            End("transfer encoding", 61, .interrupted), End("no end of TLS", 80, .interrupted),
            End("HTTP/3", 95, .interrupted), End("QUIC", 96, .interrupted),
            End("partial", 18, .interrupted),
            End("time is over", 28, .interrupted), End("nothing came", 52, .interrupted),
            End("send failed", 55, .interrupted), End("receive failed", 56, .interrupted),
            End("HTTP/2 stream", 92, .interrupted), End("TLS handshake", 35, .impossible),
            End("certificate", 60, .impossible), End("authorities", 77, .impossible),
            End("an option unknown to an old curl", 2, .impossible),
            End("a bad list of revoked certificates", 82, .impossible),
            End("no such interface", 45, .impossible), End("any other", 199, .interrupted),
        ])
    func status(_ end: End) async throws {
        await #expect(processExitsWith: .success) { [path = path as String, end = end as End] in
            try CurlProgramTests.write(
                path, "echo 'curl: (\(end.status)) the reason' >&2; exit \(end.status)")
            let exchange = try CurlProgramTests.post(by: path)
            switch end.kind {
            case .unreachable: #expect(exchange == .unreachable("curl says 'the reason'"))
            case .interrupted: #expect(exchange == .interrupted("curl says 'the reason'"))
            case .impossible:
                let failure = try #require(exchange.failure)
                #expect(failure.kind == .unavailable)
                #expect(failure.because?.contains("'the reason'") == true)
            }
        }
    }

    /// Makes the program, in the process that starts it: a file that another process has open for
    /// writing cannot be started, and other tests start processes all the time.
    private static func write(_ path: String, _ script: String = recorder) throws {
        try Data("#!/bin/sh\n\(script)\n".utf8).write(to: URL(filePath: path))
        chmod(path, 0o700)
    }

    private static func post(by program: String, timeLimit: Int64 = 60_005) throws
        -> TransportResult
    {
        setenv("PLANET_CRED_CURL", program, 1)
        let request = HTTPRequest(
            .post, try WebURL("https://as.example/token"), headers: [.acceptJSON],
            body: Secret("SECRET"), certificateAuthorityFile: "/ca \"x\".pem")
        return CurlTransport.send(request, timeLimit: timeLimit, version: "1.2.3")
    }
}
