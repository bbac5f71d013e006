import TestSupport
import Testing

@Suite("Completions", .inTurn) struct CompletionTests {
    /// Sources the script and completes the words of a command line; prints the offers.
    private static let complete = """
        source <(planet-cred completions bash)
        COMP_WORDS=(planet-cred "$@")
        COMP_CWORD=$#
        _planet_cred
        printf '%s\\n' "${COMPREPLY[@]}" | sort
        """

    @Test("the script for bash is valid") func syntax() async throws {
        let home = try ScratchHome()
        let answer = try await home.shell("planet-cred completions bash | bash -n")
        #expect(answer == Outcome())
    }

    @Test("bash completes with the function that the script registers") func registration()
        async throws
    {
        let home = try ScratchHome()
        let answer = try await home.shell(
            "source <(planet-cred completions bash); complete -p planet-cred")
        #expect(answer == Outcome("complete -F _planet_cred planet-cred\n"))
    }

    @Test(
        "bash completes what can follow",
        arguments: [
            Row("a command", ["to"], ["token"]),
            Row("several commands", ["c"], ["capability", "completions"]),
            Row("an option of the command", ["token", "--f"], ["--format"]),
            Row("a common option", ["status", "--pro"], ["--profile", "--profile-file"]),
            Row("an option before the command", ["--no"], ["--no-save"]),
            Row("a format", ["token", "--format", "k"], ["kubernetes"]),
            Row("a profile", ["token", "--profile", "pra"], ["practice"]),
            Row(
                "an option after a profile",
                ["--profile", "token", "status", "--j"], ["--json"]
            ),
            Row("a shell", ["completions", ""], ["bash", "fish", "zsh"]),
            Row("a topic", ["help", "ver"], ["version"]),
            Row("exec's own option", ["exec", "--e"], ["--env"]),
        ])
    func offers(_ row: Row<[String], [String]>) async throws {
        let home = try ScratchHome()
        try home.makeFolder(".planet/practice")
        let answer = try await home.command(
            "bash", ["-c", Self.complete, "bash"] + row.input
        ).run()
        #expect(answer.errors == "")
        #expect(answer.lines == row.expected)
    }

    @Test(
        "the scripts for other shells name every command and option", arguments: ["zsh", "fish"])
    func otherShells(_ shell: String) async throws {
        let answer = try await ScratchHome().run("completions", shell)
        #expect(answer.text.contains("kubernetes"))
        #expect(answer.text.contains("capability"))
        #expect(answer.text.contains("min-ttl"))
        #expect(answer.end == .exited(0))
    }
}
