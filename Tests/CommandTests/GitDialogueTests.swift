import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("git's helper protocol", .inTurn) struct GitDialogueTests {
    private static let modern = "capability[]=authtype\ncapability[]=state\n"

    /// What git says of the server.
    private func place(_ practice: Practice) -> String {
        "protocol=http\nhost=\(practice.authority)\n"
    }

    @Test("capability tells what we speak") func capability() async throws {
        #expect(
            try await ScratchHome().planetCred(["capability"]).run()
                == Outcome("version 0\ncapability authtype\ncapability state\n"))
    }

    @Test("git before 2.46 gets a user name and a password") func old() async throws {
        let practice = try Practice()
        let answer = try await practice.run("get", input: place(practice))
        #expect(
            answer
                == Outcome(
                    """
                    username=oauth2
                    password=\(practice.server.issuedTokens[0])
                    password_expiry_utc=\(try practice.home.tokenExpiry())

                    """))
    }

    @Test("the user name is git's, else the profile's") func username() async throws {
        let practice = try Practice(own: ["username": "x-access-token"])
        let byProfile = try await practice.run("get", input: place(practice))
        let byGit = try await practice.run("get", input: place(practice) + "username=me\n")
        #expect(byProfile.lines[0] == "username=x-access-token")
        #expect(byGit.lines[0] == "username=me")
    }

    @Test("git from 2.46 on gets a bearer token, and is asked to come back") func modernGet()
        async throws
    {
        let practice = try Practice()
        let answer = try await practice.run("get", input: Self.modern + place(practice))
        let digest = try await practice.home.shell(
            "printf %s $1 | sha256sum | cut -c1-16", practice.server.issuedTokens[0])
        #expect(
            answer
                == Outcome(
                    """
                    capability[]=authtype
                    capability[]=state
                    authtype=Bearer
                    credential=\(practice.server.issuedTokens[0])
                    ephemeral=1
                    password_expiry_utc=\(try practice.home.tokenExpiry())
                    state[]=planet-cred:\(digest.line)
                    continue=1

                    """))
    }

    @Test("git that offers only the type gets no state") func authtypeOnly() async throws {
        let practice = try Practice()
        let answer = try await practice.run(
            "get", input: "capability[]=authtype\n" + place(practice))
        #expect(
            answer
                == Outcome(
                    """
                    capability[]=authtype
                    authtype=Bearer
                    credential=\(practice.server.issuedTokens[0])
                    ephemeral=1
                    password_expiry_utc=\(try practice.home.tokenExpiry())

                    """))
    }

    @Test("BEAR-03: the second get after a 401 gives another token, and no third round")
    func secondGet()
        async throws
    {
        let practice = try Practice()
        let first = try await practice.run("get", input: Self.modern + place(practice))
        let state = try #require(first.lines.first { $0.hasPrefix("state[]=") })
        let challenge = #"wwwauth[]=Bearer realm="practice", error="invalid_token""#
        let second = try await practice.run(
            "get", input: "\(Self.modern)\(place(practice))\(challenge)\n\(state)\n")
        #expect(second.lines.contains("credential=\(practice.server.issuedTokens[1])"))
        #expect(!second.lines.contains("continue=1"))
        #expect(second.errors == "")
        let next = try await practice.run("get", input: Self.modern + place(practice))
        #expect(next.lines.contains("credential=\(practice.server.issuedTokens[1])"))
        #expect(practice.tokenRequestCount == 2)
    }

    @Test("the state of a token that is not in the cache any more causes no request")
    func oldState() async throws {
        let practice = try Practice()
        let first = try await practice.run("get", input: Self.modern + place(practice))
        let state = try #require(first.lines.first { $0.hasPrefix("state[]=") })
        _ = try await practice.run("token", "--rejected")
        let answer = try await practice.run(
            "get", input: "\(Self.modern)\(place(practice))\(state)\n")
        #expect(answer.lines.contains("credential=\(practice.server.issuedTokens[1])"))
        #expect(practice.tokenRequestCount == 2)
    }

    @Test("the state of another helper is not ours") func foreignState() async throws {
        let practice = try Practice()
        let answer = try await practice.run(
            "get", input: "\(Self.modern)\(place(practice))state[]=other:1\n")
        #expect(answer.lines.contains("continue=1"))
    }

    @Test("BEAR-03: a token that lacks a scope is not renewed, and the profile is named")
    func scope()
        async throws
    {
        let practice = try Practice()
        let first = try await practice.run("get", input: Self.modern + place(practice))
        let state = try #require(first.lines.first { $0.hasPrefix("state[]=") })
        let challenge = #"Bearer error="insufficient_scope", scope="write""#
        let answer = try await practice.run(
            "get", input: "\(Self.modern)\(place(practice))wwwauth[]=\(challenge)\n\(state)\n")
        let path = practice.home.absolute(ScratchHome.profilePath("practice"))
        #expect(
            answer
                == Outcome(
                    errors: """
                        planet-cred: error: the token of profile 'practice' is not enough for '\(practice.authority)'
                        planet-cred: because: the server says '\(challenge)'
                        planet-cred: try: ${EDITOR:-vi} \(path)    # add the scope to "scopes"

                        """, status: 78))
        #expect(practice.tokenRequestCount == 1)
    }

    @Test("erase drops the token that git names, and the next get has another") func erase()
        async throws
    {
        let practice = try Practice()
        let token = try await practice.run("token").line
        let answer = try await practice.run(
            "erase", input: "\(place(practice))username=oauth2\npassword=\(token)\n")
        let next = try await practice.run("get", input: place(practice))
        #expect(answer == Outcome())
        #expect(next.lines[1] == "password=\(practice.server.issuedTokens[1])")
    }

    @Test("erase takes the name of git from 2.46 on for the token") func eraseCredential()
        async throws
    {
        let practice = try Practice()
        let token = try await practice.run("token").line
        _ = try await practice.run(
            "erase",
            input: "\(Self.modern)\(place(practice))authtype=Bearer\ncredential=\(token)\n")
        let next = try await practice.run("token")
        #expect(next == Outcome(practice.server.issuedTokens[1] + "\n"))
    }

    @Test(
        "erase leaves every other token alone",
        arguments: [
            Example("another token", "protocol=http\nhost=HOST\npassword=other\n"),
            Example("no token", "protocol=http\nhost=HOST\n"),
            Example("an empty one", "protocol=http\nhost=HOST\npassword=\n"),
            Example("no host", "protocol=http\npassword=TOKEN\n"),
            Example("another host", "protocol=http\nhost=localhost:1\npassword=TOKEN\n"),
            Example("nothing at all", ""),
        ])
    func eraseOther(_ row: Example<String>) async throws {
        let practice = try Practice()
        let token = try await practice.run("token").line
        let before = practice.home.tokenText()
        let input = row.given.replacing("HOST", with: practice.authority)
            .replacing("TOKEN", with: token)
        #expect(try await practice.run("erase", input: input) == Outcome())
        #expect(practice.home.tokenText() == before)
    }

    @Test("store keeps nothing") func store() async throws {
        let practice = try Practice()
        let files = practice.home.files
        let answer = try await practice.run(
            "store", input: place(practice) + "username=u\npassword=p\n")
        #expect(answer == Outcome())
        #expect(practice.home.files == files)
    }

    @Test(
        "keys, capabilities and values that nobody knows are skipped",
        arguments: [
            Example("keys", "path=a/b\nodd=1\nodd[]=2\n=3\n"),
            Example("capabilities", "capability[]=telepathy\n"),
            Example("an unset list", "wwwauth[]=Basic\nwwwauth[]=\n"),
            Example("a long line", "wwwauth[]=" + String(repeating: "x", count: 200_000) + "\n"),
            Example("values with an equals sign", "path=a=b=c\n"),
            Example("a Unicode line end", "path=a\u{2028}host=evil.example\n"),
            Example("the end of the attributes", "\nhost=evil.example\n"),
        ])
    func unknown(_ row: Example<String>) async throws {
        let practice = try Practice()
        let answer = try await practice.run("get", input: place(practice) + row.given)
        #expect(answer.lines.contains("password=\(practice.server.issuedTokens[0])"))
        #expect(answer.errors == "")
    }

    @Test(
        "what is no attribute is refused",
        arguments: [
            Example("a line without an equals sign", "nonsense\n"),
            Example("a NUL", "path=a\0b\n"),
        ])
    func malformed(_ row: Example<String>) async throws {
        let practice = try Practice()
        let answer = try await practice.run("get", input: place(practice) + row.given)
        #expect(
            answer
                == Outcome(
                    errors: """
                        planet-cred: error: cannot read git's request
                        planet-cred: because: a line is not 'key=value', or is not UTF-8

                        """, status: 1))
        #expect(practice.server.connectionCount == 0)
    }

    @Test(
        "an API key is the user name of old git, and the credential of new git",
        arguments: [
            Row("old", "", "username=PLAK-1\npassword=\n"),
            Row(
                "new", "capability[]=authtype\ncapability[]=state\n",
                "capability[]=authtype\ncapability[]=state\nauthtype=api-key\ncredential=PLAK-1\nephemeral=1\n"
            ),
        ])
    func key(_ row: Row<String, String>) async throws {
        let answer = try await ScratchHome().planetCred(
            ["get"], input: row.given + "protocol=https\nhost=api.planet.com\n",
            with: ["PL_API_KEY": "PLAK-1"]
        ).run()
        #expect(answer.text.hasPrefix(row.wanted))
        #expect(!answer.lines.contains("continue=1"))
    }

    @Test("a user name that would start a new line is refused") func injectedName() async throws {
        let practice = try Practice(own: ["username": "me\nhost=evil.example"])
        let answer = try await practice.run("get", input: place(practice))
        #expect(answer.output == [])
        #expect(answer.errorParts[0] == "error: cannot use profile 'practice'")
        #expect(answer.end == .exited(78))
    }

    @Test("a request ends at its empty line, although the pipe stays open") func openPipe()
        async throws
    {
        let practice = try Practice()
        let answer = try await practice.home.shell(
            """
            mkfifo pipe
            exec 3<>pipe
            printf 'protocol=http\nhost=\(practice.authority)\n\n' >&3
            planet-cred get <pipe
            """, with: ["PL_AUTH_PROFILE": "practice"])
        #expect(answer.text.contains("password=\(practice.server.issuedTokens[0])\n"))
    }
}
