import Glibc
import PracticeServer
import TestSupport
import Testing
import Workbench

/// Remedies that are pasted in a home directory whose name has everything that a shell reads.
@Suite("Remedies", .inTurn) struct RemedyTests {
    private static let home = "it's \"my\" home; $(touch hacked) `touch hacked` & ~\n\\ *"

    private static let profile =
        #"{"client_type": "oidc_client_credentials_secret", "client_id": "m2m", "#
        + #""auth_server": "https://auth.example", "planet_cred": "#

    @Test(
        "a remedy does what it says, and nothing else",
        arguments: [
            Row("a broken profile", Step("echo '{broken' >auth_client.json", "token"), "{broken"),
            Row(
                "a secret that is missing",
                Step(#"echo '\#(profile){"client_secret_file": "s"}}' >auth_client.json"#, "token"),
                "cannot access"),
            Row(
                "a command of others",
                Step(
                    #"echo '\#(profile){"client_secret_command": "true"}}' >auth_client.json; chmod 666 auth_client.json; chmod 777 ."#,
                    "token"), ""),
            Row(
                "a broken login",
                Step(
                    #"echo '{"client_type": "oidc_device_code", "client_id": "c", "auth_server": "https://auth.example"}' >auth_client.json; echo '{broken' >token.json"#,
                    "token"), ""),
            Row(
                "an encrypted profile", Step("echo x >auth_client.sops.json", "token"), "decrypted"),
            Row("a directory in capitals", Step("cd ..; mv prod PROD", "token"), ""),
            Row(
                "a relative program",
                Step(
                    #"echo '\#(profile){"client_secret_command": "echo s"}}' >auth_client.json; cd "$HOME"; touch curl; export PLANET_CRED_CURL=./curl"#,
                    "token"), ""),
            Row(
                "a relative profile file",
                Step(
                    "cd \"$HOME\"; touch my.json; export PLANET_CRED_PROFILE_FILE=./my.json PL_AUTH_PROFILE=",
                    "token"), ""),
        ])
    func pasted(_ row: Row<Step, String>) async throws {
        let home = try ScratchHome()
        try await home.writeProgram("sops", "#!/bin/sh\necho decrypted \"$@\" >&2\n")
        let answer = try await home.shell(
            """
            mkdir -p "$HOME/.planet/prod"; cd "$HOME/.planet/prod"
            \(row.given.setUp)
            planet-cred \(row.given.command) 2>"$TMPDIR/said"; echo "status $?"
            sed -n 's/^planet-cred: try: //p' "$TMPDIR/said" >"$TMPDIR/try"
            [ $(wc -l <"$TMPDIR/try") = 1 ] || cat "$TMPDIR/said"
            bash -n "$TMPDIR/try" && echo parsed
            yes n | head -1 | (. "$TMPDIR/try") 2>&1
            find "$HOME/.." -name hacked
            """,
            with: [
                "HOME": "\(home.root)/\(Self.home)", "PL_AUTH_PROFILE": "prod", "EDITOR": "cat",
            ])
        #expect(answer.text.contains("parsed\n"), "\(answer)")
        #expect(answer.text.contains(row.wanted), "\(answer)")
        #expect(!answer.text.contains("hacked\n"), "\(answer)")
        #expect(!answer.text.contains("status 0"), "\(answer)")
        #expect(!answer.text.contains("planet-cred: error: cannot read standard"), "\(answer)")
    }

    @Test("the remedy for a command that others could have written fixes it") func modes()
        async throws
    {
        let practice = try Practice(
            changing: ["client_secret": nil], own: ["client_secret_command": "echo m2m-secret"])
        let answer = try await practice.home.shell(
            """
            mkdir "$1"; cp -a ~/.planet "$1"; HOME=$1
            chmod 777 ~/.planet ~/.planet/practice; chmod 666 ~/.planet/practice/*
            planet-cred token 2>"$TMPDIR/said"
            sed -n 's/^planet-cred: try: //p' "$TMPDIR/said" >"$TMPDIR/try"
            . "$TMPDIR/try"
            planet-cred token
            """, "\(practice.home.root)/\(Self.home)", with: ["PL_AUTH_PROFILE": "practice"])
        #expect(answer == Outcome("\(practice.server.issuedTokens[0])\n"))
    }

    @Test(
        "the message about another user's token file names the user and does not suggest moving it",
        .enabled(if: geteuid() == 0, "only root can give a file to another user"))
    func another() async throws {
        let practice = try Practice()
        try practice.home.giveToNobody()
        let answer = try await practice.home.shellAsNobody(
            "echo '{}' >~/.planet/practice/token.json; cat ~/.planet/practice/token.json")
        #expect(answer.end == .exited(0))
        _ = try await practice.home.shell("chown 1001 ~/.planet/practice/token.json")
        let told = try await practice.home.shellAsNobody("planet-cred --profile practice token")
        #expect(told.errors.contains("because: it belongs to user 1001\n"))
        #expect(told.errors.contains("try: ls -l "))
        #expect(told.errors.contains("# run planet-cred as that user, or with --no-save\n"))
    }
}

/// What makes something wrong, as a script in the directory of the profile, and the command that
/// says so.
struct Step: Sendable {
    let setUp: String
    let command: String

    init(_ setUp: String, _ command: String) {
        self.setUp = setUp
        self.command = command
    }
}
