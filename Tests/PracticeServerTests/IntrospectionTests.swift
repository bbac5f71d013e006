import PracticeServer
import TestSupport
import Testing

@Suite("Introspection and userinfo", .inTurn) struct IntrospectionTests {
    private func introspect(
        _ server: PracticeServer, _ token: String, as client: String = "web:web-secret"
    ) async throws -> Curl {
        try await Curl.run(
            server.introspectionEndpoint, "--user", client, "--data", "token=\(token)")
    }

    @Test("a good access token is active, and described") func accessToken() async throws {
        let server = try PracticeServer()
        let session = try server.issueSession(scope: "openid a")
        let answer = try await introspect(server, session.accessToken).json
        #expect(answer["active"] as? Bool == true)
        #expect(answer["client_id"] as? String == "pub")
        #expect(answer["sub"] as? String == "alice")
        #expect(answer["scope"] as? String == "openid a")
        let issuedAt = try #require(answer["iat"] as? Int)
        #expect(answer["exp"] as? Int == issuedAt + 3600)
    }

    @Test("a token of a client stands for the client") func client() async throws {
        let server = try PracticeServer()
        let answer = try await introspect(server, server.issueToken()).json
        #expect(answer["sub"] as? String == "m2m")
        #expect(answer["scope"] == nil)
    }

    @Test("a refresh token is active until it is spent") func refreshToken() async throws {
        let server = try PracticeServer()
        let token = try server.issueSession().refreshToken
        #expect(try await introspect(server, token).json["active"] as? Bool == true)
        _ = try await Curl.run(
            server.tokenEndpoint, "--data",
            "grant_type=refresh_token&client_id=pub&refresh_token=\(token)")
        #expect(try await introspect(server, token).text == #"{"active":false}"#)
    }

    @Test("of a token that is not good nothing is told") func inactive() async throws {
        let server = try PracticeServer()
        let revoked = try server.issueToken()
        server.revoke(revoked)
        let expired = try server.issueToken()
        server.advanceClock(bySeconds: 3600)
        let answers = [
            try await introspect(server, revoked).text, try await introspect(server, expired).text,
            try await introspect(server, "practice-api-key").text,
        ]
        #expect(Set(answers) == [#"{"active":false}"#])
    }

    @Test("only clients may ask") func authentication() async throws {
        let server = try PracticeServer()
        let answer = try await introspect(server, server.issueToken(), as: "web:x")
        #expect(answer.status == 401)
        #expect(try await introspect(server, "").json["error"] as? String == "invalid_request")
    }

    @Test("a person's token tells who the person is", arguments: ["GET", "POST"])
    func userinfo(_ method: String) async throws {
        let server = try PracticeServer()
        let token = try server.issueSession(scope: "openid").accessToken
        let answer = try await Curl.run(
            server.userinfoEndpoint, "--request", method, "--header",
            "Authorization: Bearer \(token)")
        #expect(answer.text == #"{"sub":"alice","email":"alice@example.com"}"#)
    }

    @Test(
        "other credentials tell nothing",
        arguments: [
            Row("none", "X: y", #"Bearer realm="practice""#),
            Row("an API key", "Authorization: api-key practice-api-key", invalid),
            Row("another scheme", "Authorization: Basic eDpUT0tFTg==", invalid),
            Row("an unknown token", "Authorization: Bearer x", invalid),
            Row(
                "a token of the client", "Authorization: Bearer TOKEN",
                #"Bearer realm="practice", error="insufficient_scope""#),
        ])
    func noUserinfo(_ row: Row<String, String>) async throws {
        let server = try PracticeServer()
        let header = row.given.replacing("TOKEN", with: try server.issueToken())
        let answer = try await Curl.run(server.userinfoEndpoint, "--header", header)
        #expect(answer.values(of: "WWW-Authenticate") == [row.wanted])
        #expect(answer.json.isEmpty)
    }

    private static let invalid = #"Bearer realm="practice", error="invalid_token""#
}
