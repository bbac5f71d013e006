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

    @Test(
        "--env sets one more variable from a template",
        arguments: [
            Row("the token", "A", "PLAK-1"), Row("a text", "A=plain", "plain"),
            Row("nothing", "A=", ""),
            Row("the token in a text", "A=x{token}y={token}", "xPLAK-1y=PLAK-1"),
            Row("the header", "A={authorization}", "api-key PLAK-1"),
            Row("the profile", "A={profile}", "_pl_api_key"),
            Row("an expiry that there is none of", "A=[{expires_at}]", "[]"),
        ])
    func templates(_ row: Row<String, String>) async throws {
        let answer = try await ScratchHome().planetCred(
            ["exec", "--env", row.given, "--", "printenv", "A"], with: Self.key
        ).run()
        #expect(answer == Outcome(row.wanted + "\n"))
    }

    @Test("--env wins over the profile's environment, which wins over what is inherited")
    func profileEnvironment() async throws {
        let practice = try Practice(
            own: [
                "environment": [
                    "A": "profile {token}", "B": "profile {profile}", "PLANET_CRED_TOKEN": "mine",
                ]
            ])
        let answer = try await practice.run(
            "exec", "--env", "A=option", "--", "sh", "-c", "echo $A, $B, $C, $PLANET_CRED_TOKEN",
            with: ["A": "inherited", "B": "inherited", "C": "inherited"])
        #expect(answer == Outcome("option, profile practice, inherited, mine\n"))
    }

    @Test(
        "a variable that cannot be is refused before the command starts",
        arguments: [
            Row("a digit first", "1A", ["error: '1A' cannot name an environment variable"]),
            Row("no name", "=x", ["error: '' cannot name an environment variable"]),
            Row(
                "an unknown placeholder", "A={secret}",
                [
                    "error: the template of 'A' has an unknown placeholder",
                    "because: known are {token}, {authorization}, {expires_at}, {profile}",
                ]),
            Row(
                "an open brace", "A={token",
                [
                    "error: the template of 'A' has an unknown placeholder",
                    "because: known are {token}, {authorization}, {expires_at}, {profile}",
                ]),
        ])
    func badVariable(_ row: Row<String, [String]>) async throws {
        let answer = try await ScratchHome().planetCred(
            ["exec", "--env", row.given, "--", "echo", "started"], with: Self.key
        ).run()
        #expect(answer.output == [])
        #expect(answer.errorParts == row.wanted)
        #expect(answer.end == .exited(2))
    }

    @Test("planet-cred inside the command chooses the same profile") func nested() async throws {
        let practice = try Practice()
        let answer = try await practice.home.run(
            "exec", "--profile", "practice", "--", "planet-cred", "token",
            with: ["PLANET_CRED_PROFILE_FILE": "/nowhere", "PL_API_KEY": "k"])
        #expect(answer == Outcome(practice.server.issuedTokens[0] + "\n"))
        #expect(practice.tokenRequestCount == 1)
    }

    @Test("planet-cred inside the command uses the same profile file") func nestedFile()
        async throws
    {
        let practice = try Practice()
        let file = practice.home.absolute(ScratchHome.profilePath("practice"))
        let answer = try await practice.home.run(
            "exec", "--profile-file", file, "--", "planet-cred", "token")
        #expect(answer == Outcome(practice.server.issuedTokens[0] + "\n"))
        #expect(practice.tokenRequestCount == 1)
    }

    @Test("--rejected inside the command is about the token that it was given") func rejected()
        async throws
    {
        let practice = try Practice()
        let answer = try await practice.run(
            "exec", "--", "sh", "-c", "planet-cred token --rejected; planet-cred token --rejected")
        #expect(
            answer.lines
                == [practice.server.issuedTokens[1], practice.server.issuedTokens[1]])
    }

    @Test("--min-ttl gives the command a token that lives long enough") func minimumLife()
        async throws
    {
        let practice = try Practice()
        _ = try await practice.run("token")
        try practice.home.ageToken(bySeconds: 1800)
        let answer = try await practice.run(
            "exec", "--min-ttl", "3000", "--", "printenv", "PLANET_CRED_TOKEN")
        #expect(answer == Outcome(practice.server.issuedTokens[1] + "\n"))
    }

    @Test("without a credential the command does not start") func noCredential() async throws {
        let answer = try await ScratchHome().planetCred(["exec", "--", "echo", "started"]).run()
        #expect(answer.output == [])
        #expect(answer.end == .exited(77))
    }
}
