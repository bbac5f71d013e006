import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("Client secrets", .inTurn) struct ClientSecretTests {
    @Test(
        "CC-03: the secret comes from a file",
        arguments: [
            Example("with a line end", "m2m-secret\n"), Example("without one", "m2m-secret"),
            Example("with the line end of Windows", "m2m-secret\r\n"),
        ])
    func file(_ row: Example<String>) async throws {
        let practice = try Practice(
            changing: ["client_secret": nil], own: ["client_secret_file": "secret.txt"])
        try practice.home.write(".planet/practice/secret.txt", row.given)
        let answer = try await practice.run("token")
        #expect(answer == Outcome(practice.server.issuedTokens[0] + "\n"))
    }

    @Test(
        "CC-03: the file's path is absolute, of the home folder, or of the profile's folder",
        arguments: [
            Row("absolute", "ROOT/tmp/secret", "ROOT/tmp/secret"),
            Row("of the home folder", "~/secrets/eo", "ROOT/home/secrets/eo"),
            Row("of the profile's folder", "../secret", "ROOT/home/.planet/secret"),
        ])
    func paths(_ row: Row<String, String>) async throws {
        let practice = try Practice()
        let root = practice.home.root
        try practice.home.writeProfile(
            for: practice.server, changing: ["client_secret": nil],
            own: ["client_secret_file": .string(row.given.replacing("ROOT", with: root))])
        try practice.home.write(row.wanted.replacing("ROOT", with: root), "m2m-secret\n")
        let answer = try await practice.run("token")
        #expect(answer == Outcome(practice.server.issuedTokens[0] + "\n"))
    }

    @Test(
        "CC-03: a file that cannot be used is named",
        arguments: [
            Row("missing", "true", "it does not exist"),
            Row("empty", ": > secret", "its first line is empty"),
            Row("not UTF-8", #"printf '\377' > secret"#, "it is not UTF-8"),
            Row("a folder", "mkdir secret", "it is not a regular file"),
        ])
    func badFile(_ row: Row<String, String>) async throws {
        let practice = try Practice(
            changing: ["client_secret": nil], own: ["client_secret_file": "secret"])
        let path = practice.home.absolute(".planet/practice/secret")
        _ = try await practice.home.shell("umask 077; cd ~/.planet/practice; \(row.given)")
        let answer = try await practice.run("token")
        #expect(
            answer
                == Outcome(
                    errors: """
                        planet-cred: error: cannot read the client secret of profile 'practice'
                        planet-cred: because: '\(path)': \(row.wanted)
                        planet-cred: try: ls -l \(path)

                        """, status: 78))
        #expect(practice.server.connectionCount == 0)
    }

    @Test("CC-03: a secret file that others can read is warned of") func readableFile()
        async throws
    {
        let practice = try Practice(
            changing: ["client_secret": nil], own: ["client_secret_file": "secret"])
        try practice.home.write(".planet/practice/secret", "m2m-secret", mode: 0o644)
        let path = practice.home.absolute(".planet/practice/secret")
        let answer = try await practice.run("token")
        #expect(
            answer
                == Outcome(
                    practice.server.issuedTokens[0] + "\n",
                    errors: """
                        planet-cred: warning: others can read the secret in '\(path)'; try: chmod 600 \(path)

                        """))
    }

    @Test("CC-03: a profile with a secret that others can read is warned of") func readableProfile()
        async throws
    {
        let practice = try Practice()
        let path = practice.home.absolute(ScratchHome.profilePath("practice"))
        try practice.home.setMode(path, 0o640)
        let answer = try await practice.run("token")
        #expect(
            answer
                == Outcome(
                    practice.server.issuedTokens[0] + "\n",
                    errors: """
                        planet-cred: warning: others can read the secret in '\(path)'; try: chmod 600 \(path)

                        """))
    }

    @Test("CC-03: a profile without a secret in it may be readable") func readableWithoutSecret()
        async throws
    {
        let practice = try Practice(
            changing: ["client_secret": nil], own: ["client_secret_command": "echo m2m-secret"])
        try practice.home.setMode(ScratchHome.profilePath("practice"), 0o644)
        let answer = try await practice.run("token")
        #expect(answer == Outcome(practice.server.issuedTokens[0] + "\n"))
    }

    @Test(
        "CC-03: the secret comes from a command",
        arguments: [
            Example<PracticeServer.JSON>(
                "for the shell", "printf 'm2m-%s\\nsecond line\\n' secret"),
            Example<PracticeServer.JSON>("words without a shell", ["printf", "%s-secret", "m2m"]),
            Example<PracticeServer.JSON>("a program of the path", ["my-secret", "$HOME"]),
        ])
    func command(_ row: Example<PracticeServer.JSON>) async throws {
        let practice = try Practice(
            changing: ["client_secret": nil], own: ["client_secret_command": row.given])
        // Only a shell would replace the variable.
        try await practice.home.writeProgram(
            "my-secret", "#!/bin/sh\ntest \"$1\" = '$HOME' && echo m2m-secret\n")
        let answer = try await practice.run("token")
        #expect(answer == Outcome(practice.server.issuedTokens[0] + "\n"))
    }

    @Test(
        "CC-03: a command that gives no secret is named",
        arguments: [
            Row<PracticeServer.JSON, [String]>(
                "failing", "echo oh no >&2; exit 3",
                ["/bin/sh -c ...", "it ended with status 3: oh no"]),
            Row<PracticeServer.JSON, [String]>("silent", ["true"], ["true", "it printed nothing"]),
            Row<PracticeServer.JSON, [String]>(
                "missing", ["no-such-program"], ["no-such-program", "there is no such program"]),
            Row<PracticeServer.JSON, [String]>(
                "killed", "kill -9 $$", ["/bin/sh -c ...", "it was ended by signal 9"]),
        ])
    func badCommand(_ row: Row<PracticeServer.JSON, [String]>) async throws {
        let practice = try Practice(
            changing: ["client_secret": nil], own: ["client_secret_command": row.given])
        let answer = try await practice.run("token")
        #expect(
            answer
                == Outcome(
                    errors: """
                        planet-cred: error: 'client_secret_command' gave no secret
                        planet-cred: because: \(row.wanted[0]): \(row.wanted[1])
                        planet-cred: try: ${EDITOR:-vi} \(practice.home.path)/.planet/practice/auth_client.json

                        """, status: 78))
        #expect(practice.server.connectionCount == 0)
    }

    @Test("the command is not run while the cached token is good") func lazyCommand()
        async throws
    {
        let practice = try Practice(
            changing: ["client_secret": nil],
            own: ["client_secret_command": "echo x >>~/runs; echo m2m-secret"])
        _ = try await practice.run("token")
        _ = try await practice.run("token")
        #expect(try practice.home.read("runs") == "x\n")
    }
}
