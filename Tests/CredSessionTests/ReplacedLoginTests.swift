import CredCore
import CredSession
import Glibc
import TestSupport
import Testing
import Workbench

/// What becomes of a login that a new one replaces.
@Suite("Replaced logins") struct ReplacedLoginTests {
    private let login: LoginStage
    private var stage: SessionStage { login.stage }

    private static let type = #""client_type":"oidc_device_code""#

    init() throws { login = try Self.stage() }

    private static func stage(_ more: String = "") throws -> LoginStage {
        let login = try LoginStage(
            #"\#(type),"revocation_endpoint":"https://as.example/revoke"\#(more)"#)
        try login.stage.write(
            "home/.planet/me/token.json", #"{"access_token":"a0","refresh_token":"r0"}"#)
        return login
    }

    private func revoked(_ stage: SessionStage) -> [String?] {
        stage.happened.requests.filter { $0.url.description.hasSuffix("/revoke") }
            .map { $0.field("token") }
    }

    private static let new = TransportResult.granted("t", #","refresh_token":"r""#)

    @Test("USE-06: the old refresh token is revoked silently after the new one is saved")
    func revoked() throws {
        stage.script(.device, Self.new, .status(200))
        _ = try login.run()
        #expect(revoked(stage) == ["r0"])
        #expect(stage.requestCount == 3)
        #expect(try login.tokenFile["refresh_token"] == .string("r"))
        #expect(stage.happened.notices == [])
    }

    @Test("a login without a refresh token revokes the old refresh token")
    func withoutRefreshToken() throws {
        stage.script(.device, .granted("t"), .status(200))
        _ = try login.run()
        #expect(revoked(stage) == ["r0"])
    }

    @Test(
        "USE-06: whatever comes of the revocation, the new login is complete, and nobody waits",
        arguments: [
            Example("not revocable", .status(400, #"{"error":"unsupported_token_type"}"#)),
            Example("busy", .busy(retryAfter: "1")), Example("down", .down),
            Example("gone", .unreachable("curl says 'refused'")), Example("missing", .status(404)),
            Example("no curl", .impossible(Failure(.unavailable, "no curl"))),
        ] as [Example<TransportResult>])
    func notRevoked(_ example: Example<TransportResult>) throws {
        stage.script(.device, Self.new, example.given)
        _ = try login.run()
        #expect(stage.requestCount == 3)
        #expect(stage.happened.sleeps == Array(repeating: 1000, count: 5))
        #expect(stage.happened.timeLimits.last == 2000)
        #expect(stage.happened.notices == [])
        #expect(try login.tokenFile["refresh_token"] == .string("r"))
    }

    @Test("USE-06: the same refresh token is not revoked")
    func same() throws {
        stage.script(.device, .granted("t", #","refresh_token":"r0""#))
        _ = try login.run()
        #expect(stage.requestCount == 2)
    }

    @Test("REF-10: a refresh token that another server issued is not sent to this one")
    func foreign() throws {
        try stage.write(
            "home/.planet/me/token.json",
            #"{"refresh_token":"r0","planet_cred":{"issued_for":"https://as.example other"}}"#)
        stage.script(.device, Self.new)
        _ = try login.run()
        #expect(stage.requestCount == 2)
    }

    @Test("a broken token file's refresh token is revoked, if it can be found")
    func broken() throws {
        try stage.write("home/.planet/me/token.json", #"{"refresh_token":"r0","#)
        stage.script(.device, Self.new, .status(200))
        _ = try login.run()
        #expect(revoked(stage) == ["r0"])
    }

    /// `{"sid":"s"}` and `{"sid":"t"}` as tokens.
    private static let (sessionS, sessionT) = ("e30.eyJzaWQiOiJzIn0.x", "e30.eyJzaWQiOiJ0In0.x")

    @Test(
        "a refresh token of the same session is not revoked: that would end both",
        arguments: [
            Row("the same session", "\(sessionS)y", 2), Row("another session", sessionT, 3),
            Row("none", "r", 3),
        ] as [Row<String, Int>])
    func session(_ row: Row<String, Int>) throws {
        try stage.write(
            "home/.planet/me/token.json", #"{"refresh_token":"\#(Self.sessionS)"}"#)
        stage.script(
            .device, .granted("t", #","refresh_token":"\#(row.given)""#), .status(200))
        _ = try login.run()
        #expect(stage.requestCount == row.wanted)
    }

    @Test(
        "at Auth0, which may end all logins of the person at once, none is revoked",
        arguments: [
            Example("known by an audience", #","audiences":["https://api.example/"]"#),
            Example("known by an organization", #","organization":"o""#),
        ])
    func auth0(_ example: Example<String>) throws {
        let login = try Self.stage(example.given)
        login.stage.script(.device, Self.new)
        _ = try login.run()
        #expect(login.stage.requestCount == 2)
    }
}
