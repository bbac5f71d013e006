import CredCore
import CredSession
import TestSupport
import Testing
import Workbench

@Suite("Sessions without OAuth, and status") struct SessionStatusTests {
    private let stage: SessionStage

    init() throws { stage = try SessionStage() }

    struct Key: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let profile: String
        var token: String?
        let wanted: String?
    }

    @Test(
        "an API key comes from its profile, else from what another tool has stored",
        arguments: [
            Key(
                testDescription: "in the profile",
                profile: #"{"client_type":"static_apikey","api_key":"k","#
                    + #""bearer_token_prefix":"api-key"}"#,
                token: #"{"api_key":"other","bearer_token_prefix":"x"}"#, wanted: "api-key k"),
            Key(
                testDescription: "stored", profile: #"{"client_type":"static_apikey"}"#,
                token: #"{"api_key":"k","bearer_token_prefix":"api-key"}"#, wanted: "api-key k"),
            Key(
                testDescription: "stored without a scheme",
                profile: #"{"client_type":"static_apikey"}"#, token: #"{"api_key":"k"}"#,
                wanted: "Bearer k"),
            Key(
                testDescription: "of a login with a password",
                profile: #"{"client_type":"planet_legacy"}"#, token: #"{"key":"k","jwt":"j"}"#,
                wanted: "api-key k"),
            Key(
                testDescription: "nowhere", profile: #"{"client_type":"static_apikey"}"#,
                wanted: nil),
            Key(
                testDescription: "that no header may hold",
                profile: #"{"client_type":"static_apikey"}"#, token: #"{"api_key":"a b"}"#,
                wanted: nil),
            Key(
                testDescription: "of nobody who logged in",
                profile: #"{"client_type":"planet_legacy"}"#, token: "{}", wanted: nil),
        ])
    func keys(_ key: Key) throws {
        try stage.write("home/.planet/m2m/auth_client.json", key.profile)
        if let token = key.token { try stage.write(SessionStage.tokenFile, token) }
        // Why there is none is another test's business.
        let credential = try? stage.session().credential()
        #expect(credential?.authorization.headerValue == key.wanted.map { Secret($0) })
        #expect(credential?.expiresAt == nil)
        #expect(try stage.session().status().state == (key.wanted == nil ? .missing : .apiKey))
    }

    @Test("a token file that cannot be read is not one without a key")
    func brokenKey() throws {
        try stage.write(
            "home/.planet/m2m/auth_client.json", #"{"client_type":"planet_legacy"}"#)
        try stage.write(SessionStage.tokenFile, "{")
        #expect(throws: Failure.self) { try stage.session().credential() }
        let state = try stage.session().status().state
        #expect(state != .missing)
        #expect(state != .apiKey)
    }

    @Test("a key that is nowhere needs a login")
    func noKey() throws {
        try stage.write("home/.planet/m2m/auth_client.json", #"{"client_type":"static_apikey"}"#)
        #expect(try stage.failure().kind == .loginRequired)
    }

    @Test("a profile that sends nothing has no credential, and one that checks others fails")
    func noCredential() throws {
        try stage.write("home/.planet/m2m/auth_client.json", #"{"client_type":"none"}"#)
        #expect(try stage.session().credential() == nil)
        #expect(try stage.session().status().state == .notNeeded)
        try stage.write(
            "home/.planet/m2m/auth_client.json", #"{"client_type":"oidc_client_validator"}"#)
        #expect(try stage.failure().kind == .profile)
    }

    @Test(
        "status tells what a token is worth",
        arguments: [
            Row("new", 3600, .valid), Row("ageing", 899, .ageing), Row("expired", 60, .expired),
            Row("ended", -1, .expired),
        ] as [Row<Int64, SessionStatus.State>])
    func state(_ row: Row<Int64, SessionStatus.State>) throws {
        try stage.writeProfile()
        try stage.writeToken(
            "t", expiresIn: row.given, more: #","scope":"a b","refresh_token":"r""#)
        let status = try stage.session().status()
        #expect(status.state == row.wanted)
        #expect(status.expiresAt == UnixTime(stage.now + row.given))
        #expect(status.path == stage.absolute(SessionStage.tokenFile))
        #expect(status.scope == "a b")
        #expect(status.refreshToken == .valid(until: nil))
        #expect(status.backoff == nil)
    }

    @Test("status asks nobody, waits for nothing and makes nothing")
    func quiet() throws {
        try stage.writeProfile()
        let status = try stage.session().status()
        #expect(status.state == .missing)
        #expect(stage.requestCount == 0)
        #expect(!stage.exists(SessionStage.lockFile))
    }

    @Test("status tells a refused token, and a pause that is in force")
    func refused() throws {
        try stage.writeProfile()
        try stage.writeToken("t", expiresIn: 3600)
        try stage.session().reject(Secret("t"))
        stage.script(.busy(retryAfter: "60"))
        _ = try stage.failure()
        let status = try stage.session().status()
        #expect(status.state == .rejected)
        #expect(status.backoff?.until == UnixTime(SessionStage.start + 60))
        stage.pass(seconds: 60)
        let later = try stage.session().status()
        #expect(later.backoff == nil)
    }

    @Test("status tells a file that cannot be used, and why")
    func unusable() throws {
        try stage.writeProfile()
        try stage.write(SessionStage.tokenFile, "{")
        guard case .unusable(let reason) = try stage.session().status().state else {
            Issue.record("usable")
            return
        }
        #expect(reason.contains(stage.absolute(SessionStage.tokenFile)))
    }
}
