import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("A profile from a file, and nothing kept", .inTurn) struct ProfileFileTests {
    /// A server, a home without any profile, and the text of a profile for the server.
    private struct Setting {
        let server: PracticeServer
        let home: ScratchHome
        let text: String

        init() throws {
            server = try PracticeServer()
            home = try ScratchHome()
            text = String(
                decoding: PracticeServer.JSON.serviceAccount(server).encoded, as: UTF8.self)
        }
    }

    @Test("--profile-file takes the profile from a file, and its token is shared") func file()
        async throws
    {
        let setting = try Setting()
        try setting.home.write("my.json", setting.text)
        let path = setting.home.absolute("my.json")
        let first = try await setting.home.run("token", "--profile-file", path)
        let second = try await setting.home.run("--profile-file=\(path)", "token")
        #expect(first == Outcome(setting.server.issuedTokens[0] + "\n"))
        #expect(second == first)
        #expect(setting.server.requestCount("/token") == 1)
    }

    @Test("--profile-file - takes the profile from standard input") func input() async throws {
        let setting = try Setting()
        let first = try await setting.home.run("token", "--profile-file", "-", input: setting.text)
        let second = try await setting.home.run("token", "--profile-file", "-", input: setting.text)
        #expect(first == Outcome(setting.server.issuedTokens[0] + "\n"))
        #expect(second == first)
    }

    @Test("a profile from a file can be given a name") func name() async throws {
        let setting = try Setting()
        _ = try await setting.home.run(
            "token", "--profile-file", "-", "--profile", "Mine", input: setting.text)
        #expect(setting.home.exists(".planet/mine/token.json"))
    }

    @Test("a relative path is one of the working folder") func relative() async throws {
        let setting = try Setting()
        try setting.home.write("\(setting.home.root)/work/my.json", setting.text)
        let answer = try await setting.home.run("token", "--profile-file", "my.json")
        #expect(answer == Outcome(setting.server.issuedTokens[0] + "\n"))
    }

    @Test(
        "status says what brought the file, and not that it hides itself",
        arguments: [
            Row("an option", ["--profile-file", "my.json"], "--profile-file ROOT/work/my.json"),
            Row("a variable", [], "PLANET_CRED_PROFILE_FILE"),
            Row(
                "a variable that is hidden", ["--profile-file", "other.json"],
                "--profile-file ROOT/work/other.json\nhides          PLANET_CRED_PROFILE_FILE"),
        ])
    func status(_ row: Row<[String], String>) async throws {
        let setting = try Setting()
        let root = setting.home.root
        try setting.home.write("\(root)/work/my.json", setting.text)
        try setting.home.write("\(root)/work/other.json", setting.text)
        let answer = try await setting.home.planetCred(
            ["status"] + row.given, with: ["PLANET_CRED_PROFILE_FILE": "my.json"]
        ).run()
        let chosen = row.wanted.replacing("ROOT", with: root)
        #expect(answer.text.contains("\nchosen by      \(chosen)\n"))
    }

    @Test("PLANET_CRED_PROFILE_FILE does the same as --profile-file") func variable()
        async throws
    {
        let setting = try Setting()
        try setting.home.write("my.json", setting.text)
        let answer = try await setting.home.run(
            "token", with: ["PLANET_CRED_PROFILE_FILE": setting.home.absolute("my.json")])
        #expect(answer == Outcome(setting.server.issuedTokens[0] + "\n"))
    }

    @Test("--profile wins over PLANET_CRED_PROFILE_FILE, which wins over PL_AUTH_PROFILE")
    func precedence() async throws {
        let setting = try Setting()
        for name in ["option", "variable"] {
            try setting.home.writeProfile(
                name, ["client_type": "static_apikey", "api_key": .string(name)])
        }
        try setting.home.write("my.json", #"{"client_type": "static_apikey", "api_key": "file"}"#)
        let variables = [
            "PLANET_CRED_PROFILE_FILE": setting.home.absolute("my.json"),
            "PL_AUTH_PROFILE": "variable",
        ]
        let byOption = try await setting.home.run("token", "--profile", "option", with: variables)
        let byFile = try await setting.home.run("token", with: variables)
        #expect(byOption == Outcome("option\n"))
        #expect(byFile == Outcome("file\n"))
    }

    @Test("a profile file that is missing is an error") func missing() async throws {
        let answer = try await ScratchHome().planetCred(
            ["token", "--profile-file", "/nowhere/p.json"], with: ["PL_API_KEY": "k"]
        ).run()
        #expect(
            answer
                == Outcome(
                    errors: """
                        planet-cred: error: cannot read profile file '/nowhere/p.json'
                        planet-cred: because: it does not exist
                        planet-cred: try: ls -l /nowhere/p.json

                        """, status: 78))
    }

    @Test("git's request and a profile cannot both come on standard input") func both()
        async throws
    {
        let answer = try await ScratchHome().planetCred(["get", "--profile-file", "-"]).run()
        #expect(
            answer
                == Outcome(
                    errors: """
                        planet-cred: error: cannot read the profile from standard input here
                        planet-cred: because: git's request comes that way

                        """, status: 2))
    }

    @Test("--no-save asks the server each time and keeps nothing") func noSave() async throws {
        let setting = try Setting()
        let first = try await setting.home.run(
            "token", "--no-save", "--profile-file", "-", input: setting.text)
        let second = try await setting.home.run(
            "--no-save", "token", "--profile-file", "-", input: setting.text)
        #expect(first == Outcome(setting.server.issuedTokens[0] + "\n"))
        #expect(second == Outcome(setting.server.issuedTokens[1] + "\n"))
        #expect(setting.home.files == [])
    }

    @Test(
        "--no-save opens nothing in the home folder, nor any folder that takes its place",
        arguments: [
            Example("token", ["token"]), Example("header", ["header"]),
            Example("status", ["status"]),
            Example("exec", ["exec", "--", "true"]),
        ])
    func traced(_ row: Example<[String]>) async throws {
        let setting = try Setting()
        try setting.home.write("\(setting.home.root)/work/my.json", setting.text)
        try setting.home.write(".planet.json", #"{"key": "PLAK-1"}"#)
        try setting.home.writeProfile("other", ["client_type": "static_apikey", "api_key": "k"])
        let words =
            ["--no-save", "--profile-file", "\(setting.home.root)/work/my.json"] + row.given
        let answer = try await setting.home.command(
            "strace",
            [
                "-f", "-qq", "-e", "trace=%file", "-o", "\(setting.home.root)/trace",
                setting.home.program.path,
            ]
                + words
        ).run()
        let calls = try setting.home.read("\(setting.home.root)/trace").split(separator: "\n")
        #expect(answer.end == .exited(0))
        #expect(calls.contains { $0.contains("my.json") })
        #expect(calls.filter { $0.contains(setting.home.path) } == [])
        #expect(calls.filter { $0.contains("\(setting.home.root)/run") } == [])
        #expect(calls.filter { $0.contains("\(setting.home.root)/tmp") } == [])
    }

    @Test("with --no-save what is to be typed keeps nothing either") func remedy() async throws {
        let setting = try Setting()
        let path = setting.home.absolute("my.json")
        try setting.home.write("my.json", setting.text)
        let answer = try await setting.home.run(
            "token", "--min-ttl", "7200", "--no-save", "--profile-file", path, "--profile", "a")
        #expect(
            answer.errorParts.last
                == "try: planet-cred token --min-ttl 1800 --no-save --profile-file \(path) --profile a"
        )
    }

    @Test("with --no-save no login is advised, for it would not be found") func person()
        async throws
    {
        let home = try ScratchHome()
        try home.write(
            "me.json",
            #"{"client_type": "oidc_device_code", "client_id": "a", "auth_server": "https://a.example"}"#
        )
        let answer = try await home.run(
            "token", "--no-save", "--profile-file", home.absolute("me.json"), "--profile", "me")
        #expect(
            answer.errorParts == [
                "error: profile 'me' has no good token",
                "because: a person must log in, and with --no-save no login is kept",
            ])
        #expect(answer.end == .exited(77))
    }

    @Test("--no-save without a profile to use is refused") func nothing() async throws {
        let answer = try await ScratchHome().planetCred(["token", "--no-save"]).run()
        #expect(
            answer
                == Outcome(
                    errors: """
                        planet-cred: error: no profile to use with --no-save
                        planet-cred: because: the home folder is not read, and nothing else names a profile
                        planet-cred: try: planet-cred --no-save --profile-file PATH ...

                        """, status: 2))
    }

    @Test("--no-save takes no profile of the home folder") func named() async throws {
        let practice = try Practice()
        let answer = try await practice.home.run("token", "--no-save", "--profile", "practice")
        let path = practice.home.absolute(ScratchHome.profilePath("practice"))
        #expect(
            answer
                == Outcome(
                    errors: """
                        planet-cred: error: cannot use profile 'practice' with --no-save
                        planet-cred: because: it is in the home folder, which --no-save does not read
                        planet-cred: try: planet-cred --no-save --profile-file \(path) token

                        """, status: 2))
    }

    @Test("git is answered without a home folder") func git() async throws {
        let setting = try Setting()
        try setting.home.write("\(setting.home.root)/work/my.json", setting.text)
        let answer = try await setting.home.run(
            "get", "--no-save", "--profile-file", "my.json",
            input: "protocol=http\nhost=127.0.0.1:\(setting.server.port)\n")
        #expect(answer.lines.contains("password=\(setting.server.issuedTokens[0])"))
        #expect(setting.home.files == [])
    }
}
