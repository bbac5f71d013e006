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
}
