import Glibc
import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("exec", .inTurn) struct ExecTests {
    private static let key = ["PL_API_KEY": "PLAK-1"]

    /// Starts `planet-cred WORDS` with exactly these entries as its environment, duplicates and
    /// oddities included, which no shell would pass on.
    private static let launcher = """
        import ctypes, sys
        count = int(sys.argv[1])
        entries, words = sys.argv[2:2 + count], sys.argv[2 + count:]
        def strings(list):
            return (ctypes.c_char_p * (len(list) + 1))(*[text.encode("utf-8", "surrogateescape") for text in list], None)
        ctypes.CDLL(None).execve(words[0].encode(), strings(words), strings(entries))
        """

    private func launch(
        _ entries: [String], _ words: [String], in home: ScratchHome
    ) async throws -> Outcome {
        let entries = ["HOME=\(home.path)", "PATH=/usr/bin:/bin"] + entries
        return try await home.command(
            "/usr/bin/python3",
            ["-c", Self.launcher, "\(entries.count)"] + entries + [home.program.path] + words
        ).run()
    }

    @Test("the environment is the inherited one, each changed name once and last") func duplicates()
        async throws
    {
        let practice = try Practice()
        let answer = try await launch(
            [
                "PLANET_CRED_TOKEN=old", "SAME=1", "PL_AUTH_PROFILE=practice", "SAME=2",
                "PLANET_CRED_TOKEN=older", "odd", "PLANET_CRED_AUTHORIZATION=",
                "PLANET_CRED_TOKENS=3",
                "PLANET_CRED_EXPIRES_AT=1", "PLANET_CRED_EXPIRES_AT=2", "PL_AUTH_PROFILE=second",
                "A=x", "A=y",
            ], ["exec", "--env", "A", "--", "env"], in: practice.home)
        let token = practice.server.issuedTokens[0]
        let expiry = try practice.home.tokenExpiry()
        #expect(
            answer
                == Outcome(
                    """
                    HOME=\(practice.home.path)
                    PATH=/usr/bin:/bin
                    SAME=1
                    SAME=2
                    odd
                    PLANET_CRED_TOKENS=3
                    PLANET_CRED_TOKEN=\(token)
                    PLANET_CRED_AUTHORIZATION=Bearer \(token)
                    PLANET_CRED_EXPIRES_AT=\(expiry)
                    PL_AUTH_PROFILE=practice
                    A=\(token)

                    """))
    }

    @Test("an API key is in PL_API_KEY too, and has no expiry") func key() async throws {
        let home = try ScratchHome()
        let answer = try await launch(
            ["PL_API_KEY=PLAK-1", "PL_API_KEY=PLAK-2", "PLANET_CRED_EXPIRES_AT=5"],
            ["exec", "env"], in: home)
        #expect(
            answer
                == Outcome(
                    """
                    HOME=\(home.path)
                    PATH=/usr/bin:/bin
                    PLANET_CRED_TOKEN=PLAK-1
                    PLANET_CRED_AUTHORIZATION=api-key PLAK-1
                    PL_API_KEY=PLAK-1

                    """))
    }

    @Test("the credential's variables of an outer exec do not leak into one without a credential")
    func none() async throws {
        let home = try ScratchHome()
        try home.writeProfile("empty", ["client_type": "none"])
        let answer = try await launch(
            ["PLANET_CRED_TOKEN=old", "PLANET_CRED_AUTHORIZATION=old"],
            ["exec", "--profile", "empty", "env"], in: home)
        #expect(
            answer
                == Outcome("HOME=\(home.path)\nPATH=/usr/bin:/bin\nPL_AUTH_PROFILE=empty\n"))
    }

    /// `planet-cred exec -- WORDS`, with an API key.
    private func job(_ words: [String]) throws -> Command {
        try ScratchHome().planetCred(["exec", "--"] + words, with: Self.key)
    }

    @Test("a signal that ends the command ends us", arguments: [SIGTERM, SIGKILL, SIGINT, SIGHUP])
    func signal(_ signal: Int32) async throws {
        let answer = try await job(["sh", "-c", "kill -\(signal) $$"]).run()
        #expect(answer.end == .killed(signal: signal))
    }

    @Test("the command has our process id, so a signal to us reaches it") func processID()
        async throws
    {
        let running = try job(["sh", "-c", "echo $$; exec sleep 1000"]).start()
        try await Condition.wait(for: "the command") {
            let home = try ScratchHome()
            return try await home.shell("cat /proc/$1/comm", "\(running.processID)").line == "sleep"
        }
        running.signal(SIGTERM)
        let answer = await running.outcome()
        #expect(answer.text == "\(running.processID)\n")
        #expect(answer.end == .killed(signal: SIGTERM))
    }

    @Test("the command has no children, although a token was just fetched for it") func children()
        async throws
    {
        let practice = try Practice()
        let answer = try await practice.run(
            "exec", "--", "sh", "-c", #"read list </proc/$$/task/$$/children; echo "[$list]""#)
        #expect(answer == Outcome("[]\n"))
        #expect(practice.server.issuedTokens.count == 1)
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
