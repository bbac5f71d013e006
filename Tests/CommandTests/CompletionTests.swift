import Foundation
import TestSupport
import Testing
import Workbench

@Suite("Completions", .inTurn) struct CompletionTests {
    /// What a shell offers for the last word of `planet-cred LINE`, in a home with the profile
    /// `practice` and a working folder with the files `file1` and `file2`.
    private static let lines: [Row<String, [String]>] = [
        Row("a command", "to", ["token"]),
        Row("several commands", "c", ["capability", "completions"]),
        Row("an option of the command", "token --f", ["--format"]),
        Row("a common option", "status --pro", ["--profile", "--profile-file"]),
        Row("a common option before the command", "--no-s", ["--no-save"]),
        Row("an option of some commands before the command", "--form", ["--format"]),
        Row("a command that takes the option before it", "--key-file x l", ["login"]),
        Row(
            "commands that take the option before it", "--json ",
            ["doctor", "inspect", "login", "status"]),
        Row("no command that refuses the option before it", "--no-save logo", []),
        Row("an option after others", "token --rejected -v --fo", ["--format"]),
        Row("a format", "token --format k", ["kubernetes"]),
        Row("a format after a sign", "token --format=k", ["kubernetes"]),
        Row("a format before the command", "--format k", ["kubernetes"]),
        Row("a profile", "token --profile pra", ["practice"]),
        Row("a profile after a sign", "status --profile=pra", ["practice"]),
        Row("a profile before the command", "--profile pra", ["practice"]),
        Row("a profile that is built in", "token --profile planet-u", ["planet-user"]),
        Row("a profile that is built in, after a sign", "token --profile=leg", ["legacy"]),
        Row("every profile", "token --profile ", ["legacy", "planet-user", "practice"]),
        Row("every profile after a sign", "--profile=", ["legacy", "planet-user", "practice"]),
        Row("a profile of status", "status pra", ["practice"]),
        Row("no option that the command refuses", "login --no-s", []),
        Row("no option that the command refuses, after an operand", "logout practice --no-s", []),
        Row("no profile beside all", "logout --all pra", []),
        Row("no option for a profile beside all", "logout --all --pro", []),
        Row("no host beside all", "status --all --ho", []),
        Row("not all beside a host", "status --host h --al", []),
        Row("not all beside a profile", "status --profile practice --al", []),
        Row("not all beside a profile's name", "logout practice --al", []),
        Row("all where there is no name", "logout -v --al", ["--all"]),
        Row("one of two opposites", "login --open --no", []),
        Row("the other of two opposites", "login --no-open --op", []),
        Row("a path", "login --key-file fi", ["file1", "file2"]),
        Row("a path for every command", "status --profile-file fi", ["file1", "file2"]),
        Row("a path before the command", "--profile-file fi", ["file1", "file2"]),
        Row("a value that only the user knows", "token --min-ttl ", []),
        Row("a value of exec's option", "exec --env ", []),
        Row("an option after a profile", "--profile token status --j", ["--json"]),
        Row("no option of what is a profile's name", "--profile token status --f", []),
        Row("no option of another command", "status --key", []),
        Row("a command after a value", "--min-ttl 600 to", ["token"]),
        Row("a command after a letter", "-v sta", ["status"]),
        Row("a command after the dashes", "-- tok", ["token"]),
        Row("an option after a value", "--min-ttl 600 token --rej", ["--rejected"]),
        Row("an option after a value with a sign", "--min-ttl=600 token --rej", ["--rejected"]),
        Row("an option after a variable", "--env A=b exec --mi", ["--min-ttl"]),
        Row("an option after a letter", "-v token --rej", ["--rejected"]),
        Row("no option after the dashes", "token -- --rej", []),
        Row("a letter", "-v token -h", ["-h"]),
        Row("a shell", "completions ", ["bash", "fish", "zsh"]),
        Row("a shell after an option", "completions --verbose z", ["zsh"]),
        Row("a topic", "help ver", ["version"]),
        Row("a page of the help", "help hos", ["hosts"]),
        Row("a topic after an option", "help -v sta", ["status"]),
        Row("a topic after a profile", "--profile completions help sta", ["status"]),
        Row("an operand", "logout pra", ["practice"]),
        Row("an operand after a value", "login --timeout 5 pra", ["practice"]),
        Row("an operand after the dashes", "login -- pra", ["practice"]),
        Row("no second operand", "login practice pra", []),
        Row("no command of a detached process", "ren", []),
        Row("exec's own option", "exec --e", ["--env"]),
        Row("exec's own option after a value", "exec --env A=b --mi", ["--min-ttl"]),
        Row("a program", "exec planet-c", ["planet-cred"]),
        Row("a program after the dashes", "exec -- planet-c", ["planet-cred"]),
        Row("a program after an option", "exec --min-ttl 9 planet-c", ["planet-cred"]),
        Row("a program's argument", "exec cat fi", ["file1", "file2"]),
        Row("a program's argument after the dashes", "exec -- cat fi", ["file1", "file2"]),
        Row("a program after a profile", "--profile=practice exec -- planet-c", ["planet-cred"]),
        Row("a program's argument after an option", "exec -- cat -n fi", ["file1", "file2"]),
        Row("a program's argument after its dashes", "exec -- cat -- fi", ["file1", "file2"]),
        Row("no option of ours for a program", "exec cat --min", []),
        Row("no option of ours after the dashes", "exec -- cat --min", []),
    ]

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

