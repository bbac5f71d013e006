import Foundation
import Glibc
import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("Secrets", .inTurn) struct SecrecyTests {
    private static let secret = "secret-\(UUID().uuidString)"

    /// A profile with a secret that occurs nowhere else on this machine.
    private func practice() throws -> Practice {
        try Practice(
            .with { $0.clients = ["m2m": PracticeServer.Client(secret: Self.secret)] },
            changing: ["client_secret": .string(Self.secret)])
    }

    /// What everybody on the machine, or root, can read of all processes right now.
    private func publicFiles() -> [Data] {
        // Processes come and go; one that is gone has nothing to read.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.filter { Int($0) != nil }.flatMap { number in
            ["cmdline", "environ"].compactMap { file in
                FileManager.default.contents(atPath: "/proc/\(number)/\(file)")
            }
        }
    }

    @Test(
        "while a server is asked the secret is not in the words or the environment of a process",
        arguments: ["client_secret_post", "client_secret_basic"])
    func duringRequest(_ method: String) async throws {
        let practice = try practice()
        try practice.home.writeProfile(
            for: practice.server, changing: ["client_secret": .string(Self.secret)],
            own: ["client_authentication": .string(method)])
        practice.server.faults = [PracticeServer.Fault(.stall, path: "/token")]
        let running = try practice.command(["token"]).start()
        try await Condition.wait(for: "the request") { practice.tokenRequestCount == 1 }
        let seen = publicFiles()
        running.signal(SIGKILL)
        _ = await running.outcome()
        let encoded = Data("m2m:\(Self.secret)".utf8).base64EncodedData()
        #expect(seen.contains(Data("curl\0-q\0--config\0-\0".utf8)))
        #expect(!seen.contains { $0.range(of: Data(Self.secret.utf8)) != nil })
        #expect(!seen.contains { $0.range(of: encoded) != nil })
    }

    @Test("from start to end the token is not in the words or the environment of a process")
    func wholeRun() async throws {
        let practice = try practice()
        practice.server.faults = [.latency(milliseconds: 100, path: "/token")]
        let running = try practice.command(["token"]).start()
        var seen: Set<Data> = []
        while !running.hasEnded {
            seen.formUnion(publicFiles())
            await Task.yield()
        }
        let token = await running.outcome().line
        #expect(token == practice.server.issuedTokens[0])
        #expect(!seen.contains { $0.range(of: Data(Self.secret.utf8)) != nil })
        #expect(!seen.contains { $0.range(of: Data(token.utf8)) != nil })
    }

    @Test("curl is started with four words and a minimal environment") func curl() async throws {
        let practice = try practice()
        try await practice.home.writeProgram(
            "my-curl",
            """
            #!/bin/sh
            tr '\\0' ' ' </proc/$$/cmdline >~/words
            tr '\\0' '\\n' </proc/$$/environ | sort >~/environment
            ls /proc/self/fd >~/descriptors # The last one is that of ls.
            exec curl "$@"
            """)
        let program = "\(practice.home.root)/bin/my-curl"
        let answer = try await practice.run(
            "token",
            with: [
                "PLANET_CRED_CURL": program, "MY_OWN": "x", "https_proxy": "http://127.0.0.1:1",
                "PL_API_KEY": "k", "PL_AUTH_CLIENT_SECRET": "s",
            ])
        #expect(answer == Outcome(practice.server.issuedTokens[0] + "\n"))
        #expect(try practice.home.read("words") == "/bin/sh \(program) -q --config - ")
        #expect(
            try practice.home.read("environment") == """
                HOME=\(practice.home.path)
                LANG=C.UTF-8
                PATH=\(practice.home.environment["PATH"] ?? "")
                https_proxy=http://127.0.0.1:1

                """)
        #expect(try practice.home.read("descriptors") == "0\n1\n2\n3\n")
    }

    /// The number of a `planet-cred token` that waits for a server which does not answer.
    private func stalledProcess(_ practice: Practice) async throws -> pid_t {
        try await Condition.wait(for: "the request") { practice.tokenRequestCount == 1 }
        // The shell writes it after the start.
        var number: pid_t?
        try await Condition.wait(for: "the process's number") {
            number = (try? practice.home.read("process")).flatMap { pid_t($0.dropLast()) }
            return number != nil
        }
        return try #require(number)
    }

    @Test("the memory of a running planet-cred is closed to its own user") func memory()
        async throws
    {
        let practice = try practice()
        practice.server.faults = [PracticeServer.Fault(.stall, path: "/token")]
        try practice.home.giveToNobody()
        async let answer = practice.home.shellAsNobody(
            "planet-cred token & echo $! >~/process; wait $!",
            with: ["PL_AUTH_PROFILE": "practice"])
        let process = try await stalledProcess(practice)
        let look = try await practice.home.shellAsNobody(
            "for file in environ maps mem auxv; do cat /proc/\(process)/$file; done")
        kill(process, SIGKILL)
        _ = try await answer
        #expect(look.output == [])
        #expect(look.errors.matches(of: /Permission denied/).count == 4)
    }

    @Test("a crash leaves no core dump") func coreDump() async throws {
        let practice = try practice()
        practice.server.faults = [PracticeServer.Fault(.stall, path: "/token")]
        // Swift's own crash reports are for people who build planet-cred.
        async let answer = practice.home.shell(
            """
            ulimit -c unlimited
            planet-cred token & echo $! >~/process; wait $!
            find . -type f
            """, with: ["PL_AUTH_PROFILE": "practice", "SWIFT_BACKTRACE": "enable=no"])
        let process = try await stalledProcess(practice)
        kill(process, SIGSEGV)
        let seen = try await answer
        #expect(seen.output == [])
        #expect(seen.errors.contains("Segmentation fault"))
        #expect(!seen.errors.contains("core dumped"))
    }
}
