import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("Many processes and one refresh token", .inTurn) struct RefreshCrowdTests {
    @Test(
        "REF-04: processes that find one spent token refresh it once, and all get the new one",
        .crowd,
        arguments: [2, 8, 64])
    func crowd(_ count: Int) async throws {
        let session = try PersonalSession()
        session.server.faults = [.latency(milliseconds: 150, path: "/token")]
        var answers: [Set<Outcome.Line>] = []
        var wanted: [Set<Outcome.Line>] = []
        for _ in 0..<3 {
            let outcomes = try await session.crowd(count)
            answers.append(Set(outcomes.map(Outcome.Line.init)))
            wanted.append([.init(session.server.issuedTokens.last ?? "", .exited(0))])
            try session.spend()
        }
        #expect(answers == wanted)
        #expect(session.server.requestCount("/token") == 3)
        #expect(try session.isAlive())
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

    @Test("REF-07: a refused refresh token is not tried again by anybody") func refused()
        async throws
    {
        let session = try PersonalSession()
        session.server.faults = [PracticeServer.Fault(.oauthError("invalid_grant"), path: "/token")]
        let answers = try await session.crowd(10)
        #expect(Set(answers.map(\.end)) == [.exited(77)])
        #expect(answers.allSatisfy { $0.errors.contains("planet-cred login person\n") })
        #expect(session.server.requestCount("/token") == 1)
        #expect(try session.keptRefreshToken() == session.refreshToken)
    }
}

extension Outcome {
    /// What a script sees.
    fileprivate struct Line: Hashable {
        let text: String
        let end: Outcome.End

        init(_ text: String, _ end: Outcome.End) {
            (self.text, self.end) = (text, end)
        }

        init(_ outcome: Outcome) { self.init(outcome.line, outcome.end) }
    }
}
