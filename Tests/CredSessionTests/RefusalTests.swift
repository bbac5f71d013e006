import CredCore
import CredSession
import TestSupport
import Testing
import Workbench

@Suite("Refusals") struct RefusalTests {
    private let stage: SessionStage

    init() throws {
        stage = try SessionStage()
        try stage.writeProfile()
    }

    @Test(
        "TOK-10: TOK-11: a no ends the matter with a status of its kind, after one request",
        arguments: [
            Row(
                "a wrong secret", .status(401, #"{"error":"invalid_client"}"#), .profile),
            Row("a wrong scope", .status(400, #"{"error":"invalid_scope"}"#), .profile),
            Row("403 with nothing", .status(403), .profile),
            Row(
                "a grant that is not its", .status(400, #"{"error":"invalid_grant"}"#), .profile),
            Row("no object", .status(200, "<html>"), .unavailable),
            Row("a redirect", .status(302), .unavailable),
            Row(
                "a token of another type",
                .status(200, #"{"access_token":"t","token_type":"mac"}"#), .unavailable),
            Row("no token endpoint", .status(404), .profile),
        ] as [Row<TransportResult, Failure.Kind>])
    func kinds(_ row: Row<TransportResult, Failure.Kind>) throws {
        stage.script(row.given)
        #expect(try stage.failure().kind == row.wanted)
        #expect(stage.requestCount == 1)
        #expect(stage.happened.sleeps == [])
        #expect(!stage.exists(SessionStage.tokenFile))
    }

    @Test("a no is remembered for ten seconds, with the server's words")
    func memory() throws {
        stage.script(
            .status(401, #"{"error":"invalid_client","error_description":"Bad secret"}"#),
            .granted("new"))
        let first = try stage.failure()
        stage.pass(seconds: 9)
        let second = try stage.failure()
        #expect(second.kind == .profile)
        #expect(second.what == first.what)
        #expect(second.because == "\(first.because ?? "") (a moment ago)")
        #expect(second.remedy == first.remedy)
        #expect(stage.requestCount == 1)
        stage.pass(seconds: 1)
        #expect(try stage.token() == "new")
        #expect(!stage.exists(SessionStage.backoffFile))
    }

    @Test(
        "a request that is another one is sent at once",
        arguments: [
            Example("another secret", #""client_secret":"other""#),
            Example("another client", #""client_id":"other""#),
            Example("another scope", #""scopes":["a"]"#),
            Example(
                "another way to prove",
                #""planet_cred":{"client_authentication":"client_secret_basic"}"#),
        ])
    func otherRequest(_ example: Example<String>) throws {
        stage.script(.status(401, #"{"error":"invalid_client"}"#), .granted("new"))
        _ = try stage.failure()
        try stage.writeProfile(
            #""token_endpoint":"https://as.example/token",\#(example.given)"#)
        #expect(try stage.token() == "new")
    }

    @Test("SEC-04: the secret is in no part of a failure")
    func secret() throws {
        stage.script(.status(401, #"{"error":"invalid_client"}"#))
        #expect(try !"\(stage.failure())".contains("s3cret"))
    }

    @Test("the one who may mend it is told which file to open")
    func remedy() throws {
        stage.script(.status(401, #"{"error":"invalid_client"}"#))
        let failure = try stage.failure()
        #expect(
            failure.remedy == "${EDITOR:-vi} \(stage.absolute("home/.planet/m2m/auth_client.json"))"
        )
    }

    @Test("a client from the environment is told which variables to set")
    func environmentRemedy() throws {
        let stage = try SessionStage(["PL_AUTH_CLIENT_ID": "id", "PL_AUTH_CLIENT_SECRET": "s"])
        stage.script(.status(401, #"{"error":"invalid_client"}"#))
        #expect(
            try stage.failure(TokenRequirement(), nil).remedy?.hasPrefix("export PL_AUTH_CLIENT_ID")
                == true)
    }

    @Test("a no does not end an old token that is still taken")
    func bearable() throws {
        try stage.writeToken("old", expiresIn: 30)
        stage.script(.status(401, #"{"error":"invalid_client"}"#))
        #expect(try stage.token() == "old")
        #expect(stage.happened.notices.count == 1)
        #expect(try stage.json(SessionStage.tokenFile)["access_token"] == .string("old"))
    }

    @Test("USE-05: pauses grow while the same secret is refused, and the message says until when")
    func growth() throws {
        for _ in 0..<20 { stage.script(.status(401, #"{"error":"invalid_client"}"#)) }
        for pause in [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600] as [Int64] {
            _ = try stage.failure()
            let count = stage.requestCount
            stage.pass(seconds: pause - 1)
            _ = try stage.failure()
            #expect(stage.requestCount == count)
            stage.pass(seconds: 1)
        }
        #expect(stage.requestCount == 11)
        _ = try stage.failure()
        let until = UnixTime(stage.now + 3600).rfc3339
        #expect(
            try stage.failure().because
                == "the server answered 'invalid_client' (12 times; next attempt not before \(until))"
        )
    }

    @Test("USE-05: a success ends the growth")
    func growthEnds() throws {
        let no = TransportResult.status(401, #"{"error":"invalid_client"}"#)
        stage.script(no, no, .granted("new", #","expires_in":100"#), no, .granted("newer"))
        _ = try stage.failure()
        stage.pass(seconds: 10)
        _ = try stage.failure()
        stage.pass(seconds: 20)
        #expect(try stage.token() == "new")
        stage.pass(seconds: 100)
        _ = try stage.failure()
        stage.pass(seconds: 10)
        #expect(try stage.token() == "newer")
    }

    @Test("USE-05: a changed secret file is tried at once")
    func secretFile() throws {
        try stage.write("home/.planet/m2m/secret", "wrong")
        try stage.writeProfile(
            #""token_endpoint":"https://as.example/token","planet_cred":{"client_secret_file":"secret"}"#
        )
        let no = TransportResult.status(401, #"{"error":"invalid_client"}"#)
        stage.script(no, no, .granted("new"))
        _ = try stage.failure()
        stage.pass(seconds: 10)
        _ = try stage.failure()
        try stage.write("home/.planet/m2m/secret", "right")
        #expect(try stage.token() == "new")
    }

    @Test("USE-05: a command is run again after ten seconds, and the same secret is not sent")
    func secretCommand() throws {
        try stage.writeProfile(
            #""token_endpoint":"https://as.example/token","planet_cred":{"client_secret_command":"x"}"#
        )
        let no = TransportResult.status(401, #"{"error":"invalid_client"}"#)
        stage.script(no, no)
        _ = try stage.failure()
        _ = try stage.failure()
        #expect(stage.happened.programs.count == 1)
        stage.pass(seconds: 10)
        _ = try stage.failure()
        #expect(stage.requestCount == 2)
        stage.pass(seconds: 9)
        _ = try stage.failure()
        #expect(stage.happened.programs.count == 2)
        stage.pass(seconds: 1)
        #expect(try stage.failure().because?.contains("2 times") == true)
        #expect(stage.happened.programs.count == 3)
        #expect(stage.requestCount == 2)
    }

    private func writePassword(_ password: String, _ more: String = "") throws {
        try stage.writeProfile(
            #""client_type":"oidc_resource_owner","token_endpoint":"https://as.example/token","#
                + #""username":"me","password":"\#(password)"\#(more)"#)
    }

    @Test(
        "USE-05: a password that the server refuses is not sent again until the profile changes",
        arguments: [
            Example("invalid_grant", .status(400, #"{"error":"invalid_grant"}"#)),
            Example("401", .status(401)),
            Example("access_denied", .status(403, #"{"error":"access_denied"}"#)),
            Example("a code of its own", .status(400, #"{"error":"bad_credentials"}"#)),
            Example("a locked account", .status(400, #"{"error":"account_locked"}"#)),
        ] as [Example<TransportResult>])
    func password(_ example: Example<TransportResult>) throws {
        try writePassword("old")
        stage.script(example.given, .granted("new"))
        let first = try stage.failure()
        #expect(first.kind == .profile)
        for pause in [0, 10, 100, 10_000, 10_000_000] as [Int64] {
            stage.pass(seconds: pause)
            let next = try stage.failure()
            #expect(next.kind == .profile)
            #expect(
                next.because == "\(first.because ?? "") (remembered until the profile changes)")
        }
        #expect(stage.requestCount == 1)
        #expect(try stage.session().status().backoff != nil)
        try writePassword("new")
        #expect(try stage.session().status().backoff == nil)
        #expect(try stage.token() == "new")
    }

    @Test(
        "USE-05: what has nothing to do with the password does not block it for ever",
        arguments: [
            Example("a client", .status(401, #"{"error":"invalid_client"}"#)),
            Example("a scope", .status(400, #"{"error":"invalid_scope"}"#)),
            Example("a gateway", .status(403)), Example("a server that is down", .down),
        ] as [Example<TransportResult>])
    func notPassword(_ example: Example<TransportResult>) throws {
        try writePassword("good")
        stage.script(example.given, .granted("new"), .granted("new"))
        if (try? stage.token()) != nil { return }
        stage.pass(seconds: 60)
        #expect(try stage.token() == "new")
    }

    @Test("USE-05: the password is not sent either when a refresh token is refused as well")
    func passwordAfterRefresh() throws {
        try writePassword("old")
        try stage.writeSession()
        let no = TransportResult.status(400, #"{"error":"invalid_grant"}"#)
        stage.script(no, no, no, no)
        for _ in 0..<5 {
            #expect(try stage.failure().kind == .profile)
            stage.pass(seconds: 1000)
        }
        #expect(stage.happened.requests.count { $0.field("password") != nil } == 1)
    }

    @Test("USE-05: a person cannot repeat it by logging in again from another command")
    func attended() throws {
        try writePassword("old")
        #expect(try !stage.choice().profile.takesLogin)
    }
}
