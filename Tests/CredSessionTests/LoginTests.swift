import CredCore
import CredSession
import TestSupport
import Testing
import Workbench

/// Logins that neither show a code nor open a browser.
@Suite("Login") struct LoginTests {
    private static let user = ["PL_AUTH_USERNAME": "me", "PL_AUTH_PASSWORD": "hunter2"]

    @Test("a client that needs no person is checked by one token request, and the token is kept")
    func client() throws {
        let login = try LoginStage(Self.serviceAccount)
        login.stage.script(.granted("t", #","expires_in":3600,"refresh_token":"r""#))
        let loggedIn = try login.run(audience: .nobody)
        #expect(loggedIn.outlook == .renewsItself)
        #expect(loggedIn.expiresAt == UnixTime(SessionStage.start + 3600))
        #expect(login.stage.requestCount == 1)
        #expect(login.stage.happened.requests.first?.field("grant_type") == "client_credentials")
        #expect(try login.tokenFile["refresh_token"] == nil)
        #expect(try login.stage.token(TokenRequirement(), "me") == "t")
        #expect(login.stage.requestCount == 1)
    }

    @Test("a client whose secret is wrong is a profile failure, and nothing is kept")
    func wrongClient() throws {
        let login = try LoginStage(Self.serviceAccount)
        login.stage.script(.refused("invalid_client"))
        let failure = try login.failure()
        #expect(failure.kind == .profile)
        #expect(failure.because?.contains("'invalid_client'") == true)
        #expect(!login.hasToken)
    }

    @Test("a login clears away a refusal that others would repeat")
    func backoff() throws {
        let login = try LoginStage(Self.serviceAccount)
        login.stage.script(.refused("invalid_client"), .granted("t"))
        _ = try login.stage.failure(TokenRequirement(), "me")
        #expect(login.stage.exists("home/.planet/me/token.backoff"))
        _ = try login.run()
        #expect(!login.stage.exists("home/.planet/me/token.backoff"))
    }

    @Test(
        "a profile that nobody can log in to is a usage failure",
        arguments: [
            Row("none", #""client_type":"none""#, LoginRequest.Flow.ofProfile),
            Row("a validator", #""client_type":"oidc_client_validator""#, .ofProfile),
            Row("a key that is there", #""client_type":"static_apikey","api_key":"k""#, .ofProfile),
            Row("a legacy key", #""client_type":"planet_legacy","api_key":"k""#, .ofProfile),
            Row("a device code for a client", serviceAccount, .deviceCode),
            Row("a device code for a key", #""client_type":"static_apikey""#, .deviceCode),
        ])
    func nothingToDo(_ row: Row<String, LoginRequest.Flow>) throws {
        let login = try LoginStage(row.given)
        let failure = try login.failure(flow: row.wanted)
        #expect(failure.kind == .usage)
        #expect(failure.what.contains("'me'"))
        #expect(login.stage.requestCount == 0)
        #expect(!login.hasToken)
    }

    @Test(
        "a key that is given to a profile that takes none is a usage failure",
        arguments: [
            Example("a legacy login", #""client_type":"planet_legacy""#),
            Example("a password", #""client_type":"oidc_resource_owner""#),
        ])
    func needlessKey(_ example: Example<String>) throws {
        let login = try LoginStage(example.given, Self.user)
        let failure = try login.failure(key: .file("/nonexistent"))
        #expect(failure.kind == .usage)
        #expect(login.stage.requestCount == 0)
    }

    @Test("AUTH-11: a password goes to the server once, after one line of warning")
    func password() throws {
        let login = try LoginStage(
            #""client_type":"oidc_resource_owner","scopes":["a"]"#, Self.user)
        login.stage.script(.granted("t", #","expires_in":3600,"refresh_token":"r""#))
        #expect(try login.run().outlook == .renewsItself)
        let request = try #require(login.stage.happened.requests.first)
        #expect(request.field("grant_type") == "password")
        #expect(request.field("username") == "me")
        #expect(request.field("password") == "hunter2")
        #expect(request.field("scope") == "a")
        #expect(login.stage.happened.notices.count == 1)
        #expect(login.stage.requestCount == 1)
        #expect(try !login.stage.read("home/.planet/me/token.json").contains("hunter2"))
    }

    @Test("the user that the profile names wins over the variables")
    func storedUser() throws {
        let login = try LoginStage(
            #""client_type":"oidc_resource_owner","user_name":"you","user_password":"pw""#,
            Self.user)
        login.stage.script(.granted("t"))
        _ = try login.run()
        let request = try #require(login.stage.happened.requests.first)
        #expect(request.field("username") == "you")
        #expect(request.field("password") == "pw")
    }

    @Test("AUTH-11: a wrong password is a login refused, not tried again and not shown")
    func wrongPassword() throws {
        let login = try LoginStage(#""client_type":"oidc_resource_owner""#, Self.user)
        login.stage.script(.refused("invalid_grant"), .granted("t"))
        let failure = try login.failure()
        #expect(failure.kind == .loginRequired)
        #expect(failure.remedy == "planet-cred login me")
        #expect(!"\(failure)".contains("hunter2"))
        #expect(login.stage.requestCount == 1)
        #expect(!login.hasToken)
    }

    @Test("AUTH-09: what a person did is sent once: an answer that is lost is not asked for again")
    func lostAnswer() throws {
        let login = try LoginStage(#""client_type":"oidc_resource_owner""#, Self.user)
        login.stage.script(.interrupted("timed out"), .granted("t"))
        #expect(try login.failure().kind == .tryAgain)
        #expect(login.stage.requestCount == 1)
    }

    @Test("a legacy login keeps the key and its JWT as the Python tools do")
    func legacy() throws {
        let login = try LoginStage(
            #""client_type":"planet_legacy","legacy_auth_endpoint":"https://old.example/login""#,
            Self.user)
        let token = jwt(#""api_key":"PLAK1""#)
        login.stage.script(.status(200, #"{"token":"\#(token)"}"#))
        let loggedIn = try login.run()
        #expect(loggedIn.outlook == .lasts)
        #expect(loggedIn.person == "me")
        #expect(login.stage.asked == ["POST https://old.example/login"])
        #expect(try login.tokenFile == ["jwt": .string(token), "key": .string("PLAK1")])
        #expect(try login.stage.token(TokenRequirement(), "me") == "PLAK1")
    }

    @Test("a legacy login that the server does not know is refused, and the password is not shown")
    func wrongLegacy() throws {
        let login = try LoginStage(
            #""client_type":"planet_legacy","legacy_auth_endpoint":"https://old.example/login""#,
            Self.user)
        login.stage.script(.status(401, #"{"message":"Bad\u001b[31m login"}"#))
        let failure = try login.failure()
        #expect(failure.kind == .loginRequired)
        #expect(failure.because == "the server answered with HTTP status 401: Bad [31m login")
        #expect(!"\(failure)".contains("hunter2"))
        #expect(!login.hasToken)
    }

    @Test(
        "a key is read from a file without its line end, and kept beside what is there",
        arguments: [
            Row("as it is", "PLAK1", "PLAK1"), Row("from echo", "PLAK1\n", "PLAK1"),
            Row("from Windows", "PLAK1\r\n", "PLAK1"), Row("two lines", "PLAK1\nx\n", "PLAK1"),
        ])
    func key(_ row: Row<String, String>) throws {
        let login = try LoginStage(
            #""client_type":"static_apikey","bearer_token_prefix":"api-key""#)
        try login.stage.write("home/.planet/me/token.json", #"{"theirs":[1]}"#)
        try login.stage.write("key", row.given)
        let loggedIn = try login.run(key: .file(login.stage.absolute("key")), audience: .nobody)
        #expect(loggedIn.outlook == .lasts)
        #expect(
            try login.tokenFile == [
                "api_key": .string(row.wanted), "bearer_token_prefix": .string("api-key"),
                "theirs": .array([.integer(1)]),
            ])
        #expect(try login.stage.token(TokenRequirement(), "me") == row.wanted)
        // Planet is asked about the key.
        #expect(login.stage.requestCount == 1)
    }

    @Test(
        "a key that no header may hold is refused, not kept and not shown",
        arguments: [
            Example("nothing", ""), Example("an empty line", "\nhunter2"),
            Example("a space", "hunter2 x"), Example("a NUL", "hunter2\0"),
            Example("a letter beyond ASCII", "hunter2é"),
        ])
    func wrongKey(_ example: Example<String>) throws {
        let login = try LoginStage(#""client_type":"static_apikey""#)
        try login.stage.write("key", example.given)
        let failure = try login.failure(key: .file(login.stage.absolute("key")))
        #expect(failure.kind == .failed)
        #expect(!"\(failure)".contains("hunter2"))
        #expect(!login.hasToken)
    }

    @Test("a key file that is not there is named")
    func missingKey() throws {
        let login = try LoginStage(#""client_type":"static_apikey""#)
        let failure = try login.failure(key: .file("/nonexistent/key"))
        #expect(failure.kind == .failed)
        #expect(failure.what.contains("'/nonexistent/key'"))
    }

    @Test("DISC-07: a server that takes plain PKCE alone is left before anything opens")
    func plainProof() throws {
        let login = try LoginStage(#""client_type":"oidc_auth_code","token_endpoint":null"#)
        login.stage.script(
            .status(
                200,
                #"{"issuer":"https://as.example","token_endpoint":"https://as.example/token","#
                    + #""authorization_endpoint":"https://as.example/authorize","#
                    + #""code_challenge_methods_supported":["plain"]}"#))
        let failure = try login.failure()
        #expect(failure.kind == .unavailable)
        #expect(failure.because?.contains("PKCE") == true)
        #expect(login.stage.requestCount == 1)
        #expect(login.told.isEmpty)
    }

    @Test(
        "a client that cannot prove itself is told before anything opens",
        arguments: [
            Example(
                "a secret in a file that is not there",
                #""client_type":"oidc_auth_code_secret","#
                    + #""planet_cred":{"client_secret_file":"/nonexistent"}"#),
            Example(
                "a key, which cannot be used",
                #""client_type":"oidc_auth_code_pubkey","client_privkey_file":"x.pem""#),
        ])
    func unprovable(_ example: Example<String>) throws {
        let login = try LoginStage(
            #""authorization_endpoint":"https://as.example/authorize",\#(example.given)"#)
        #expect(try login.failure(timeout: 1).kind == .profile)
        #expect(login.told.isEmpty)
    }

    private static let serviceAccount =
        #""client_type":"oidc_client_credentials_secret","client_secret":"s""#
}
