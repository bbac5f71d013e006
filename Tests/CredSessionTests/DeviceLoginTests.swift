import CredCore
import CredSession
import TestSupport
import Testing
import Workbench

@Suite("Device login") struct DeviceLoginTests {
    private let login: LoginStage
    private var stage: SessionStage { login.stage }

    init() throws {
        login = try LoginStage(#""client_type":"oidc_device_code","scopes":["openid"]"#)
    }

    @Test("DEV-04: what the server grants is kept, and the next token needs no server")
    func granted() throws {
        stage.script(
            .device, .refused("authorization_pending"),
            .granted("t", #","expires_in":3600,"refresh_token":"r""#))
        let loggedIn = try login.run()
        #expect(loggedIn.expiresAt == UnixTime(SessionStage.start + 10 + 3600))
        #expect(loggedIn.outlook == .renewsItself)
        #expect(loggedIn.person == nil)
        #expect(stage.asked == Self.exchange + ["POST https://as.example/token"])
        #expect(try login.tokenFile["refresh_token"] == .string("r"))
        #expect(try stage.token(TokenRequirement(), "me") == "t")
        #expect(stage.requestCount == 3)
        #expect(stage.happened.notices == [])
    }

    @Test("DEV-03: place, code and end are told before the first poll")
    func told() throws {
        stage.script(.device, .granted("t"))
        _ = try login.run()
        guard case .enterCode(let page) = try #require(login.told.first) else {
            Issue.record("no code was told")
            return
        }
        #expect(page.userCode == "WD-JB")
        #expect(page.url.description == "https://as.example/go")
        #expect(page.completeURL == nil)
        #expect(page.opened == .notAtAll)
        #expect(page.expiresAt == UnixTime(SessionStage.start + 60))
        #expect(login.told.count == 7)
    }

    @Test(
        "DEV-06: DEV-07: AUTH-04: a no ends the login with the server's words and what to type",
        arguments: [
            Row("denied", TransportResult.refused("access_denied"), "'access_denied'"),
            Row("expired", .refused("expired_token"), "expired"),
            Row(
                "with a description",
                .refused("access_denied", #","error_description":"no\u001b[31m\nred""#),
                "'access_denied': no [31m red"),
        ] as [Row<TransportResult, String>])
    func refused(_ row: Row<TransportResult, String>) throws {
        stage.script(.device, row.given)
        let failure = try login.failure()
        #expect(failure.kind == .loginRequired)
        #expect(failure.because?.contains(row.wanted) == true)
        #expect(failure.remedy == "planet-cred login me")
        #expect(stage.asked == Self.exchange)
        #expect(!login.hasToken)
    }

    @Test("DEV-09: a server that does not answer is told of once, with the reason")
    func silentServer() throws {
        stage.script(
            .device, .refused("authorization_pending"), .interrupted("reset"),
            .status(200, "<html>"), .granted("t"))
        _ = try login.run()
        #expect(
            stage.happened.notices.first
                == "cannot poll the server: reset; trying again")
        #expect(stage.happened.notices.filter { $0.contains("cannot poll") }.count == 1)
    }

    @Test(
        "DEV-03: DEV-06: an answer of no use ends the login, with what to type",
        arguments: [
            Row(
                "no token", [TransportResult.device, .status(200, #"{"token_type":"Bearer"}"#)],
                "'access_token'"),
            Row(
                "another type",
                [.device, .status(200, #"{"access_token":"t","token_type":"DPoP"}"#)], "'DPoP'"),
            Row("no code", [.status(200, #"{"user_code":"WD-JB"}"#)], "'device_code'"),
            Row("a page", [.status(200, "<html>")], "'https://as.example/device' answered with a"),
        ] as [Row<[TransportResult], String>])
    func unusable(_ row: Row<[TransportResult], String>) throws {
        for exchange in row.given { stage.script(exchange) }
        let failure = try login.failure()
        #expect(failure.kind == .unavailable)
        #expect(failure.what == "cannot log in with profile 'me'")
        #expect(failure.because?.contains(row.wanted) == true)
        #expect(failure.remedy == "planet-cred login me -v")
        #expect(!login.hasToken)
    }

    @Test("DEV-08: a code that nobody enters is given up when its life is over")
    func forgotten() throws {
        stage.script(.device)
        for _ in 0..<20 { stage.script(.refused("authorization_pending")) }
        let failure = try login.failure()
        #expect(failure.kind == .loginRequired)
        #expect(failure.remedy == "planet-cred login me")
        #expect(stage.now == SessionStage.start + 60)
        #expect(stage.requestCount == 13)
    }

    @Test("DEV-08: so is one for which the person has less time than the server")
    func timeout() throws {
        stage.script(
            .device, .refused("authorization_pending"), .refused("authorization_pending"))
        let failure = try login.failure(timeout: 10)
        #expect(failure.kind == .loginRequired)
        #expect(failure.because == "the code was not entered within 10 s")
        #expect(stage.now == SessionStage.start + 10)
    }

    @Test("DISC-05: a server without a token endpoint is told before a code is shown")
    func noTokenEndpoint() throws {
        let login = try LoginStage(#""client_type":"oidc_device_code","token_endpoint":null"#)
        login.stage.script(.status(200, #"{"issuer":"https://as.example"}"#), .device)
        #expect(try login.failure().kind == .profile)
        #expect(login.told.isEmpty)
        // One for each document.
        #expect(login.stage.requestCount == 2)
    }

    @Test("a profile with neither a server nor the endpoint is told what it lacks")
    func nowhere() throws {
        let login = try LoginStage(
            #""client_type":"oidc_device_code","auth_server":null,"#
                + #""device_authorization_endpoint":null"#)
        let failure = try login.failure()
        #expect(failure.because?.contains("device_authorization_endpoint") == true)
    }

    @Test("a no to the client is a profile failure, for no login mends it")
    func client() throws {
        stage.script(.refused("unauthorized_client"))
        let failure = try login.failure()
        #expect(failure.kind == .profile)
        #expect(failure.because?.contains("'unauthorized_client'") == true)
        #expect(stage.requestCount == 1)
    }

    @Test("DEV-11: where nobody could read the code, no server is asked for one")
    func nobody() throws {
        let failure = try login.failure(audience: .nobody)
        #expect(failure.kind == .loginRequired)
        #expect(failure.remedy?.contains("planet-cred login me") == true)
        #expect(stage.requestCount == 0)
        #expect(login.told.isEmpty)
    }

    @Test("an older login stays until the new one is there")
    func older() throws {
        try stage.write("home/.planet/me/token.json", #"{"refresh_token":"old"}"#)
        stage.script(.device, .refused("access_denied"))
        _ = try login.failure()
        #expect(try login.tokenFile == ["refresh_token": .string("old")])
        stage.script(.device, .granted("t"))
        _ = try login.run()
        #expect(try login.tokenFile["access_token"] == .string("t"))
        #expect(try login.tokenFile["refresh_token"] == nil)
    }

    @Test("AUTH-12: a valid ID token says who logged in, and is kept")
    func person() throws {
        let token = jwt(#"\#(Self.claims),"email":"me@a.example","sub":"s""#)
        stage.script(.device, .granted("t", #","expires_in":3600,"id_token":"\#(token)""#))
        #expect(try login.run().person == "me@a.example")
        #expect(try login.tokenFile["id_token"] == .string(token))
        #expect(stage.happened.notices == [])
    }

    @Test(
        "AUTH-12: an ID token of another server, for another client or of old is neither used nor kept",
        arguments: [
            Row("another server", #"\#(claims),"iss":"https://evil.example""#, "'iss'"),
            Row("another client", #"\#(claims),"aud":"x""#, "'aud'"),
            Row("of old", #"\#(claims),"exp":1"#, "expired"),
        ])
    func wrongIDToken(_ row: Row<String, String>) throws {
        let token = jwt(#"\#(row.given),"email":"me@a.example""#)
        stage.script(.device, .granted("t", #","expires_in":3600,"id_token":"\#(token)""#))
        #expect(try login.run().person == nil)
        #expect(try login.tokenFile["id_token"] == nil)
        #expect(try login.tokenFile["access_token"] == .string("t"))
        #expect(stage.happened.notices.count == 1)
        #expect(stage.happened.notices.first?.contains(row.wanted) == true)
    }

    @Test("AUTH-12: an issuer that has a slash more than the profile's server is the same")
    func slash() throws {
        let token = jwt(#"\#(Self.claims),"iss":"https://as.example/","email":"me@a.example""#)
        stage.script(.device, .granted("t", #","expires_in":3600,"id_token":"\#(token)""#))
        #expect(try login.run().person == "me@a.example")
        #expect(stage.happened.notices == [])
    }

    @Test(
        "a token that nobody could use again comes with a word about how to change that",
        arguments: [
            Row("no life", "", 1), Row("a life", #","expires_in":3600"#, 0),
            Row("no life, and a refresh token", #","refresh_token":"r""#, 0),
        ])
    func withoutLife(_ row: Row<String, Int>) throws {
        stage.script(.device, .granted("t", row.given))
        _ = try login.run()
        let words = stage.happened.notices.filter { $0.contains("\"default_lifetime\"") }
        #expect(words.count == row.wanted)
    }

    @Test("a scope that was not granted is told")
    func narrowScope() throws {
        stage.script(.device, .granted("t", #","expires_in":3600,"scope":"other""#))
        _ = try login.run()
        #expect(stage.happened.notices.count == 1)
        #expect(stage.happened.notices.first?.contains("'openid'") == true)
    }

    @Test("DEV-12: while another process logs in, a login waits and shares what it got")
    func shared() throws {
        let other = try HeldLock(stage.absolute(Self.lockFile))
        stage.duringSleep {}
        stage.duringSleep { [stage] in
            try stage.writeOthersToken()
            other.letGo("finished")
        }
        #expect(try login.run().expiresAt == UnixTime(SessionStage.start + 3600))
        #expect(stage.requestCount == 0)
        #expect(login.told.count == 1)
        guard case .othersLogIn("process 1") = login.told.first else {
            Issue.record("nobody was told who logs in")
            return
        }
    }

    @Test("DEV-12: where the other one got nothing, a login that waited starts by itself")
    func notShared() throws {
        let other = try HeldLock(stage.absolute(Self.lockFile))
        stage.duringSleep { other.letGo() }
        stage.script(.device, .granted("t"))
        _ = try login.run()
        #expect(stage.asked == Self.exchange)
    }

    @Test("DEV-12: a token that was only renewed meanwhile is not what a login waits for")
    func renewed() throws {
        let other = try HeldLock(stage.absolute(Self.lockFile))
        stage.duringSleep { [stage] in
            try stage.writeOthersToken()
            other.letGo()
        }
        stage.script(.device, .granted("t"))
        _ = try login.run()
        #expect(stage.asked.starts(with: Self.exchange))
    }

    @Test("DEV-12: where nobody waits, another process that logs in is told of soon")
    func busy() throws {
        let other = try HeldLock(stage.absolute(Self.lockFile))
        let failure = try login.failure(audience: .nobody)
        #expect(failure.kind == .tryAgain)
        #expect(failure.because?.contains("process 1") == true)
        #expect(stage.requestCount == 0)
        #expect(stage.happened.sleeps == [100])
        other.letGo()
    }

    @Test("DEV-12: what another process that logs in has reserved is left to it")
    func room() throws {
        let other = try HeldLock(stage.absolute(Self.lockFile))
        try stage.write("home/.planet/me/login.room", "theirs")
        #expect(try login.failure(audience: .nobody).kind == .tryAgain)
        #expect(try stage.read("home/.planet/me/login.room") == "theirs")
        other.letGo()
    }

    @Test("DEV-12: the time that another's login took is not promised again")
    func timeLeft() throws {
        let login = try LoginStage(
            #""client_type":"oidc_auth_code","#
                + #""authorization_endpoint":"https://as.example/authorize""#)
        let other = try HeldLock(login.stage.absolute(Self.lockFile))
        login.stage.duringSleep { [stage = login.stage] in
            stage.pass(seconds: 200)
            other.letGo()
        }
        _ = try login.failure(timeout: 300)
        let ends = login.told.compactMap { event in
            if case .visit(let page) = event { page.expiresAt } else { nil }
        }
        #expect(ends == [UnixTime(SessionStage.start + 300)])
    }

    private static let exchange = [
        "POST https://as.example/device", "POST https://as.example/token",
    ]
    private static let lockFile = "home/.planet/me/login.lock"
    private static let claims = #""iss":"https://as.example","aud":"id","exp":9999999999"#
}

extension SessionStage {
    /// The token file as another process leaves it.
    fileprivate func writeOthersToken() throws {
        try write(
            "home/.planet/me/token.json",
            #"{"access_token":"theirs","refresh_token":"r","#
                + #""planet_cred":{"received_at":\#(now),"lifetime":3600,"token_ends":"theirs"}}"#)
    }
}
