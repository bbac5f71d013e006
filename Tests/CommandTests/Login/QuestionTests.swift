import Glibc
import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("Logins that ask questions", .inTurn) struct QuestionTests {
    @Test("AUTH-11: a password is asked for unseen, with a warning, and not kept") func password()
        async throws
    {
        let stage = try LoginStage(type: "oidc_resource_owner")
        let terminal = try stage.login()
        try await terminal.expect("User name for profile 'person': ")
        #expect(try terminal.echoIsOn)
        try terminal.type("alice@example.com\n")
        try await terminal.expect("Password of 'alice@example.com' for profile 'person': ")
        #expect(try !terminal.echoIsOn)
        try terminal.type("correct horse\n")
        #expect(await terminal.outcome().end == .exited(0))
        #expect(terminal.shown.contains("a login by browser or device is safer"))
        #expect(!terminal.shown.contains("correct horse"))
        #expect(try terminal.echoIsOn)
        #expect(stage.token["access_token"] != nil)
        #expect(stage.home.tokenText("person")?.contains("correct horse") == false)
    }

    @Test("a wrong password is the server's to refuse, and nothing is kept") func wrongPassword()
        async throws
    {
        let stage = try LoginStage(
            type: "oidc_resource_owner",
            changing: ["user_name": "alice@example.com", "user_password": "wrong"])
        let answer = try await stage.run("login", "person")
        #expect(answer.end == .exited(77))
        #expect(answer.errors.contains("'invalid_grant'"))
        #expect(!stage.hasToken)
    }

    @Test("a user from the variables of Planet's tools logs in without a terminal")
    func environment() async throws {
        let stage = try LoginStage(type: "oidc_resource_owner")
        let answer = try await stage.run(
            "login", "person",
            with: ["PL_AUTH_USERNAME": "alice@example.com", "PL_AUTH_PASSWORD": "correct horse"])
        #expect(answer.end == .exited(0))
        #expect(answer.output.isEmpty)
    }

    @Test(
        "a line that cannot be taken is not said to be missing",
        arguments: [
            Example("the end", "\u{4}"),
            Example("a long line", String(repeating: "k", count: 4095) + "\n"),
        ])
    func unusableLine(_ typed: Example<String>) async throws {
        let stage = try LoginStage(type: "static_apikey")
        let terminal = try stage.login()
        try await terminal.expect("API key for profile 'person': ")
        try terminal.type(typed.given)
        #expect(await terminal.outcome().end == .exited(77))
        #expect(terminal.shown.contains("or what is too long for a terminal"))
    }

    @Test("Ctrl-C at a question turns the echo on again and changes nothing") func interrupted()
        async throws
    {
        let stage = try LoginStage(
            type: "static_apikey", changing: ["bearer_token_prefix": "api-key"])
        let terminal = try stage.login()
        try await terminal.expect("API key for profile 'person': ")
        #expect(try !terminal.echoIsOn)
        try terminal.sendInterrupt()
        #expect(await terminal.outcome().end == .killed(signal: SIGINT))
        #expect(try terminal.echoIsOn)
        #expect(!stage.hasToken)
    }

    @Test("a key is asked for unseen, and kept for Planet's tools too") func key() async throws {
        let stage = try LoginStage(
            type: "static_apikey", changing: ["bearer_token_prefix": "api-key"])
        let terminal = try stage.login()
        try await terminal.answer("API key for profile 'person': ", "practice-api-key")
        #expect(await terminal.outcome().end == .exited(0))
        #expect(!terminal.shown.contains("practice-api-key"))
        #expect(stage.token["api_key"] as? String == "practice-api-key")
        #expect(stage.token["bearer_token_prefix"] as? String == "api-key")
        #expect(try stage.home.mode(".planet/person/token.json") == 0o600)
        #expect(
            try await stage.run("header") == Outcome("Authorization: api-key practice-api-key\n"))
    }

    @Test("a key comes from a file or from standard input", arguments: ["key", "-"])
    func keyFile(_ path: String) async throws {
        let stage = try LoginStage(type: "static_apikey")
        try stage.home.write("\(stage.home.root)/work/key", "practice-api-key\n")
        let answer = try await stage.run(
            "login", "person", "--key-file", path, input: "practice-api-key\n")
        #expect(answer.end == .exited(0))
        #expect(stage.token["api_key"] as? String == "practice-api-key")
    }

    @Test("an e-mail address and a password buy Planet's key") func legacy() async throws {
        let stage = try LoginStage(type: "planet_legacy")
        try stage.home.writeProfile(
            "person",
            .object([
                ("client_type", "planet_legacy"),
                ("legacy_auth_endpoint", .string("\(stage.server.url)/v0/auth/login")),
            ]))
        let terminal = try stage.login()
        try await terminal.answer("E-mail address for profile 'person': ", "alice@example.com")
        try await terminal.answer(
            "Password of 'alice@example.com' for profile 'person': ", "correct horse")
        #expect(await terminal.outcome().end == .exited(0))
        #expect(stage.token["key"] != nil)
        #expect(stage.token["jwt"] != nil)
        #expect(try await stage.run("token") == Outcome("\(stage.token["key"] ?? "")\n"))
    }

    @Test(
        "without a terminal a question is a failure at once",
        arguments: ["oidc_resource_owner", "static_apikey", "planet_legacy"])
    func nobody(_ type: String) async throws {
        let stage = try LoginStage(type: type)
        let answer = try await stage.run("login", "person")
        #expect(answer.end == .exited(77))
        #expect(answer.errors.contains("there is no terminal"))
        #expect(stage.tokenRequests.isEmpty)
    }

    @Test("a client that needs no person has its credentials checked, and its token kept")
    func client() async throws {
        let practice = try Practice()
        let answer = try await practice.run("login", "practice")
        #expect(answer.end == .exited(0))
        #expect(answer.errors.contains("logged in to 'practice'"))
        #expect(answer.output.isEmpty)
        #expect(try await practice.run("token").end == .exited(0))
        #expect(practice.tokenRequestCount == 1)
        try practice.home.writeProfile(for: practice.server, changing: ["client_secret": "wrong"])
        #expect(try await practice.run("login", "practice").end == .exited(78))
    }
}

extension PseudoTerminal {
    /// Types a line once it is asked for.
    fileprivate func answer(_ question: String, _ line: String) async throws {
        try await expect(question)
        try type("\(line)\n")
    }
}
