import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("A person's session while the server is down", .inTurn) struct RefreshOutageTests {
    @Test("REF-08: a token that is still accepted is handed out, with a word")
    func alive() async throws {
        let session = try PersonalSession(expiresIn: 55)
        session.server.faults = [PracticeServer.Fault(.status(500), path: "/token")]
        let answer = try await session.run("token")
        #expect(answer.text == session.accessToken + "\n")
        #expect(answer.end == .exited(0))
        #expect(
            answer.errors.hasPrefix("planet-cred: warning: using a token that is good for "))
        #expect(try session.isAlive())
    }

    @Test("REF-09: no spent token is printed, and the login is kept")
    func dead() async throws {
        let session = try PersonalSession()
        session.server.faults = [PracticeServer.Fault(.status(500), path: "/token")]
        let answer = try await session.run("token")
        #expect(answer.output.isEmpty)
        #expect(answer.end == .exited(75))
        #expect(try session.isAlive())
    }

    @Test("an answer that is lost before the server acted is asked for once more")
    func lostRequest() async throws {
        let session = try PersonalSession()
        session.server.script("/token", [.reset(.beforeActing)])
        #expect(
            try await session.run("token") == Outcome(session.server.issuedTokens[1] + "\n"))
        #expect(session.server.requestCount("/token") == 2)
    }

    @Test("an answer that is lost after the server acted ends with the login to run")
    func lostAnswer() async throws {
        let session = try PersonalSession()
        session.server.script("/token", [.reset(.afterActing)])
        let answer = try await session.run("token")
        #expect(answer.end == .exited(77))
        #expect(answer.errorParts.last == "try: planet-cred login person")
        #expect(session.server.requestCount("/token") == 2)
    }

    @Test("a server that is busy is asked twice, and then left alone by all") func busy()
        async throws
    {
        let session = try PersonalSession()
        session.server.faults = [
            PracticeServer.Fault(.status(429, headers: ["Retry-After": "600"]), path: "/token")
        ]
        let answers = try await session.crowd(8)
        #expect(Set(answers.map(\.end)) == [.exited(75)])
        #expect(session.server.requestCount("/token") == 1)
    }
}
