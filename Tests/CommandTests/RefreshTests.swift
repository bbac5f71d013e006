import Glibc
import PracticeServer
import TestSupport
import Testing

@Suite("Renewal of a person's session") struct RefreshTests {
    @Test("REF-01, REF-02: a spent token is refreshed, and the next refresh token is kept")
    func rotates() async throws {
        let session = try PersonalSession()
        let answer = try await session.run("token")
        #expect(answer == Outcome(session.server.issuedTokens[1] + "\n"))
        let form = try #require(session.server.requests.last)
        #expect(form.field("grant_type") == "refresh_token")
        #expect(form.field("refresh_token") == session.refreshToken)
        #expect(form.field("client_id") == "pub")
        #expect(form.field("scope") == nil)
        let kept = try session.keptRefreshToken()
        #expect(kept != session.refreshToken)
        #expect(session.server.acceptsRefresh(kept))
        #expect(try session.folder().sorted() == ["auth_client.json", "token.json", "token.lock"])
    }

    @Test("REF-03: an answer without a refresh token keeps the old one") func keeps() async throws {
        let session = try PersonalSession(.with { $0.refreshTokens = .keep })
        #expect(try await session.run("token").end == .exited(0))
        #expect(try session.keptRefreshToken() == session.refreshToken)
    }

    @Test(
        "REF-04: any number of processes with one spent token refresh it once",
        arguments: [2, 8, 64])
    func crowd(_ count: Int) async throws {
        let session = try PersonalSession()
        session.server.faults = [.latency(milliseconds: 150, path: "/token")]
        let answers = try await session.crowd(count)
        #expect(Set(answers.map(\.text)) == [session.server.issuedTokens[1] + "\n"])
        #expect(session.server.requestCount("/token") == 1)
        #expect(session.server.acceptsRefresh(try session.keptRefreshToken()))
    }

    @Test("REF-06: a refresh token that another tool left meanwhile is taken after a refusal")
    func adopts() async throws {
        let session = try PersonalSession()
        let other = try session.server.issueSession()
        session.server.faults = [
            PracticeServer.Fault(
                .oauthError("invalid_grant"), path: "/token", times: 1, latencyMilliseconds: 1000)
        ]
        let command = try session.command(["token"]).start()
        try await session.untilRequested()
        try session.write(access: "expired", refresh: other.refreshToken, expiresIn: -10)
        let answer = await command.outcome()
        #expect(answer.end == .exited(0))
        #expect(session.server.requestCount("/token") == 2)
    }

    @Test("REF-07: a refused refresh token is not tried again, and the next login is named")
    func remembers() async throws {
        let session = try PersonalSession()
        session.server.faults = [PracticeServer.Fault(.oauthError("invalid_grant"), path: "/token")]
        let first = try await session.run("token")
        #expect(first.end == .exited(77))
        #expect(first.errorParts.last == "try: planet-cred login person")
        let others = try await session.crowd(10)
        #expect(Set(others.map(\.end)) == [.exited(77)])
        #expect(session.server.requestCount("/token") == 1)
        #expect(try session.keptRefreshToken() == session.refreshToken)
    }

    @Test("REF-08: a token that is still accepted is handed out while the server is down")
    func alive() async throws {
        let session = try PersonalSession(expiresIn: 40)
        session.server.faults = [PracticeServer.Fault(.status(500), path: "/token")]
        let answer = try await session.run("token")
        #expect(answer.text == session.accessToken + "\n")
        #expect(answer.errors.contains("using a token that is good for"))
    }

    @Test("REF-09: no spent token is printed while the server is down") func dead() async throws {
        let session = try PersonalSession()
        session.server.faults = [PracticeServer.Fault(.status(500), path: "/token")]
        let answer = try await session.run("token")
        #expect(answer.output.isEmpty)
        #expect(answer.end == .exited(75))
    }

    @Test("REF-10: a refresh token is not sent to the server of an edited profile")
    func edited() async throws {
        let session = try PersonalSession()
        #expect(try await session.run("token").end == .exited(0))
        let other = try PracticeServer()
        try session.writeProfile(for: other)
        #expect(try await session.run("token").end == .exited(77))
        #expect(other.requests.isEmpty)
    }

    @Test("the answer of a refresh whose process was killed is found by the next one")
    func killed() async throws {
        let session = try PersonalSession()
        session.server.faults = [.latency(milliseconds: 1000, path: "/token")]
        let command = try session.command(["token"]).start()
        try await session.untilRequested()
        command.signal(SIGKILL)
        let end = await command.outcome().end
        #expect(end == .killed(signal: SIGKILL))
        let answer = try await session.run("token")
        #expect(answer == Outcome(session.server.issuedTokens[1] + "\n"))
        #expect(session.server.requestCount("/token") == 1)
        #expect(session.server.acceptsRefresh(try session.keptRefreshToken()))
    }

    @Test("Ctrl-C during a refresh loses nothing") func interrupted() async throws {
        let session = try PersonalSession()
        session.server.faults = [.latency(milliseconds: 1000, path: "/token")]
        let command = try session.command(["token"]).start()
        try await session.untilRequested()
        kill(-command.processID, SIGINT)
        command.signal(SIGINT)
        let end = await command.outcome().end
        #expect(end == .killed(signal: SIGINT))
        #expect(try await session.run("token").end == .exited(0))
        #expect(session.server.requestCount("/token") == 1)
    }

    @Test("a folder that takes no file keeps the refresh token unspent") func readOnly()
        async throws
    {
        let session = try PersonalSession()
        let answer = try await session.asNobodyInReadOnlyHome("token")
        #expect(answer.end == .exited(1))
        #expect(answer.errors.contains("nothing was sent to the server"))
        #expect(session.server.requests.isEmpty)
    }
}
