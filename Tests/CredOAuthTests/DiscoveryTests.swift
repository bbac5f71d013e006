import CredCore
import CredOAuth
import TestSupport
import Testing

@Suite("Discovery") struct DiscoveryTests {
    private static let metadata =
        #"{"issuer":"https://as.example/t1","token_endpoint":"#
        + #""https://as.example/token"}"#

    @Test(
        "DISC-01: DISC-02: the metadata is looked for in OpenID's place, then in RFC 8414's",
        arguments: [
            Row(
                "a path", "https://as.example/t1",
                [
                    "https://as.example/t1/.well-known/openid-configuration",
                    "https://as.example/.well-known/oauth-authorization-server/t1",
                ]),
            Row(
                "a path with a slash", "https://as.example/t1/",
                [
                    "https://as.example/t1/.well-known/openid-configuration",
                    "https://as.example/.well-known/oauth-authorization-server/t1",
                ]),
            Row(
                "no path", "https://as.example",
                [
                    "https://as.example/.well-known/openid-configuration",
                    "https://as.example/.well-known/oauth-authorization-server",
                ]),
            Row(
                "a slash alone", "https://as.example/",
                [
                    "https://as.example/.well-known/openid-configuration",
                    "https://as.example/.well-known/oauth-authorization-server",
                ]),
            Row(
                "a port and a long path", "https://as.example:8443/auth/realms/main",
                [
                    "https://as.example:8443/auth/realms/main/.well-known/openid-configuration",
                    "https://as.example:8443/.well-known/oauth-authorization-server"
                        + "/auth/realms/main",
                ]),
        ])
    func locations(_ row: Row<String, [String]>) throws {
        let locations = Discovery.locations(of: try WebURL(row.given))
        #expect(locations.map(\.description) == row.wanted)
    }

    @Test("DISC-01: metadata in the first place costs one request")
    func first() throws {
        let server = ScriptedServer(.status(200, Self.metadata))
        let metadata = try #require(run(server).value)
        #expect(metadata.endpoints[.token]?.description == "https://as.example/token")
        #expect(server.asked == ["https://as.example/t1/.well-known/openid-configuration"])
    }

    @Test("a request for metadata is a GET that wants JSON, proves nothing and has its time limit")
    func request() throws {
        let server = ScriptedServer(.status(200, Self.metadata))
        _ = run(server)
        let request = try #require(server.requests.first)
        #expect(request.method == .get)
        #expect(request.headers == [.acceptJSON])
        #expect(request.body == nil)
        #expect(request.certificateAuthorityFile == "/ca.pem")
        #expect(server.happened.timeLimits == [1234])
    }

