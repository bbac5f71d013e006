import Glibc
import TestSupport
import Testing
import Workbench

@Suite("exec becomes its command", .inTurn) struct ExecProcessTests {
    private static let key = ["PL_API_KEY": "PLAK-1"]

    private func exec(_ words: [String], input: String = "") throws -> Command {
        try ScratchHome().planetCred(["exec", "--"] + words, input: input, with: Self.key)
    }

    @Test(
        "the exit status is the command's own", arguments: [0, 1, 2, 42, 77, 125, 255] as [Int32])
    func status(_ status: Int32) async throws {
        let answer = try await exec(["sh", "-c", "exit \(status)"]).run()
        #expect(answer == Outcome(status: status))
    }

    @Test("a signal that ends the command ends us", arguments: [SIGTERM, SIGKILL, SIGINT, SIGHUP])
    func signal(_ signal: Int32) async throws {
        let answer = try await exec(["sh", "-c", "kill -\(signal) $$"]).run()
        #expect(answer.end == .killed(signal: signal))
    }

    @Test("a shell sees 143 after SIGTERM") func shellStatus() async throws {
        let answer = try await ScratchHome().command(
            "bash", ["-c", "planet-cred exec -- sh -c 'kill -TERM $$'; echo $?"], with: Self.key
        ).run()
        #expect(answer.text == "143\n")
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

    @Test("standard input is the command's") func input() async throws {
        #expect(try await exec(["cat"], input: "a\nb").run() == Outcome("a\nb"))
    }

    @Test("the profile comes on standard input and the command has the rest of nothing")
    func profileInput() async throws {
        let answer = try await ScratchHome().planetCred(
            ["exec", "--no-save", "--profile-file", "-", "--", "cat"],
            input: #"{"client_type": "static_apikey", "api_key": "k"}"#
        ).run()
        #expect(answer == Outcome())
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

    @Test(
        "a command that is not there is 127, as in a shell",
        arguments: ["no-such-program", "/no/such/program"])
    func missing(_ name: String) async throws {
        #expect(
            try await exec([name]).run()
                == Outcome(
                    errors: """
                        planet-cred: error: cannot run '\(name)'
                        planet-cred: because: No such file or directory

                        """, status: 127))
    }

    @Test("a command that may not be run is 126, as in a shell") func notExecutable() async throws {
        let home = try ScratchHome()
        try home.write("\(home.root)/bin/plain", "text", mode: 0o644)
        let answer = try await home.run("exec", "--", "plain", with: Self.key)
        #expect(
            answer
                == Outcome(
                    errors: """
                        planet-cred: error: cannot run 'plain'
                        planet-cred: because: Permission denied

                        """, status: 126))
    }

    @Test("a script without a first line is run by the shell") func plainScript() async throws {
        let home = try ScratchHome()
        try await home.writeProgram("my-script", "echo \"$0 $1\"\n")
        let answer = try await home.run("exec", "--", "my-script", "a b", with: Self.key)
        #expect(answer == Outcome("\(home.root)/bin/my-script a b\n"))
    }

    @Test("words that are not UTF-8 reach the command untouched") func invalidUTF8() async throws {
        let answer = try await ScratchHome().command(
            "bash",
            [
                "-c",
                #"planet-cred exec -- printf '%s|' $'\xff\xfe' '' $'a\nb' $'\xc3' | od -An -tx1"#,
            ],
            with: Self.key
        ).run()
        #expect(answer == Outcome(" ff fe 7c 7c 61 0a 62 7c c3 7c\n"))
    }

    @Test("the command has the three standard streams and nothing else of ours") func descriptors()
        async throws
    {
        let practice = try Practice()
        let answer = try await practice.run("exec", "--", "sh", "-c", "ls /proc/$$/fd")
        #expect(answer == Outcome("0\n1\n2\n"))
    }

    @Test("the command has every signal as we had it") func signals() async throws {
        let words = ["grep", "-E", "Sig(Blk|Ign|Cgt)", "/proc/self/status"]
        let direct = try await ScratchHome().command(words[0], Array(words.dropFirst())).run()
        #expect(try await exec(words).run() == direct)
    }
}
