import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("The command line", .inTurn) struct CommandLineTests {
    private static let key = ["PL_API_KEY": "PLAK-1"]

    @Test(
        "the version is printed", arguments: [["version"], ["--version"], ["token", "--version"]])
    func version(_ words: [String]) async throws {
        let answer = try await ScratchHome().planetCred(words).run()
        #expect(answer == Outcome("planet-cred 0.1.0\n"))
    }

    @Test(
        "help explains planet-cred", arguments: [["help"], ["--help"], ["-h"]])
    func help(_ words: [String]) async throws {
        let answer = try await ScratchHome().planetCred(words).run()
        #expect(answer.text.hasPrefix("planet-cred hands a valid credential for "))
        #expect(answer.text.contains("\n  token        print a valid access token"))
        #expect(answer.end == .exited(0))
        #expect(answer.errors == "")
    }

    @Test(
        "help explains each command",
        arguments: [
            "token", "header", "exec", "status", "get", "store", "erase", "capability",
            "completions", "help", "version",
        ])
    func helpOfCommand(_ name: String) async throws {
        let home = try ScratchHome()
        let byCommand = try await home.run("help", name)
        let byOption = try await home.run(name, "--help")
        #expect(byCommand.text.hasPrefix("Usage: planet-cred \(name)"))
        #expect(byCommand.text.contains("--profile NAME"))
        #expect(byCommand == byOption)
    }

    @Test("help works whatever else is wrong") func helpWins() async throws {
        let home = try ScratchHome()
        let answer = try await home.run("token", "--min-ttl", "x", "surplus", "--help")
        #expect(answer.text.hasPrefix("Usage: planet-cred token"))
        #expect(answer.end == .exited(0))
    }

    @Test(
        "a mistake on the command line is explained",
        arguments: [
            Row(
                "no command",

                [],
                [
                    "error: no command given", "because: planet-cred needs to know what to do",
                    "try: planet-cred help",
                ]
            ),
            Row(
                "misspelt command",

                ["tokne"],
                [
                    "error: there is no command 'tokne'", "because: the nearest is 'token'",
                    "try: planet-cred token",
                ]
            ),
            Row(
                "unknown command",

                ["frobnicate"],
                ["error: there is no command 'frobnicate'", "try: planet-cred help"]
            ),
            Row(
                "misspelt option",

                ["token", "--formt", "raw"],
                [
                    "error: there is no option '--formt'",
                    "because: the nearest is '--format'", "try: planet-cred help",
                ]
            ),
            Row(
                "unknown letter",
                ["-x", "token"], ["error: there is no option '-x'", "try: planet-cred help"]),
            Row(
                "misspelt format",

                ["token", "--format", "jsno"],
                [
                    "error: '--format' does not take 'jsno'",
                    "because: it takes one of raw, header, json, env, curl, netrc, kubernetes",
                    "try: planet-cred token --format json",
                ]
            ),
            Row(
                "an option of another command",

                ["header", "--format", "raw"],
                [
                    "error: 'header' takes no option '--format'",
                    "try: planet-cred help header",
                ]
            ),
            Row(
                "a surplus word",

                ["token", "x", "y"],
                ["error: 'token' does not take 'x'", "try: planet-cred help token"]
            ),
            Row(
                "a profile for a token", ["token", "my farm"],
                [
                    "error: 'token' does not take 'my farm'",
                    "because: a profile is named with --profile",
                    "try: planet-cred token --profile 'my farm'",
                ]
            ),
            Row(
                "a profile for git", ["get", "farm"],
                [
                    "error: 'get' does not take 'farm'",
                    "because: a profile is named with --profile",
                    "try: planet-cred get --profile farm",
                ]
            ),
            Row(
                "a second profile", ["status", "farm", "--profile", "b"],
                ["error: 'status' does not take 'farm'", "try: planet-cred help status"]
            ),
            Row(
                "a word for what has no profile", ["version", "farm"],
                ["error: 'version' does not take 'farm'", "try: planet-cred help version"]
            ),
            Row(
                "a login that is not kept",
                ["--no-save", "--profile-file", "a b", "login", "pw"],
                [
                    "error: 'login' takes no option '--no-save'",
                    "because: a login is good for nothing unless it is kept",
                    "try: planet-cred login pw --profile-file 'a b'",
                ]
            ),
            Row(
                "a logout of nothing", ["logout", "pw", "--no-save"],
                [
                    "error: 'logout' takes no option '--no-save'",
                    "because: it is about tokens in the home folder, which is neither read nor written",
                    "try: planet-cred logout pw",
                ]
            ),
            Row(
                "no value",

                ["token", "--min-ttl"],
                [
                    "error: '--min-ttl' needs a value",
                    "because: it stands at the end of the command line",
                    "try: planet-cred ... --min-ttl SECONDS",
                ]
            ),
            Row(
                "a value for a switch",

                ["token", "--rejected=yes"], ["error: '--rejected' takes no value"]
            ),
            Row(
                "no number",

                ["token", "--min-ttl", "-5"],
                [
                    "error: '--min-ttl' does not take '-5'",
                    "because: it takes a whole number of seconds",
                    "try: planet-cred token --min-ttl 600",
                ]
            ),
            Row(
                "exec without a command",

                ["exec"],
                [
                    "error: 'exec' needs a command", "because: none follows it",
                    "try: planet-cred exec -- python job.py",
                ]
            ),
            Row(
                "an unknown shell",

                ["completions", "tcsh"],
                [
                    "error: there are no completions for 'tcsh'",
                    "because: the shells are bash, zsh and fish",
                    "try: planet-cred completions bash",
                ]
            ),
            Row(
                "help for nothing",

                ["help", "frobnicate"],
                [
                    "error: there is no command 'frobnicate'",
                    "try: planet-cred help",
                ]
            ),
        ])
    func mistakes(_ row: Row<[String], [String]>) async throws {
        let answer = try await ScratchHome().planetCred(row.given, with: Self.key).run()
        #expect(answer.output == [])
        #expect(answer.errorParts == row.wanted)
        #expect(answer.end == .exited(2))
    }

    @Test(
        "a job that keeps nothing is told how to log in all the same",
        arguments: [
            Row("a login", ["login", "pw"], "env -u PLANET_CRED_NO_SAVE planet-cred login pw"),
            Row(
                "logouts", ["logout", "--all"],
                "env -u PLANET_CRED_NO_SAVE planet-cred logout --all"),
        ])
    func notKept(_ row: Row<[String], String>) async throws {
        let answer = try await ScratchHome().planetCred(
            row.given, with: ["PLANET_CRED_NO_SAVE": "1"]
        ).run()
        #expect(answer.errorParts[0].hasSuffix("is of no use while PLANET_CRED_NO_SAVE is set"))
        #expect(answer.errorParts[2] == "try: \(row.wanted)")
        #expect(answer.end == .exited(2))
    }

    @Test("what is shown of the command line cannot harm a terminal") func controlCharacters()
        async throws
    {
        let answer = try await ScratchHome().run("\u{1B}[31mred\n")
        #expect(!answer.errors.contains("\u{1B}"))
        #expect(answer.errorParts[0] == "error: there is no command ' [31mred '")
    }

    @Test(
        "options stand before or after the command",
        arguments: [
            ["--profile", "practice", "token", "--format", "raw"],
            ["token", "--profile=practice", "--format=raw"],
            ["--format", "raw", "token", "--profile", "practice"],
            ["--profile", "other", "token", "--profile", "practice"],
            ["--profile", "practice", "--", "token"],
            ["--profile", "practice", "token", "--"],
        ])
    func order(_ words: [String]) async throws {
        let practice = try Practice()
        let answer = try await practice.home.planetCred(words).run()
        #expect(answer == Outcome(practice.server.issuedTokens[0] + "\n"))
    }

    @Test("after two dashes nothing is an option") func dashes() async throws {
        let answer = try await ScratchHome().run("token", "--", "--format", with: Self.key)
        #expect(answer.errorParts[0] == "error: 'token' does not take '--format'")
        #expect(answer.end == .exited(2))
    }

    @Test(
        "the words of exec's command are its own",
        arguments: [
            ["exec", "printf", "%s,", "--profile", "--", "-v"],
            ["exec", "--", "printf", "%s,", "--profile", "--", "-v"],
            ["-v", "exec", "--env", "A", "printf", "%s,", "--profile", "--", "-v"],
        ])
    func wordsOfExec(_ words: [String]) async throws {
        let answer = try await ScratchHome().planetCred(words, with: Self.key).run()
        #expect(answer.text == "--profile,--,-v,")
    }
}
