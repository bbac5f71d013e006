import PracticeServer
import TestSupport
import Testing

@Suite("Refresh tokens", .inTurn) struct RefreshTests {
    private func refresh(
        _ server: PracticeServer, _ token: String, _ more: String = ""
    ) async throws -> Curl {
        try await Curl.run(
            server.tokenEndpoint, "--data",
            "grant_type=refresh_token&client_id=pub&refresh_token=\(token)\(more)")
    }

    @Test("a refresh token can be used once, and brings the next") func rotation() async throws {
        let server = try PracticeServer()
        let session = try server.issueSession(scope: "a b")
        let answer = try await refresh(server, session.refreshToken)
        let next = try #require(answer.json["refresh_token"] as? String)
        #expect(answer.json["scope"] as? String == "a b")
        #expect(answer.json["refresh_expires_in"] == nil)
        #expect(server.acceptsRefresh(next))
        #expect(!server.acceptsRefresh(session.refreshToken))
        #expect(
            try await refresh(server, session.refreshToken).json["error"] as? String
                == "invalid_grant")
        #expect(!server.acceptsRefresh(next))
    }

    @Test("a refresh token that is kept can be used often") func kept() async throws {
        var configuration = PracticeServer.Configuration()
        configuration.refreshTokens = .keep
        let server = try PracticeServer(configuration)
        let session = try server.issueSession()
        let answers = [
            try await refresh(server, session.refreshToken),
            try await refresh(server, session.refreshToken),
        ]
        #expect(answers.map(\.status) == [200, 200])
        #expect(answers[0].json["refresh_token"] == nil)
    }

    @Test("a refresh may ask for less than was granted, not for more") func scope() async throws {
        let server = try PracticeServer()
        let session = try server.issueSession(scope: "a b")
        let more = try await refresh(server, session.refreshToken, "&scope=a+c")
        #expect(more.json["error"] as? String == "invalid_scope")
        let less = try await refresh(server, session.refreshToken, "&scope=b")
        #expect(less.json["scope"] as? String == "b")
        let whole = try await refresh(server, less.json["refresh_token"] as? String ?? "")
        #expect(whole.json["scope"] as? String == "a b")
    }

    @Test("a refresh token ends with its lifetime, which the answer tells") func lifetime()
        async throws
    {
        var configuration = PracticeServer.Configuration()
        configuration.refreshTokenLifetime = 1800
        let server = try PracticeServer(configuration)
        let answer = try await refresh(server, try server.issueSession().refreshToken)
        #expect(answer.json["refresh_expires_in"] as? Int == 1800)
        let next = try #require(answer.json["refresh_token"] as? String)
        server.advanceClock(bySeconds: 1000)
        #expect(server.acceptsRefresh(next))
        server.advanceClock(bySeconds: 800)
        #expect(try await refresh(server, next).json["error"] as? String == "invalid_grant")
    }

    @Test("a refresh token is its client's own") func otherClient() async throws {
        let server = try PracticeServer()
        let session = try server.issueSession(to: "m2m")
        #expect(
            try await refresh(server, session.refreshToken).json["error"] as? String
                == "invalid_grant")
        #expect(server.acceptsRefresh(session.refreshToken))
    }
}
