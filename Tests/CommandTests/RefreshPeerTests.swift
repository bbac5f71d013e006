import PracticeServer
import TestSupport
import Testing
import Workbench

/// Planet's tools, which take no lock, work on the same session.
@Suite("Other tools and one session", .inTurn) struct RefreshPeerTests {
    @Test("REF-06: a refresh token that another tool left meanwhile is taken after a refusal")
    func adopts() async throws {
        let session = try PersonalSession()
        let other = try session.server.issueSession()
        let hold = PracticeServer.Hold()
        var fault = PracticeServer.Fault(.oauthError("invalid_grant"), path: "/token", times: 1)
        fault.hold = hold
        session.server.faults = [fault]
        let command = try session.command(["token"]).start()
        try await session.untilRequested()
        try session.write(access: "expired", refresh: other.refreshToken, expiresIn: -10)
        hold.release()
        let answer = await command.outcome()
        #expect(answer == Outcome((session.server.issuedTokens.last ?? "") + "\n"))
        #expect(session.server.requestCount("/token") == 2)
        #expect(try session.isAlive())
    }

    @Test("REF-06: the login of another tool during a refresh stays") func login() async throws {
        let session = try PersonalSession()
        let other = try session.server.issueSession()
        let hold = PracticeServer.Hold()
        session.server.faults = [.held(hold, path: "/token")]
        let command = try session.command(["token"]).start()
        try await session.untilRequested()
        try session.write(
            access: other.accessToken, refresh: other.refreshToken, expiresIn: 3600)
        hold.release()
        #expect(await command.outcome().end == .exited(0))
        #expect(try session.keptRefreshToken() == other.refreshToken)
        #expect(try await session.run("token") == Outcome(other.accessToken + "\n"))
    }

    /// Writes back what it read, for ever: truncates, takes a while, then writes.
    private static let peer = """
        cd ~/.planet/person
        while [ ! -e ~/stop ]; do
            read -r -d '' content <token.json
            [ "${content: -1}" = '}' ] && whole=$content
            sleep 0.00$((RANDOM % 5))
            { for delay in {1..300}; do :; done; printf '%s' "$whole"; } >token.json
            sleep 0.00$((RANDOM % 5))
        done
        """

    @Test(
        "eight processes and a tool that writes back what it read lose neither token nor login",
        .crowd)
    func writesBack() async throws {
        let session = try PersonalSession()
        let answer = try await session.script(
            """
            # So many refusals in a row stop it from time to time.
            rejected() {
                for try in {1..50}; do
                    rm -f ~/.planet/person/token.refused
                    planet-cred token --rejected 2>~/errors.$BASHPID && return
                    grep -q 'fresh tokens' ~/errors.$BASHPID || break
                done
                cat ~/errors.$BASHPID >&2
                echo failed
            }
            (\(Self.peer)) & peer=$!
            for process in 1 2 3 4 5 6 7 8; do
                for round in {1..10}; do
                    planet-cred token || echo failed
                    rejected
                done &
                jobs="$jobs $!"
            done
            wait $jobs
            touch ~/stop
            wait $peer
            """)
        try await session.untilIdle()
        let issued = Set(session.server.issuedTokens)
        // A machine that is busy may let one wait for the lock until it says so.
        #expect(answer.errorParts.allSatisfy { $0.contains("waiting") })
        #expect(answer.lines.count == 160)
        #expect(answer.lines.allSatisfy(issued.contains))
        #expect(session.server.requestCount("/token") > 2)
        try session.spend()
        #expect(
            try await session.run("token")
                == Outcome((session.server.issuedTokens.last ?? "") + "\n"))
        #expect(try session.isAlive())
    }
}