    @Test("bash completes what can follow", arguments: lines)
    func bash(_ row: Row<String, [String]>) async throws {
        try await expect(row, from: .bash)
    }

    @Test(
        "zsh completes what can follow",
        .enabled(if: CompletingShell.zsh.isInstalled, "takes zsh"), arguments: lines)
    func zsh(_ row: Row<String, [String]>) async throws {
        try await expect(row, from: .zsh)
    }

    @Test(
        "fish completes what can follow",
        .enabled(if: CompletingShell.fish.isInstalled, "takes fish"), arguments: lines)
    func fish(_ row: Row<String, [String]>) async throws {
        try await expect(row, from: .fish)
    }

    @Test(
        "bash replaces only what follows a sign at which it splits words",
        arguments: [
            Row("a value", "token --format = k", ["kubernetes"]),
            Row(
                "an empty value", "completions --profile =", ["legacy", "planet-user", "practice"]),
            Row("a value as one word", "token --format=k", ["--format=kubernetes"]),
            Row("a value before the command", "--min-ttl = 600 token --rej", ["--rejected"]),
            Row("a variable", "exec --env A = b --mi", ["--min-ttl"]),
            Row("the value of a variable", "exec --env A = planet-c", []),
            Row("a path with a colon", "--profile-file a : b status --j", ["--json"]),
        ])
    func split(_ row: Row<String, [String]>) async throws {
        let home = try stage()
        let answer = try await CompletingShell.bash.offers(row.given, in: home)
        #expect(answer.errors == "")
        #expect(answer.lines == row.wanted)
    }

    @Test(
        "any program is offered after the dashes of exec",
        .enabled(if: CompletingShell.allCases.allSatisfy(\.isInstalled), "takes zsh and fish"),
        arguments: CompletingShell.allCases)
    private func programs(_ shell: CompletingShell) async throws {
        let answer = try await shell.offers("exec -- ", in: try stage())
        #expect(answer.errors == "")
        #expect(Set(answer.lines).isSuperset(of: ["planet-cred", "bash"]))
    }

    @Test(
        "a program is offered by its path, and its argument in a folder",
        .enabled(if: CompletingShell.allCases.allSatisfy(\.isInstalled), "takes zsh and fish"),
        arguments: CompletingShell.allCases)
    private func paths(_ shell: CompletingShell) async throws {
        for (line, wanted) in [("exec -- ./jo", "job.sh"), ("exec -- cat sub/in", "inner")] {
            let home = try stage()
            _ = try await home.shell(
                "mkdir sub; touch sub/inner; printf '#!/bin/sh' >job.sh; chmod 755 job.sh")
            let answer = try await shell.offers(line, in: home)
            #expect(answer.errors == "")
            #expect(answer.lines.map { $0.split(separator: "/").last.map(String.init) } == [wanted])
        }
    }

