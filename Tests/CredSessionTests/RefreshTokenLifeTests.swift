import CredCore
import CredSession
import TestSupport
import Testing
import Workbench

/// How long a login lasts, where the server says so as Keycloak does.
@Suite("The life of a refresh token") struct RefreshTokenLifeTests {
    private let stage: SessionStage

    init() throws {
        stage = try SessionStage()
        try stage.writePerson()
        try stage.writeSession()
    }

    private var end: Int64? {
        get throws {
            guard case .valid(let end) = try stage.session().status().refreshToken else {
                return nil
            }
            return end?.seconds
        }
    }

    @Test("REF-12: status tells until when the refresh token is good, from its receipt on")
    func told() throws {
        stage.pass(seconds: 100)
        stage.script(.rotated("new", "r1", #","refresh_expires_in":1800"#))
        _ = try stage.token()
        stage.pass(seconds: 50)
        #expect(try end == SessionStage.start + 1900)
    }

    @Test(
        "an end that is not told is none",
        arguments: [
            Example("nothing", ""), Example("for ever", #","refresh_expires_in":0"#),
            Example("a word", #","refresh_expires_in":"soon""#),
            Example("less than nothing", #","refresh_expires_in":-5"#),
        ])
    func noEnd(_ example: Example<String>) throws {
        stage.script(.rotated("new", "r1", example.given))
        _ = try stage.token()
        #expect(try stage.session().status().refreshToken == .valid(until: nil))
    }

    @Test("a refresh token that is kept keeps its end")
    func keptEnd() throws {
        stage.script(
            .rotated("one", "r1", #","refresh_expires_in":86400"#), .granted("two"))
        _ = try stage.token()
        stage.pass(seconds: 3600)
        #expect(try stage.token() == "two")
        #expect(try end == SessionStage.start + 86_400)
    }

    @Test("a new refresh token does not inherit the end of the old one")
    func replaced() throws {
        stage.script(
            .rotated("one", "r1", #","refresh_expires_in":86400"#), .rotated("two", "r2"))
        _ = try stage.token()
        stage.pass(seconds: 3600)
        _ = try stage.token()
        #expect(try end == nil)
    }

    @Test("what another tool has stored counts from when it was issued")
    func stated() throws {
        try stage.writeSession(expiresIn: 3000, more: #","refresh_expires_in":1800"#)
        #expect(try end == SessionStage.start - 600 + 1800)
    }

    @Test(
        "REF-12: a login is suggested in the last quarter of the life, or the last day of it",
        arguments: [
            Row("three quarters of half an hour", (1800, 1350), []),
            Row(
                "the last quarter of half an hour", (1800, 1351),
                ["the login of profile 'm2m' expires in 7 min; try: planet-cred login m2m"]),
            Row("a day before the end of a month", (2_592_000, 2_505_600), []),
            Row(
                "the last day of a month", (2_592_000, 2_505_601),
                ["the login of profile 'm2m' expires in 23 h 59 min; try: planet-cred login m2m"]),
            Row(
                "over", (1800, 1800),
                ["the login of profile 'm2m' has expired; try: planet-cred login m2m"]),
        ] as [Row<(Int64, Int64), [String]>])
    func notice(_ row: Row<(Int64, Int64), [String]>) throws {
        let (life, age) = row.given
        stage.script(
            .granted(
                "new",
                #","expires_in":9999999,"refresh_token":"r1","refresh_expires_in":\#(life)"#))
        _ = try stage.token()
        stage.pass(seconds: age)
        #expect(try stage.token() == "new")
        #expect(stage.happened.notices == row.wanted)
    }

    @Test("REF-12: near the end of a session, when renewals bring less life, a login is suggested")
    func lastRenewals() throws {
        let full = #","refresh_expires_in":1800"#
        stage.script(
            .rotated("one", "r1", full), .rotated("two", "r2", full),
            .rotated("three", "r3", #","refresh_expires_in":400"#))
        for _ in 0..<2 {
            _ = try stage.token()
            stage.pass(seconds: 3600)
        }
        #expect(stage.happened.notices == [])
        #expect(try stage.token() == "three")
        #expect(
            stage.happened.notices == [
                "the login of profile 'm2m' expires in 6 min; try: planet-cred login m2m"
            ])
    }
}