    @Test(
        "DISC-02: where the first place has nothing the second is asked",
        arguments: [Example("nothing", 404), Example("no entry", 403), Example("no GET", 405)])
    func second(_ example: Example<Int>) throws {
        let server = ScriptedServer(.status(example.given), .status(200, Self.metadata))
        #expect(run(server).value != nil)
        #expect(
            server.asked == [
                "https://as.example/t1/.well-known/openid-configuration",
                "https://as.example/.well-known/oauth-authorization-server/t1",
            ])
    }

    @Test("DISC-02: without metadata in either place the failure names both and their answers")
    func nowhere() throws {
        let server = ScriptedServer(.status(404), .status(410))
        guard case .endpointMissing(.unnamed(let because)) = run(server) else {
            Issue.record("metadata was found where there is none")
            return
        }
        #expect(
            because.contains("t1/.well-known/openid-configuration' answered with HTTP status 404"))
        #expect(
            because.contains(
                ".well-known/oauth-authorization-server/t1' answered with HTTP status 410"))
        #expect(server.requests.count == 2)
    }

    @Test(
        "DISC-04: an issuer that may be told no secret is asked nothing",
        arguments: [
            Example("plain http", "http://as.example"),
            Example("a fragment", "https://as.example/#t1"),
            Example("a user name", "https://as.example@evil.example/"),
            Example("another scheme", "ftp://as.example"), Example("nothing", ""),
        ])
    func unsafeIssuer(_ example: Example<String>) throws {
        let server = ScriptedServer()
        let result = Discovery.run(
            AuthorizationServer(issuer: example.given), sent: .none, world: server.world,
            deadline: 1000)
        #expect(try #require(result.failure).kind == .profile)
        #expect(server.requests.isEmpty)
    }

    @Test("DISC-04: plain http on loopback is asked")
    func loopback() throws {
        let server = ScriptedServer(.status(200, #"{"issuer":"http://127.0.0.1:8080"}"#))
        let result = Discovery.run(
            AuthorizationServer(issuer: "http://127.0.0.1:8080"), sent: .none, world: server.world,
            deadline: 1000)
        #expect(result.value != nil)
    }

    @Test(
        "DISC-06: an answer that is no metadata is refused, and nobody else is asked",
        arguments: [
            Example("a page of a captive portal", "<!doctype html><p>Welcome"),
            Example("nothing", ""), Example("a list", "[]"),
            Example("half an object", "{\"issuer\""),
            Example("no issuer", "{}"),
            Example("an issuer that is no text", #"{"issuer":["https://as.example/t1"]}"#),
        ])
    func noMetadata(_ example: Example<String>) throws {
        let server = ScriptedServer(.status(200, example.given))
        #expect(try #require(run(server).failure).kind == .unavailable)
        #expect(server.requests.count == 1)
    }

    @Test(
        "DISC-06: who is answered so can paste how to look at it",
        arguments: [
            Row(
                "a page", TransportResult.status(200, "<!doctype html><p>Welcome"),
                "'https://as.example/t1/.well-known/openid-configuration' answered with a web page"),
            Row("half an object", .status(200, "{"), "line 1"),
            Row("a list", .status(200, "[]"), "it is not a JSON object"),
            Row("another issuer", .status(200, #"{"issuer":"https://evil.example"}"#), "'issuer'"),
            Row("elsewhere", .status(302), "it redirects"),
        ])
    func look(_ row: Row<TransportResult, String>) throws {
        let failure = try #require(run(ScriptedServer(row.given)).failure)
        #expect(failure.because?.contains(row.wanted) == true)
        #expect(
            failure.remedy
                == "curl -i --cacert /ca.pem https://as.example/t1/.well-known/openid-configuration"
        )
    }

    @Test(
        "DISC-06: a redirect is not followed",
        arguments: [Example("301", 301), Example("302", 302), Example("307", 307)])
    func redirect(_ example: Example<Int>) throws {
        let answer = HTTPResponse.text(example.given, "Location: https://evil.example/\r\n")
        let server = ScriptedServer(.answered(try #require(answer)))
        #expect(try #require(run(server).failure).kind == .unavailable)
        #expect(server.requests.count == 1)
    }

    @Test(
        "a server in trouble is worth another try, when it says",
        arguments: [
            Row("too many requests", .text(429, "Retry-After: 7\r\n"), 7),
            Row("down", .text(503), nil), Row("broken", .text(500), nil),
        ] as [Row<HTTPResponse?, Seconds?>])
    func busy(_ row: Row<HTTPResponse?, Seconds?>) throws {
        let server = ScriptedServer(.answered(try #require(row.given)))
        guard case .busy(_, let retryAfter) = run(server) else {
            Issue.record("not busy")
            return
        }
        #expect(retryAfter == row.wanted)
        #expect(server.requests.count == 1)
    }

    @Test(
        "a connection that fails is worth another try",
        arguments: [
            Row("not made", TransportResult.unreachable("refused"), "refused"),
            Row("broken", TransportResult.interrupted("reset"), "reset"),
        ])
    func unreachable(_ row: Row<TransportResult, String>) {
        guard case .busy(let reason, nil) = run(ScriptedServer(row.given)) else {
            Issue.record("not busy")
            return
        }
        #expect(reason == row.wanted)
    }

    @Test("what cannot be sent at all is told as it is")
    func impossible() {
        let failure = Failure(.unavailable, "no curl")
        #expect(run(ScriptedServer(.impossible(failure))).failure == failure)
    }

    private func run(_ server: ScriptedServer, for wanted: [ServerEndpoint] = [])
        -> EndpointResult<ServerMetadata>
    {
        Discovery.run(
            AuthorizationServer(
                issuer: "https://as.example/t1", certificateAuthorityFile: "/ca.pem"),
            for: wanted, sent: .none, world: server.world, deadline: 1234)
    }

    private static func document(_ members: String) -> TransportResult {
        .status(200, #"{"issuer":"https://as.example/t1"\#(members)}"#)
    }

    private static let token = #","token_endpoint":"https://as.example/token""#
    private static let revocation = #","revocation_endpoint":"https://as.example/revoke""#

    @Test("USE-37: an endpoint that the first document lacks is taken from the second")
    func bothDocuments() throws {
        let server = ScriptedServer(
            Self.document(Self.token + #","revocation_endpoint":null"#),
            Self.document(#","token_endpoint":"https://as.example/other""# + Self.revocation))
        let metadata = try #require(run(server, for: [.revocation]).value)
        #expect(server.requests.count == 2)
        #expect(metadata.endpoints[.token]?.description == "https://as.example/token")
        #expect(metadata.endpoints[.revocation]?.description == "https://as.example/revoke")
        #expect(metadata.document["revocation_endpoint"] == .string("https://as.example/revoke"))
    }

    @Test("USE-37: the second document is not asked for while nothing is missing")
    func oneDocument() {
        let server = ScriptedServer(Self.document(Self.token), Self.document(Self.revocation))
        #expect(run(server, for: [.token]).value != nil)
        #expect(server.requests.count == 1)
    }

    @Test(
        "USE-37: whatever is wrong with the second document, the first one is used",
        arguments: [
            Example("none", .status(404)), Example("down", .status(503)),
            Example("another issuer", .status(200, #"{"issuer":"https://evil.example"}"#)),
            Example("a page", .status(200, "<html>")), Example("gone", .unreachable("no")),
            Example("no https", document(#","revocation_endpoint":"http://as.example/r""#)),
        ] as [Example<TransportResult>])
    func badSecond(_ example: Example<TransportResult>) throws {
        let server = ScriptedServer(Self.document(Self.token), example.given)
        let metadata = try #require(run(server, for: [.revocation]).value)
        #expect(metadata.endpoints[.token] != nil)
        #expect(metadata.endpoints[.revocation] == nil)
    }

    @Test("USE-37: a server with the second document alone is asked twice, not three times")
    func onlySecond() {
        let server = ScriptedServer(.status(404), Self.document(Self.token), .status(404))
        #expect(run(server, for: [.revocation]).value != nil)
        #expect(server.requests.count == 2)
    }
}
