import Glibc
import PracticeServer
import TestSupport
import Testing
import Workbench

/// The end of planet-cred, at whatever instant of a renewal, costs nobody a login.
@Suite("Killed renewals", .inTurn) struct RefreshKillTests {
    /// A system call at which planet-cred is killed, and a file that it must be about.
    struct Step: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let calls: String
        /// Empty for the folder.
        var file: String?
        var number = 1

        init(_ name: String, _ calls: String, of file: String? = nil, number: Int = 1) {
            (testDescription, self.calls, self.file, self.number) = (name, calls, file, number)
        }

        func arguments(_ home: ScratchHome) -> String {
            let folder = home.absolute(".planet/person")
            let path = file.map { "-P \($0.isEmpty ? folder : "\(folder)/\($0)")" } ?? ""
            return "\(path) -e trace=\(calls) -e inject=\(calls):signal=KILL:when=\(number)"
        }
    }

    @Test(
        "REF-05: the call after one that was killed at any step needs no login",
        arguments: [
            Step("with the lock", "pwrite64", of: "token.lock"),
            Step("before there is room for the answer", "fallocate"),
            Step("before sending", "clone,clone3,vfork"),
            Step("while the answer is awaited", "poll"),
            Step("when it has come", "ftruncate"),
            Step("while the token file is written", "write", number: 2),
            Step("before it is on disk", "fsync", number: 2),
            Step("before it is renamed", "rename"),
            Step("after it is renamed", "fsync", of: ""),
            Step("while old answers are looked for", "getdents64"),
            Step("before the token is printed", "exit_group"),
        ])
    func steps(_ step: Step) async throws {
        let session = try PersonalSession()
        let killed = try await session.shell(
            "exec strace \(step.arguments(session.home)) -o /dev/null planet-cred token")
        #expect(killed.end == .killed(signal: SIGKILL))
        let next = try await session.run("token")
        #expect(next == Outcome((session.server.issuedTokens.last ?? "") + "\n"))
        #expect(try session.isAlive())
        #expect(session.server.requestCount("/token") == 1)
        try session.spend()
        #expect(try await session.run("token").end == .exited(0))
    }

    @Test(
        "REF-05: the answer to a killed process is found by the next one, which waits for it",
        arguments: [SIGKILL, SIGINT, SIGHUP, SIGTERM])
    func inFlight(_ signal: Int32) async throws {
        let session = try PersonalSession()
        let hold = PracticeServer.Hold()
        session.server.faults = [.held(hold, path: "/token")]
        let command = try session.command(["token"]).start()
        try await session.untilRequested()
        // As Ctrl-C does: to the whole group.
        kill(-command.processID, signal)
        #expect(await command.outcome().end == .killed(signal: signal))
        let next = try session.command(["token"]).start()
        hold.release()
        #expect(await next.outcome() == Outcome(session.server.issuedTokens[1] + "\n"))
        #expect(session.server.requestCount("/token") == 1)
        #expect(try session.isAlive())
    }

    @Test("while the answer to a killed process is on its way a good token is handed out at once")
    func inFlightGood() async throws {
        let session = try PersonalSession(expiresIn: 3000)
        let hold = PracticeServer.Hold()
        session.server.faults = [.held(hold, path: "/token")]
        let command = try session.command(["token", "--rejected"]).start()
        try await session.untilRequested()
        command.signal(SIGKILL)
        _ = await command.outcome()
        let meanwhile = try await session.run("token")
        #expect(meanwhile == Outcome(session.accessToken + "\n"))
        hold.release()
        try await session.untilIdle()
        let status = try await session.run("status")
        #expect(status.text.contains(/\nrefresh token +(?!yes|good|ended)/))
        try session.spend()
        #expect(
            try await session.run("token") == Outcome(session.server.issuedTokens[1] + "\n"))
        #expect(session.server.requestCount("/token") == 1)
    }

    @Test(
        "REF-05: 200 renewals that end at any instant cost no login",
        arguments: ["KILL", "INT"], [20, 30, 40, 50])
    func instants(_ signal: String, _ latency: Int) async throws {
        let session = try PersonalSession()
        session.server.faults = [.latency(milliseconds: latency, path: "/token")]
        // The instants are spread evenly over the length of a renewal, and in no order.
        let answer = try await session.script(
            """
            start=$EPOCHREALTIME
            planet-cred token
            end=$EPOCHREALTIME
            length=$((${end/./} - ${start/./}))
            for number in {1..25}; do
                instant=$(printf %06d $((length * 11 / 10 * (number * 618 % 1000) / 1000)))
                # So many refusals in a row would stop it.
                rm -f ~/.planet/person/token.refused
                (timeout -s \(signal) 0.$instant planet-cred token --rejected; :) >/dev/null 2>&1
                planet-cred token --rejected
            done
            """)
        #expect(answer.errors == "")
        #expect(answer.lines.count == 26)
        #expect(Set(answer.lines).count == 26)
        #expect(Set(answer.lines).isSubset(of: session.server.issuedTokens))
        #expect(answer.lines.last == session.server.issuedTokens.last)
        #expect(try session.isAlive())
        #expect(session.server.requestCount("/token") <= 51)
    }
}