    @Test(
        "without a folder of profiles those are offered that are built in",
        .enabled(if: CompletingShell.allCases.allSatisfy(\.isInstalled), "takes zsh and fish"),
        arguments: CompletingShell.allCases)
    private func noProfiles(_ shell: CompletingShell) async throws {
        let home = try ScratchHome()
        try home.makeFolder(".planet")
        #expect(
            try await shell.offers("token --profile ", in: home).lines == ["legacy", "planet-user"])
    }

    @Test("a profile's name is not run by the shell", arguments: ["$(touch ran)", "`touch ran`"])
    func commandInName(_ name: String) async throws {
        let home = try ScratchHome()
        try home.makeFolder(".planet/\(name)")
        let answer = try await CompletingShell.bash.offers("token --profile ", in: home)
        #expect(answer == Outcome("\(name)\nlegacy\nplanet-user\n"))
        #expect(try await home.shell("ls") == Outcome())
    }

    @Test(
        "zsh takes the script from a file that is sourced too",
        .enabled(if: CompletingShell.zsh.isInstalled, "takes zsh"))
    func sourced() async throws {
        let home = try ScratchHome()
        let script = """
            autoload -Uz compinit && compinit -u -D
            source <(planet-cred completions zsh) && print $_comps[planet-cred]
            """
        let answer = try await home.command("zsh", ["-f", "-c", script]).run()
        #expect(answer == Outcome("_planet_cred\n"))
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

    private func expect(_ row: Row<String, [String]>, from shell: CompletingShell) async throws {
        let answer = try await shell.offers(row.given, in: try stage())
        #expect(answer.errors == "")
        // Some shells offer the word from the option's name on.
        #expect(answer.lines.map { $0.replacing(/^--[a-z-]+=/, with: "") } == row.wanted)
    }

    private func stage() throws -> ScratchHome {
        let home = try ScratchHome()
        try home.makeFolder(".planet/practice")
        for file in ["file1", "file2"] { try home.write("\(home.root)/work/\(file)", "") }
        return home
    }
}

/// A shell that completes a command line of planet-cred.
private enum CompletingShell: String, Sendable, CaseIterable {
    case bash, zsh, fish

    var isInstalled: Bool {
        ["/usr/local/bin", "/usr/bin", "/bin"].contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/\(rawValue)")
        }
    }

    /// What it offers for the last word of `planet-cred LINE`, a line each and sorted.
    func offers(_ line: String, in home: ScratchHome) async throws -> Outcome {
        let words =
            switch self {
            case .bash: ["-c", Self.bashScript, "bash"]
            case .zsh: ["-f", "-c", Self.zshScript, "zsh"]
            case .fish: ["--no-config", "-c", Self.fishScript]
            }
        return try await home.command(rawValue, words + ["planet-cred \(line)"]).run()
    }

    /// Sources the script, completes the words after a space of `$1`, and prints the offers.
    ///
    /// Where the script leaves a path to readline, this does as readline does.
    private static let bashScript = """
        source <(planet-cred completions bash)
        compopt() { wanted=$2; }
        IFS=' ' read -ra COMP_WORDS <<<"$1"
        [[ $1 == *' ' ]] && COMP_WORDS+=("")
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        _planet_cred
        if [[ ${#COMPREPLY[@]} -eq 0 && $wanted == default ]]; then
            mapfile -t COMPREPLY < <(compgen -f -- "${COMP_WORDS[COMP_CWORD]}")
        fi
        [[ ${#COMPREPLY[@]} -eq 0 ]] || printf '%s\\n' "${COMPREPLY[@]}" | sort -u
        """

    /// Types `$1` and a tab into an interactive zsh, and prints what is offered to its completion
    /// system.
    private static let zshScript = """
        mkdir $TMPDIR/functions
        planet-cred completions zsh >$TMPDIR/functions/_planet_cred
        cat >$TMPDIR/setup <<'SETUP'
        fpath=($TMPDIR/functions $fpath)
        autoload -Uz compinit
        compinit -u -D
        bindkey '^I' complete-word
        compadd() {
            if [[ " ${(j: :)@[1,(i)(-|--)]} " != *' -'(O|A|D)' '* ]]; then
                local -a offers
                builtin compadd -A offers "$@"
                (( $#offers )) && print -rl -- $offers >>$TMPDIR/offers
            fi
            builtin compadd "$@"
        }
        comppostfuncs=(exit)
        SETUP
        zmodload zsh/zpty
        zpty shell zsh -f -i
        zpty -w shell "source $TMPDIR/setup"
        zpty -w shell "$1"$'\\t'
        while zpty -r shell output; do :; done
        [[ ! -e $TMPDIR/offers ]] || sort -u $TMPDIR/offers
        """

    private static let fishScript = """
        planet-cred completions fish | source
        complete -C "$argv[1]" | cut -f 1 | sort -u
        """
}
