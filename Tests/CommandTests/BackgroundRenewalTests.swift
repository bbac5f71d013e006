import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("Renewal in the background", .inTurn) struct BackgroundRenewalTests {
    /// A home whose token is past three quarters of its life.
    private func ageing() async throws -> Practice {
        let practice = try Practice()
        _ = try await practice.run("token")
        try practice.home.ageToken(bySeconds: 2800)
        return practice
    }

    @Test("an ageing token is handed out at once and renewed by a detached process") func renewal()
        async throws
    {
        let practice = try await ageing()
        let answer = try await practice.run("token")
        #expect(answer == Outcome(practice.server.issuedTokens[0] + "\n"))
        try await Condition.wait(for: "the new token") {
            practice.home.tokenText()?.contains(practice.server.issuedTokens.last ?? "") ?? false
                && practice.server.issuedTokens.count == 2
        }
        let next = try await practice.run("token")
        #expect(next == Outcome(practice.server.issuedTokens[1] + "\n"))
    }

    @Test("the end of our output does not wait for a renewal that stalls") func stalled()
        async throws
    {
        let practice = try await ageing()
        practice.server.clearLog()
        let hold = practice.stallRenewal()
        let answer = try await practice.home.shell(
            "token=$(planet-cred token 2>&1); echo \"got $token\"",
            with: ["PL_AUTH_PROFILE": "practice"])
        #expect(answer == Outcome("got \(practice.server.issuedTokens[0])\n"))
        try await Condition.wait(for: "the request of the renewal") {
            practice.tokenRequestCount == 1
        }
        // It is still at it: others are served meanwhile, and start nothing.
        let others = try await practice.run("token")
        #expect(others == Outcome(practice.server.issuedTokens[0] + "\n"))
        #expect(practice.tokenRequestCount == 1)
        try await practice.finishRenewal(hold)
    }

    @Test("many callers of an ageing token cause one renewal") func crowd() async throws {
        let practice = try await ageing()
        practice.server.clearLog()
        let hold = PracticeServer.Hold()
        practice.server.faults = [.held(hold, path: "/token")]
        let running = try (0..<16).map { _ in try practice.command(["token"]).start() }
        var answers: [Outcome] = []
        for process in running { answers.append(await process.outcome()) }
        hold.release()
        try await Condition.wait(for: "the new token") {
            practice.home.tokenText()?.contains(practice.server.issuedTokens.last ?? "") ?? false
                && practice.server.issuedTokens.count == 2
        }
        #expect(answers.allSatisfy { $0.end == .exited(0) && $0.errors == "" })
        #expect(practice.tokenRequestCount == 1)
    }

    @Test("git is answered at once while a renewal stalls") func git() async throws {
        let practice = try await ageing()
        practice.server.clearLog()
        let hold = practice.stallRenewal()
        let answer = try await practice.run(
            "get", input: "protocol=http\nhost=\(practice.authority)\n")
        #expect(answer.lines.contains("password=\(practice.server.issuedTokens[0])"))
        #expect(answer.errors == "")
        try await Condition.wait(for: "the request of the renewal") {
            practice.tokenRequestCount == 1
        }
        try await practice.finishRenewal(hold)
    }

    @Test("a renewal that fails leaves the good token and makes all wait") func failed()
        async throws
    {
        let practice = try await ageing()
        let old = practice.home.tokenText()
        practice.server.faults = [
            PracticeServer.Fault(.status(503, headers: ["Retry-After": "600"]), path: "/token")
        ]
        _ = try await practice.run("token")
        try await Condition.wait(for: "the note about the pause") {
            practice.home.exists(".planet/practice/token.backoff")
        }
        practice.server.clearLog()
        let answer = try await practice.run("token")
        #expect(answer == Outcome(practice.server.issuedTokens[0] + "\n"))
        #expect(practice.home.tokenText() == old)
        #expect(practice.server.connectionCount == 0)
    }

    @Test("with --no-save nothing is started in the background") func noSave() async throws {
        let practice = try Practice(.with { $0.tokenLifetime = 1 })
        let file = practice.home.absolute(ScratchHome.profilePath("practice"))
        let answer = try await practice.home.run("token", "--no-save", "--profile-file", file)
        #expect(answer == Outcome(practice.server.issuedTokens[0] + "\n"))
        #expect(practice.tokenRequestCount == 1)
    }

    @Test("an ageing token of a person is handed out at once and refreshed by a detached process")
    func person() async throws {
        let session = try PersonalSession(expiresIn: 800)
        #expect(try await session.run("token") == Outcome(session.accessToken + "\n"))
        try await Condition.wait(for: "the new token") {
            session.server.issuedTokens.count == 2
                && session.home.tokenText("person")?.contains(session.server.issuedTokens[1])
                    ?? false
        }
        #expect(try session.isAlive())
    }
}
