import CredCore
import CredOAuth
import TestSupport
import Testing

@Suite("Revocation") struct RevocationTests {
    @Test(
        "REV-01: a token is posted as a form, with what kind it is and who sends it",
        arguments: [
            Row("a refresh token", .refreshToken, "refresh_token"),
            Row("an access token", .accessToken, "access_token"),
        ] as [Row<Revocation.TokenKind, String>])
    func request(_ row: Row<Revocation.TokenKind, String>) throws {
        let server = ScriptedServer(.status(200))
        #expect(try revoke(server, row.given, .identifier("id")) == .success(.revoked))
        let request = try #require(server.requests.first)
        #expect(request.method == .post)
        #expect(request.url.description == "https://as.example/revoke")
        #expect(request.headers == [.acceptJSON, .formContent])
        #expect(
            request.fields == [
                FormField("token", "t k&n"), FormField("token_type_hint", row.wanted),
                FormField("client_id", "id"),
            ])
        #expect(request.certificateAuthorityFile == "/ca.pem")
        #expect(server.happened.timeLimits == [1234])
    }

    @Test("REV-01: a client with a secret proves itself as at the token endpoint")
    func proof() throws {
        let server = ScriptedServer(.status(200))
        _ = try revoke(server, .refreshToken, .secret(id: "Aladdin", Secret("open"), .basic))
        let request = try #require(server.requests.first)
        #expect(request.values(of: "authorization") == ["Basic QWxhZGRpbjpvcGVu"])
        #expect(request.fields?.contains { $0.name.hasPrefix("client") } == false)
    }

    private static let answers: [Row<TransportResult, EndpointResult<Revocation.Effect>>] = [
        Row("done", .status(200), .success(.revoked)),
        Row("done, with a body that nobody reads", .status(200, "<html>"), .success(.revoked)),
        Row("done without a body", .status(204), .success(.revoked)),
        Row(
            "busy", .status(503), .busy("the server answered with HTTP status 503", retryAfter: nil)
        ),
        Row(
            "busy for a while",
            .status(503, headers: "Retry-After: 3\r\n"),
            .busy("the server answered with HTTP status 503", retryAfter: 3)),
        Row(
            "in trouble, with words that may hold the token",
            .status(400, #"{"error":"server_error","error_description":"t k&n"}"#),
            .busy("the server answered 'server_error'", retryAfter: nil)),
        Row("down", .unreachable("refused"), .busy("refused", retryAfter: nil)),
        Row("broken off", .interrupted("reset"), .busy("reset", retryAfter: nil)),
        Row(
            "no TLS", .impossible(Failure(.unavailable, "no TLS")),
            .failed(Failure(.unavailable, "no TLS"))),
    ]

    private static let refusals: [Row<TransportResult, EndpointResult<Revocation.Effect>>] = [
        Row(
            "a kind that it does not revoke", .status(400, #"{"error":"unsupported_token_type"}"#),
            .rejected(rejection(400, "unsupported_token_type"))),
        Row(
            "a client that it does not know", .status(401, #"{"error":"invalid_client"}"#),
            .rejected(rejection(401, "invalid_client"))),
        Row("no reason", .status(403, "no"), .rejected(rejection(403, nil))),
        Row("elsewhere", .status(302), .rejected(rejection(302, nil))),
        Row("nothing there", .status(404), .endpointMissing(.notFound(rejection(404, nil)))),
        Row("no such method", .status(405), .endpointMissing(.notFound(rejection(405, nil)))),
        Row(
            "a page that an endpoint cannot find", .status(404, #"{"error":"invalid_request"}"#),
            .rejected(rejection(404, "invalid_request"))),
    ]

    @Test(
        "REV-01: REV-02: what the server makes of it is told",
        arguments: Self.answers + Self.refusals)
    func outcomes(_ row: Row<TransportResult, EndpointResult<Revocation.Effect>>) throws {
        #expect(
            try revoke(ScriptedServer(row.given), .accessToken, .identifier("id")) == row.wanted)
    }

    @Test("SEC-04: the token does not reach the trace")
    func trace() throws {
        let server = ScriptedServer(.status(200))
        _ = try revoke(server, .refreshToken, .identifier("id"))
        #expect(
            server.happened.trace == [
                .request(method: "POST", url: "https://as.example/revoke"),
                .response(status: 200, milliseconds: 0),
            ])
    }

    private static func rejection(_ status: Int, _ code: String?) -> OAuthRejection {
        OAuthRejection(status: status, code: code, explanation: nil, sent: .none)
    }

    private func revoke(
        _ server: ScriptedServer, _ kind: Revocation.TokenKind, _ client: ClientCredential
    ) throws -> EndpointResult<Revocation.Effect> {
        Revocation.revoke(
            Secret("t k&n"), kind, as: client, at: try WebURL("https://as.example/revoke"),
            certificateAuthorityFile: "/ca.pem", world: server.world, timeLimit: 1234)
    }
}
