import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("TLS", .inTurn) struct TLSTests {
    /// Runs `token` with a profile for a server of this kind.
    private func token(
        for name: String, _ life: TLSServer.Life = .valid, version: String = "TLSv1_3",
        own: PracticeServer.MemberOverrides
    ) async throws -> (Outcome, ScratchHome, TLSServer) {
        let home = try ScratchHome()
        let server = try await TLSServer(for: name, life, version: version, in: home)
        let practice = try PracticeServer()
        var own = own
        own.members.append(("hosts", ["127.0.0.1"]))
        try home.writeProfile(
            for: practice, changing: ["token_endpoint": .string(server.tokenEndpoint)], own: own)
        return (try await home.run("token", "--profile", "practice"), home, server)
    }

    @Test("TOK-15: a self-signed certificate is refused") func selfSigned() async throws {
        let (answer, home, server) = try await token(for: "IP:127.0.0.1", own: [:])
        #expect(answer.errors.contains("SSL certificate problem: "))
        #expect(answer.errorParts.last == "try: curl -v https://127.0.0.1:\(server.port)/")
        #expect(answer.output == [])
        #expect(answer.end == .exited(69))
        #expect(home.tokenText() == nil)
    }

    /// Runs `token` with variables for a server whose certificate nobody knows.
    private func token(with variables: (ScratchHome) -> [String: String]) async throws
        -> (Outcome, ScratchHome, TLSServer)
    {
        let home = try ScratchHome()
        let server = try await TLSServer(for: "IP:127.0.0.1", in: home)
        try home.writeProfile(
            for: try PracticeServer(), changing: ["token_endpoint": .string(server.tokenEndpoint)])
        let answer = try await home.planetCred(
            ["token", "--profile", "practice"], with: variables(home)
        ).run()
        return (answer, home, server)
    }

    private static func certificate(_ home: ScratchHome) -> String {
        "\(home.work)/cert.pem"
    }

    @Test(
        "USE-22: a private authority is named with a variable or a member, and the failure names both"
    )
    func privateAuthority() async throws {
        let (answer, _, _) = try await token { _ in [:] }
        #expect(answer.end == .exited(69))
        #expect(answer.errors.contains("CURL_CA_BUNDLE"))
        #expect(answer.errors.contains("'certificate_authority_file'"))
        #expect(answer.errorParts.last?.hasPrefix("try: curl -v https://127.0.0.1:") == true)
    }

    @Test(
        "USE-22: a file that another program's variable names is proposed, and it works",
        arguments: ["REQUESTS_CA_BUNDLE", "GIT_SSL_CAINFO", "NODE_EXTRA_CA_CERTS", "AWS_CA_BUNDLE"])
    func proposal(_ name: String) async throws {
        let (answer, home, server) = try await token { [name: Self.certificate($0)] }
        #expect(answer.end == .exited(69))
        #expect(
            answer.errorParts.last == "try: export CURL_CA_BUNDLE=\(Self.certificate(home))")
        #expect(answer.errors.contains("\(name) names one"))
        let mended = try await home.planetCred(
            ["token", "--profile", "practice"],
            with: ["CURL_CA_BUNDLE": Self.certificate(home)]
        ).run()
        #expect(mended == Outcome("over-tls\n"))
        #expect(server.port > 0)
    }

    @Test("USE-22: a file that is not there is not proposed") func missingProposal() async throws {
        let (answer, _, _) = try await token { _ in ["REQUESTS_CA_BUNDLE": "/nowhere.pem"] }
        #expect(!answer.errors.contains("nowhere.pem"))
        #expect(answer.errors.contains("CURL_CA_BUNDLE"))
    }

    @Test(
        "USE-22: curl's own variable names an authority by itself",
        arguments: ["SSL_CERT_FILE", "CURL_CA_BUNDLE"])
    func ownVariable(_ name: String) async throws {
        let (answer, _, _) = try await token { [name: Self.certificate($0)] }
        #expect(answer == Outcome("over-tls\n"))
    }

    @Test("USE-10: an authority file that is missing is named with its whole path")
    func missingPath() async throws {
        let (answer, home, _) = try await token(
            for: "IP:127.0.0.1", own: ["certificate_authority_file": "~/nowhere.pem"])
        #expect(answer.errors.contains("cannot read '\(home.path)/nowhere.pem'"))
        #expect(answer.errorParts.last == "try: ls -l \(home.path)/nowhere.pem")
        #expect(answer.end == .exited(69))
    }

    @Test("USE-10: the authority of the working folder is not taken") func workingFolder()
        async throws
    {
        let (answer, _, _) = try await token(
            for: "IP:127.0.0.1", own: ["certificate_authority_file": "cert.pem"])
        #expect(answer.errors.contains("/.planet/practice/cert.pem'"))
        #expect(answer.end == .exited(69))
    }

    @Test("TOK-15: the profile can name another authority") func authority() async throws {
        let (answer, _, _) = try await token(
            for: "IP:127.0.0.1", own: ["certificate_authority_file": "../../../work/cert.pem"])
        #expect(answer == Outcome("over-tls\n"))
    }

    @Test("TOK-15: a certificate for another host is refused") func wrongHost() async throws {
        let (answer, home, _) = try await token(
            for: "DNS:other.example", own: ["certificate_authority_file": "../../../work/cert.pem"])
        #expect(answer.errorParts[1].contains("127.0.0.1"))
        #expect(answer.end == .exited(69))
        #expect(home.tokenText() == nil)
    }

    @Test("TOK-15: an expired certificate is refused") func expired() async throws {
        let (answer, _, _) = try await token(
            for: "IP:127.0.0.1", .expired,
            own: ["certificate_authority_file": "../../../work/cert.pem"])
        #expect(answer.errors.contains("SSL certificate problem: certificate has expired"))
        #expect(answer.end == .exited(69))
    }

    @Test("TOK-15: TLS 1.1 and older are refused", arguments: ["TLSv1", "TLSv1_1"])
    func oldVersion(_ version: String) async throws {
        let (answer, _, server) = try await token(
            for: "IP:127.0.0.1", version: version,
            own: ["certificate_authority_file": "../../../work/cert.pem"])
        #expect(answer.errors.contains("127.0.0.1:\(server.port)"))
        #expect(answer.end == .exited(69))
    }

    @Test("TOK-15: TLS 1.2 is taken") func tls12() async throws {
        let (answer, _, _) = try await token(
            for: "IP:127.0.0.1", version: "TLSv1_2",
            own: ["certificate_authority_file": "../../../work/cert.pem"])
        #expect(answer == Outcome("over-tls\n"))
    }

    @Test("TOK-15: an authority file that is missing is told") func missingAuthority()
        async throws
    {
        let (answer, _, server) = try await token(
            for: "IP:127.0.0.1", own: ["certificate_authority_file": "nowhere.pem"])
        #expect(answer.errors.contains("127.0.0.1:\(server.port)"))
        #expect(answer.end == .exited(69))
    }

    @Test("TOK-15: a config file of curl's makes nothing careless") func curlConfiguration()
        async throws
    {
        let home = try ScratchHome()
        try home.write(".curlrc", "insecure\n")
        let server = try await TLSServer(for: "IP:127.0.0.1", in: home)
        let practice = try PracticeServer()
        try home.writeProfile(
            for: practice, changing: ["token_endpoint": .string(server.tokenEndpoint)])
        let answer = try await home.run("token", "--profile", "practice")
        #expect(answer.end == .exited(69))
    }
}
