import CredCore
import CredOAuth
import TestSupport
import Testing

@Suite("Token inquiry") struct TokenInquiryTests {
    @Test("INTR-01: a token is posted as a form, with who asks")
    func request() throws {
        let server = ScriptedServer(.status(200, #"{"active":true,"scope":"a"}"#))
        let result = try introspect(server)
        let request = try #require(server.requests.first)
        #expect(result == .success(.active(["active": .bool(true), "scope": .string("a")])))
        #expect(request.method == .post)
        #expect(request.headers == [.acceptJSON, .formContent])
        #expect(
            request.fields == [
                FormField("token", "TOKEN"), FormField("token_type_hint", "access_token"),
                FormField("client_id", "id"), FormField("client_secret", "SECRET"),
            ])
        #expect(request.certificateAuthorityFile == "/ca.pem")
    }

    @Test(
        "INTR-01: only 'active' says that a token is good, whatever else is there",
        arguments: [
            Row("not active", .status(200, #"{"active":false}"#), .success(.inactive)),
            Row(
                "not active, with all that a good one has",
                .status(200, #"{"active":false,"exp":9999999999,"scope":"a","sub":"m"}"#),
                .success(.inactive)),
            Row("a word", .status(200, #"{"active":"true"}"#), .unusable(noActive)),
            Row("a number", .status(200, #"{"active":1}"#), .unusable(noActive)),
            Row("nothing", .status(200, "{}"), .unusable(noActive)),
            Row(
                "a page", .status(200, "<html>"),
                .unusable(
                    "'https://as.example/introspect' answered with a web page; the network may require you to log in first"
                )),
            Row(
                "not for this client", .status(403, #"{"error":"access_denied"}"#),
                .rejected(
                    OAuthRejection(
                        status: 403, code: "access_denied", explanation: nil, sent: .none))),
            Row(
                "nothing there", .status(404),
                .endpointMissing(
                    .notFound(OAuthRejection(status: 404)))),
            Row(
                "busy", .status(500),
                .busy("the server answered with HTTP status 500", retryAfter: nil)),
            Row("down", .unreachable("refused"), .busy("refused", retryAfter: nil)),
            Row(
                "no TLS", .impossible(Failure(.unavailable, "no TLS")),
                .failed(Failure(.unavailable, "no TLS"))),
        ] as [Row<TransportResult, EndpointResult<TokenInquiry.Opinion>>])
    func introspection(_ row: Row<TransportResult, EndpointResult<TokenInquiry.Opinion>>) throws {
        #expect(try introspect(ScriptedServer(row.given)) == row.wanted)
    }

    @Test("BEAR-01: a token is shown in the header, and nowhere else")
    func show() throws {
        let server = ScriptedServer(.status(200, #"{"sub":"m"}"#))
        #expect(try show(server) == .success(.active(["sub": .string("m")])))
        let request = try #require(server.requests.first)
        #expect(request.method == .get)
        #expect(request.url.description == "https://as.example/userinfo")
        #expect(request.values(of: "authorization") == ["Bearer TOKEN"])
        #expect(request.body == nil)
    }

    @Test(
        "a token that is shown and not taken is not active",
        arguments: [
            Row("not taken", .status(401, "no"), .success(.inactive)),
            Row(
                "not enough", .status(403, #"{"error":"insufficient_scope"}"#),
                .rejected(
                    OAuthRejection(
                        status: 403, code: "insufficient_scope", explanation: nil, sent: .none))
            ),
            Row(
                "not taken, by the answer", .status(200, #"{"error":"invalid_token"}"#),
                .success(.inactive)),
            Row(
                "an error, by the answer", .status(200, #"{"error":"access_denied","sub":"m"}"#),
                .rejected(
                    OAuthRejection(
                        status: 200, code: "access_denied", explanation: nil, sent: .none))),
            Row("no error", .status(200, #"{"error":null}"#), .success(.active(["error": .null]))),
            Row(
                "a signed answer", .status(200, "eyJ.eyJ.x"),
                .unusable("the server's answer is not a JSON object")),
        ] as [Row<TransportResult, EndpointResult<TokenInquiry.Opinion>>])
    func shown(_ row: Row<TransportResult, EndpointResult<TokenInquiry.Opinion>>) throws {
        #expect(try show(ScriptedServer(row.given)) == row.wanted)
    }

    private static let noActive = "the server's answer has no boolean 'active'"

    private func introspect(_ server: ScriptedServer) throws -> EndpointResult<TokenInquiry.Opinion>
    {
        TokenInquiry.introspect(
            Secret("TOKEN"), as: .secret(id: "id", Secret("SECRET"), .post),
            at: try WebURL("https://as.example/introspect"), certificateAuthorityFile: "/ca.pem",
            world: server.world, timeLimit: 1)
    }

    private func show(_ server: ScriptedServer) throws -> EndpointResult<TokenInquiry.Opinion> {
        TokenInquiry.show(
            try #require(Authorization(scheme: "Bearer", credential: "TOKEN")),
            at: try WebURL("https://as.example/userinfo"), certificateAuthorityFile: nil,
            world: server.world, timeLimit: 1)
    }
}
