import Glibc
import TestSupport
import Testing
import Workbench

@Suite("exec becomes its command", .inTurn) struct ExecProcessTests {
    private static let key = ["PL_API_KEY": "PLAK-1"]

    private func exec(_ words: [String], input: String = "") throws -> Command {
        try ScratchHome().planetCred(["exec", "--"] + words, input: input, with: Self.key)
    }

    @Test("a signal that ends the command ends us", arguments: [SIGTERM, SIGKILL, SIGINT, SIGHUP])
    func signal(_ signal: Int32) async throws {
        let answer = try await exec(["sh", "-c", "kill -\(signal) $$"]).run()
        #expect(answer.end == .killed(signal: signal))
    }

    @Test("the command has our process id, so a signal to us reaches it") func processID()
        async throws
    {
        let running = try exec(["sh", "-c", "echo $$; exec sleep 1000"]).start()
        try await Condition.wait(for: "the command") {
            let home = try ScratchHome()
            return try await home.shell("cat /proc/$1/comm", "\(running.processID)").line == "sleep"
        }
        running.signal(SIGTERM)
        let answer = await running.outcome()
        #expect(answer.text == "\(running.processID)\n")
        #expect(answer.end == .killed(signal: SIGTERM))
    }

    @Test("a terminal is passed on") func terminal() async throws {
        let answer = try await ScratchHome().command(
            "script",
            [
                "--quiet", "--return", "--command",
                "planet-cred exec -- sh -c 'test -t 0 && test -t 1 && test -t 2 && echo terminal'",
                "/dev/null",
            ], with: Self.key
        ).run()
        #expect(answer.text.contains("terminal"))
        #expect(answer.end == .exited(0))
    }
}
