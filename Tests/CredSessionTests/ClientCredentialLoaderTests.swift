import CredCore
import CredSession
import TestSupport
import Testing
import Workbench

@Suite("Client secrets") struct ClientCredentialLoaderTests {
    private let stage: SessionStage

    init() throws { stage = try SessionStage() }

    @Test(
        "CC-03: a secret in a file is its first line",
        arguments: [
            Row("no line end", "s", "s"), Row("a line end", "s\n", "s"),
            Row("one of Windows", "s\r\n", "s"), Row("a second line", "s\nlogin: me\n", "s"),
            Row("spaces", " s ", " s "), Row("letters", "ä漢", "ä漢"),
        ])
    func content(_ row: Row<String, String>) throws {
        try stage.write("home/.planet/m2m/secret", row.given)
        #expect(try sent(#""client_secret_file":"secret""#) == row.wanted)
        #expect(stage.happened.notices == [])
    }

    @Test("a path is relative to the profile's file, or absolute")
    func paths() throws {
        try stage.write("home/.planet/m2m/secret", "beside")
        try stage.write("secret", "elsewhere")
        #expect(try sent(#""client_secret_file":"./secret""#) == "beside")
        #expect(try sent(#""client_secret_file":"\#(stage.absolute("secret"))""#) == "elsewhere")
    }

    @Test("a file that others can read is used, with a word")
    func readable() throws {
        try stage.write("home/.planet/m2m/secret", "s", mode: 0o640)
        #expect(try sent(#""client_secret_file":"secret""#) == "s")
        #expect(stage.happened.notices.first?.contains("chmod 600") == true)
    }

    @Test(
        "a file without a secret is a fault of the profile, named with the reason",
        arguments: [Row("missing", nil, "does not exist"), Row("empty", "\n", "empty")]
            as [Row<String?, String>])
    func failure(_ row: Row<String?, String>) throws {
        if let text = row.given { try stage.write("home/.planet/m2m/secret", text) }
        try writeProfile(#""client_secret_file":"secret""#)
        let failure = try stage.failure()
        #expect(failure.kind == .profile)
        #expect(failure.because?.contains("m2m/secret'") == true)
        #expect(failure.because?.contains(row.wanted) == true)
        #expect(stage.requestCount == 0)
    }

    @Test(
        "a command gives the secret, by the shell or by itself",
        arguments: [
            Row("a line", #""pass show x""#, .shell("pass show x")),
            Row("words", #"["pass","show","x y"]"#, .arguments(["pass", "show", "x y"])),
        ] as [Row<String, CommandLineProgram>])
    func command(_ row: Row<String, CommandLineProgram>) throws {
        #expect(try sent(#""client_secret_command":\#(row.given)"#) == "secret of a command")
        #expect(stage.happened.programs == [row.wanted])
    }

    @Test("while the cached token is good no command is started")
    func noCommand() throws {
        try writeProfile(#""client_secret_command":"pass show x""#)
        try stage.writeToken("cached", expiresIn: 3600)
        _ = try stage.token()
        #expect(stage.happened.programs == [])
    }

    /// The secret that the server is told.
    private func sent(_ members: String) throws -> String? {
        try writeProfile(members)
        try stage.write(SessionStage.tokenFile, "{}")
        stage.script(.granted("t"))
        _ = try stage.token()
        return stage.happened.requests.last?.field("client_secret")
    }

    private func writeProfile(_ members: String) throws {
        try stage.writeProfile(
            #""token_endpoint":"https://as.example/token","planet_cred":{\#(members)}"#)
    }
}
