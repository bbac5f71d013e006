import PracticeServer
import TestSupport
import Testing

@Suite("Revocation", .inTurn) struct RevocationTests {
    private static let pub = ["--data", "client_id=pub"]

    private func revoke(
        _ server: PracticeServer, _ token: String, as client: [String] = pub
    ) async throws -> Curl {
        try await Curl.run([server.revocationEndpoint, "--data", "token=\(token)"] + client)
    }

    @Test("a refresh token ends all that came from its login") func refreshToken() async throws {
        let server = try PracticeServer()
        let session = try server.issueSession()
        let other = try server.issueSession()
        let renewed = try await Curl.run(
            server.tokenEndpoint, "--data",
            "grant_type=refresh_token&client_id=pub&refresh_token=\(session.refreshToken)")
        let refreshToken = try #require(renewed.json["refresh_token"] as? String)
        let answer = try await revoke(
            server, refreshToken, as: Self.pub + ["--data", "token_type_hint=refresh_token"])
        #expect(answer.status == 200)
        #expect(answer.text.isEmpty)
        #expect(!server.acceptsRefresh(refreshToken))
        #expect(!server.accepts(session.accessToken))
        #expect(!server.accepts(try #require(renewed.json["access_token"] as? String)))
        #expect(server.acceptsRefresh(other.refreshToken))
        #expect(server.accepts(other.accessToken))
    }

    @Test("an access token ends alone") func accessToken() async throws {
        let server = try PracticeServer()
        let session = try server.issueSession()
        #expect(try await revoke(server, session.accessToken).status == 200)
        #expect(!server.accepts(session.accessToken))
        #expect(server.acceptsRefresh(session.refreshToken))
    }

    @Test("an unknown token is as good as revoked, an API key is no token") func unknown()
        async throws
    {
        let server = try PracticeServer()
        #expect(try await revoke(server, "x").status == 200)
        #expect(try await revoke(server, "practice-api-key").status == 200)
        #expect(server.accepts("practice-api-key"))
    }

    @Test(
        "a request that breaks a rule revokes nothing",
        arguments: [
            Row("another client", ["--user", "web:web-secret"], "unauthorized_client"),
            Row("a wrong secret", ["--user", "web:x"], "invalid_client"),
            Row("no client", [], "invalid_client"),
            Row("a token twice", pub + ["--data", "token=x"], "invalid_request"),
            Row("a query", pub + ["--url-query", "a=b"], "invalid_request"),
        ])
    func wrong(_ row: Row<[String], String>) async throws {
        let server = try PracticeServer()
        let session = try server.issueSession()
        let answer = try await revoke(server, session.refreshToken, as: row.given)
        #expect(answer.json["error"] as? String == row.wanted)
        #expect(server.acceptsRefresh(session.refreshToken))
        #expect(server.accepts(session.accessToken))
    }

    @Test("a token must be named") func withoutToken() async throws {
        let server = try PracticeServer()
        #expect(try await revoke(server, "").json["error"] as? String == "invalid_request")
        #expect(try await Curl.run(server.revocationEndpoint).status == 405)
    }
}
