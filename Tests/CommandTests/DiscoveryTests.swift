import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("Discovery", .inTurn) struct DiscoveryTests {
    private static let openID = "/t1/.well-known/openid-configuration"
    private static let inserted = "/.well-known/oauth-authorization-server/t1"

    private func practice(
        _ change: (inout PracticeServer.Configuration) -> Void = { _ in },
        changing members: PracticeServer.MemberOverrides = [:]
    ) throws -> Practice {
        try Practice(
            .with {
                $0.issuerPath = "/t1"
                change(&$0)
            }, changing: members)
    }

    @Test("DISC-01: OpenID's place below the issuer is asked first") func first() async throws {
        let practice = try practice()
        let answer = try await practice.run("token")
        #expect(answer.end == .exited(0))
        #expect(practice.server.requests.map(\.path) == [Self.openID, "/token"])
        #expect(practice.server.requests[0].method == "GET")
    }

    @Test("DISC-02: then the place of RFC 8414") func second() async throws {
        let practice = try practice({ $0.discovery = [.authorizationServer] })
        let answer = try await practice.run("token")
        #expect(answer.end == .exited(0))
        #expect(practice.server.requests.map(\.path) == [Self.openID, Self.inserted, "/token"])
    }

    @Test("DISC-02: where both have nothing both are named") func neither() async throws {
        let practice = try practice({ $0.discovery = [] })
        let url = practice.server.url
        let answer = try await practice.run("token")
        #expect(
            answer
                == Outcome(
                    errors: """
                        planet-cred: error: cannot get a token for profile 'practice'
                        planet-cred: because: the endpoints of '\(url)/t1' are unknown: '\(url)\(Self.openID)' answers 404, '\(url)\(Self.inserted)' answers 404
                        planet-cred: try: ${EDITOR:-vi} \(practice.home.path)/.planet/practice/auth_client.json

                        """, status: 78))
    }

    @Test(
        "DISC-03: a document about another issuer is refused",
        arguments: [
            "http://localhost:PORT/t1", "http://127.0.0.1:PORT/T1", "http://127.0.0.1:PORT",
        ])
    func otherIssuer(_ text: String) async throws {
        let practice = try practice()
        let issuer = text.replacing("PORT", with: "\(practice.server.port)")
        practice.server.metadataOverrides = ["issuer": .string(issuer)]
        let answer = try await practice.run("token")
        #expect(
            answer
                == Outcome(
                    errors: """
                        planet-cred: error: cannot use what '\(practice.server.issuer)' says of itself
                        planet-cred: because: its 'issuer' is '\(issuer)'
                        planet-cred: try: curl -i \(practice.server.issuer)/.well-known/openid-configuration

                        """, status: 69))
        #expect(practice.tokenRequestCount == 0)
    }

    @Test("DISC-03: a document without an issuer is refused") func noIssuer() async throws {
        let practice = try practice({ $0.metadataOverrides = ["issuer": nil] })
        let answer = try await practice.run("token")
        #expect(answer.errorParts[1] == "because: its 'issuer' is 'missing'")
        #expect(answer.end == .exited(69))
        #expect(practice.tokenRequestCount == 0)
    }

    @Test("DISC-03: one slash at the end makes no difference", arguments: [true, false])
    func lastSlash(_ isInProfile: Bool) async throws {
        let practice = try practice()
        let withSlash = PracticeServer.JSON.string(practice.server.issuer + "/")
        practice.server.metadataOverrides = isInProfile ? [:] : ["issuer": withSlash]
        try practice.home.writeProfile(
            for: practice.server, changing: isInProfile ? ["auth_server": withSlash] : [:])
        let answer = try await practice.run("token")
        #expect(answer == Outcome(practice.server.issuedTokens[0] + "\n"))
    }

    @Test("DISC-03: the profile's issuer names another expected value") func expectedIssuer()
        async throws
    {
        let practice = try practice(
            { $0.metadataOverrides = ["issuer": "https://issuer.example"] },
            changing: ["issuer": "https://issuer.example"])
        let answer = try await practice.run("token")
        #expect(answer == Outcome(practice.server.issuedTokens[0] + "\n"))
    }

    @Test(
        "DISC-04: an unsafe server in the profile is refused without any request",
        arguments: [
            Example("plain http", ("auth_server", "http://as.example.invalid")),
            Example("a fragment", ("auth_server", "https://as.example.invalid/#x")),
            Example("a user name", ("auth_server", "https://u@as.example.invalid/")),
            Example("another scheme", ("auth_server", "file:///etc/passwd")),
            Example("plain http for tokens", ("token_endpoint", "http://as.example.invalid/token")),
        ])
    func unsafeProfile(_ row: Example<(String, String)>) async throws {
        let practice = try practice(changing: [row.given.0: .string(row.given.1)])
        try await practice.home.writeProgram("no-curl", "#!/bin/sh\ntouch ~/called\n")
        let answer = try await practice.run(
            "token", with: ["PLANET_CRED_CURL": "\(practice.home.root)/bin/no-curl"])
        #expect(answer.errorParts[0] == "error: cannot use profile 'practice'")
        #expect(answer.errorParts[1].contains("'\(row.given.0)' is not usable: "))
        #expect(answer.end == .exited(78))
        #expect(!practice.home.exists("called"))
    }

    @Test(
        "DISC-04: an unsafe endpoint in the document is refused",
        arguments: ["http://as.example.invalid/token", "https://as.example.invalid/token#x"])
    func unsafeEndpoint(_ url: String) async throws {
        let practice = try practice({ $0.metadataOverrides = ["token_endpoint": .string(url)] })
        let answer = try await practice.run("token")
        #expect(
            answer.errorParts[0]
                == "error: cannot use what '\(practice.server.issuer)' says of itself")
        #expect(answer.errorParts[1].hasPrefix("because: its 'token_endpoint' is not usable: "))
        #expect(answer.end == .exited(69))
        #expect(practice.server.requests.map(\.path) == [Self.openID])
    }

    @Test("DISC-05: unknown members and empty lists do no harm") func oddDocument() async throws {
        let practice = try practice({
            $0.metadataOverrides = [
                "odd": ["a": [1, .null]], "grant_types_supported": [],
                "token_endpoint_auth_methods_supported": nil, "scopes_supported": [],
            ]
        })
        let answer = try await practice.run("token")
        #expect(answer == Outcome(practice.server.issuedTokens[0] + "\n"))
    }

    @Test("DISC-05: a document without a token endpoint is told") func noTokenEndpoint()
        async throws
    {
        let practice = try practice({ $0.metadataOverrides = ["token_endpoint": nil] })
        let answer = try await practice.run("token")
        #expect(
            answer
                == Outcome(
                    errors: """
                        planet-cred: error: cannot get a token for profile 'practice'
                        planet-cred: because: the metadata of '\(practice.server.issuer)' names no 'token_endpoint'
                        planet-cred: try: ${EDITOR:-vi} \(practice.home.path)/.planet/practice/auth_client.json

                        """, status: 78))
    }

    @Test("the profile's own token endpoint needs no discovery") func ownEndpoint() async throws {
        let practice = try practice({ $0.discovery = [] })
        try practice.home.writeProfile(
            for: practice.server,
            changing: ["token_endpoint": .string(practice.server.tokenEndpoint)])
        let answer = try await practice.run("token")
        #expect(answer == Outcome(practice.server.issuedTokens[0] + "\n"))
        #expect(practice.server.requests.map(\.path) == ["/token"])
    }

    @Test("a profile with a token endpoint needs no server") func noServer() async throws {
        let practice = try practice({ $0.discovery = [] })
        try practice.home.writeProfile(
            for: practice.server,
            changing: [
                "auth_server": nil, "token_endpoint": .string(practice.server.tokenEndpoint),
            ])
        let answer = try await practice.run("token")
        #expect(answer == Outcome(practice.server.issuedTokens[0] + "\n"))
    }

    @Test(
        "DISC-06: what is no document is a failure",
        arguments: [
            Example<PracticeServer.Fault.Effect>("a page", .htmlPage),
            Example<PracticeServer.Fault.Effect>("a list", .jsonBytes(Array("[1]".utf8))),
            Example<PracticeServer.Fault.Effect>(
                "a redirect", .redirect(to: "http://127.0.0.1:1/elsewhere")),
        ])
    func noDocument(_ row: Example<PracticeServer.Fault.Effect>) async throws {
        let practice = try practice()
        practice.server.faults = [PracticeServer.Fault(row.given, path: Self.openID)]
        let answer = try await practice.run("token")
        #expect(answer.output == [])
        #expect(
            answer.errorParts[0].hasPrefix("error: cannot read the metadata of 'http://127.0.0.1:"))
        #expect(
            answer.errorParts.last
                == "try: curl -i \(practice.server.issuer)/.well-known/openid-configuration")
        #expect(answer.end == .exited(69))
        #expect(practice.server.requests.count == 1)
    }

    @Test("DISC-06: a document without an end is cut off") func hugeDocument() async throws {
        let practice = try practice()
        practice.server.faults = [
            PracticeServer.Fault(.huge(byteCount: 2 << 20), path: Self.openID)
        ]
        let answer = try await practice.run("token")
        #expect(answer.errors.contains("'\(practice.authority)' sent more than 1 MiB"))
        #expect(answer.end == .exited(75))
        #expect(practice.tokenRequestCount == 0)
    }

    @Test("DISC-06: a cached document serves while the server's own is broken")
    func cachedDocument()
        async throws
    {
        let practice = try practice()
        _ = try await practice.run("token")
        practice.server.faults = [PracticeServer.Fault(.htmlPage, path: Self.openID)]
        let answer = try await practice.run("token", "--rejected")
        #expect(answer == Outcome(practice.server.issuedTokens[1] + "\n"))
    }

    @Test("DISC-08: twenty cold processes ask for the document once", .crowd) func coldProcesses()
        async throws
    {
        let practice = try practice()
        let running = try (0..<20).map { _ in try practice.command(["token"]).start() }
        var answers: [Outcome] = []
        for process in running { answers.append(await process.outcome()) }
        #expect(Set(answers.map(\.text)) == [practice.server.issuedTokens[0] + "\n"])
        #expect(practice.server.requests.map(\.path) == [Self.openID, "/token"])
    }

    @Test("DISC-08: a cached token is served without any request") func warm() async throws {
        let practice = try practice()
        _ = try await practice.run("token")
        practice.server.clearLog()
        _ = try await practice.run("token")
        #expect(practice.server.connectionCount == 0)
    }

    @Test("DISC-08: a renewal is one request, until the endpoint has moved") func moved()
        async throws
    {
        let practice = try practice()
        _ = try await practice.run("token")
        practice.server.clearLog()
        _ = try await practice.run("token", "--rejected")
        #expect(practice.server.requests.map(\.path) == ["/token"])
        practice.server.clearLog()
        practice.server.script("/token", [.status(404)])
        let answer = try await practice.run("token", "--rejected")
        #expect(answer.end == .exited(0))
        #expect(practice.server.requests.map(\.path) == ["/token", Self.openID, "/token"])
    }
}
