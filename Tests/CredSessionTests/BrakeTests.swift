import CredCore
import CredSession
import Foundation
import TestSupport
import Testing
import Workbench

/// Programs that report one refusal after the other, and a server that would give tokens for ever.
@Suite("The brake") struct BrakeTests {
    private let stage: SessionStage
    private static let file = "home/.planet/m2m/token.refused"
    private static let host = "data.example:8443"

    init() throws {
        stage = try SessionStage()
        try stage.writeProfile()
        for number in 0..<40 { stage.script(.granted("t\(number)")) }
    }

    /// How a refusal is reported.
    enum Door: Sendable {
        case erase, state, rejected
    }

    private static let doors = [
        Example("erase", Door.erase), Example("a second get", .state),
        Example("--rejected", .rejected),
    ]

    /// Reports the cached token as refused and asks for the next one; `nil` if there is none.
    private func refuse(_ door: Door, on stage: SessionStage) throws -> String? {
        let cached = try stage.json(SessionStage.tokenFile)["access_token"]?.string ?? ""
        var requirement = TokenRequirement()
        switch door {
        case .erase: try stage.session().reject(Secret(cached), by: Self.host)
        case .state:
            requirement.refused = .fingerprint(Secret(cached).fingerprint)
            requirement.host = Self.host
        case .rejected: requirement.refused = .latest
        }
        do {
            return try stage.token(requirement)
        } catch let failure as Failure {
            #expect(failure.kind == .tokensRefused)
            return nil
        }
    }

    private func refuse(_ door: Door) throws -> String? { try refuse(door, on: stage) }

    /// The tokens that so many refusals in a row lead to.
    private func tokens(_ door: Door, _ count: Int) throws -> [String?] {
        try (0..<count).map { _ in try refuse(door) }
    }

    @Test(
        "USE-01: USE-02: after three fresh tokens in a row were refused no other is requested",
        arguments: doors)
    func loop(_ example: Example<Door>) throws {
        #expect(try stage.token() == "t0")
        let wanted = ["t1", "t2"] + Array(repeating: String?.none, count: 28)
        #expect(try tokens(example.given, 30) == wanted)
        #expect(stage.requestCount == 3)
    }

    @Test("USE-01: USE-02: all ways of reporting count together")
    func together() throws {
        _ = try stage.token()
        #expect(try refuse(.erase) == "t1")
        #expect(try refuse(.state) == "t2")
        #expect(try refuse(.rejected) == nil)
        #expect(stage.requestCount == 3)
    }

    @Test("USE-01: a token that is reported twice counts once")
    func once() throws {
        _ = try stage.token()
        try stage.session().reject(Secret("t0"), by: Self.host)
        try stage.session().reject(Secret("t0"), by: Self.host)
        #expect(try refuse(.state) == "t1")
        #expect(try refuse(.state) == "t2")
    }

    @Test(
        "USE-01: an old token that is revoked heals at once, and so does the one after it",
        arguments: doors)
    func revoked(_ example: Example<Door>) throws {
        try stage.writeToken("old", expiresIn: 1000)
        #expect(try tokens(example.given, 4) == ["t0", "t1", "t2", nil])
    }

    @Test("USE-01: the failure says who refused, how many, and when the next attempt is")
    func failure() throws {
        _ = try stage.token()
        _ = try tokens(.state, 3)
        let failure = try stage.failure()
        #expect(failure.kind.exitStatus == 75)
        #expect(failure.what == "cannot get a token for profile 'm2m'")
        #expect(
            failure.because
                == "'\(Self.host)' refused 3 fresh tokens of profile 'm2m'; next attempt not before "
                + "\(UnixTime(SessionStage.start + 60).rfc3339) (in 60 s)")
    }

    @Test("USE-02: without a host it says that they were refused")
    func failureWithoutHost() throws {
        _ = try stage.token()
        _ = try tokens(.rejected, 3)
        #expect(
            try stage.failure().because?.hasPrefix("3 fresh tokens of profile 'm2m' were refused;")
                == true)
    }

    @Test("USE-01: the pause doubles with each further refusal, up to an hour")
    func growth() throws {
        _ = try stage.token()
        _ = try tokens(.rejected, 2)
        var pauses: [Int64] = []
        for _ in 0..<8 {
            #expect(try refuse(.rejected) == nil)
            let until = try #require(try stage.json(Self.file)["until"]?.integer)
            pauses.append(until - stage.now)
            stage.pass(seconds: until - stage.now - 1)
            #expect(try stage.failure().kind == .tokensRefused)
            stage.pass(seconds: 1)
            #expect(try stage.token() != nil)
        }
        #expect(pauses == [60, 120, 240, 480, 960, 1920, 3600, 3600])
        #expect(stage.requestCount == 3 + 8)
    }

    @Test(
        "USE-01: a token that was in use for longer than a minute ends the row when it is refused")
    func notFresh() throws {
        _ = try stage.token()
        _ = try tokens(.rejected, 2)
        stage.pass(seconds: 61)
        #expect(try tokens(.rejected, 4) == ["t3", "t4", "t5", nil])
    }

    @Test("USE-01: a token that is renewed because it expires ends the row")
    func expired() throws {
        _ = try stage.token()
        _ = try tokens(.rejected, 2)
        #expect(stage.exists(Self.file))
        stage.pass(seconds: 3600)
        #expect(try stage.token() == "t3")
        #expect(!stage.exists(Self.file))
        #expect(try tokens(.rejected, 3) == ["t4", "t5", nil])
    }

    @Test("USE-01: a server that accepts the token ends the row")
    func accepted() throws {
        _ = try stage.token()
        _ = try tokens(.erase, 2)
        try stage.session().accept(Secret("t2"))
        #expect(!stage.exists(Self.file))
        #expect(try tokens(.erase, 3) == ["t3", "t4", nil])
    }

    @Test("USE-01: that another token is accepted changes nothing")
    func acceptedOther() throws {
        _ = try stage.token()
        _ = try tokens(.erase, 2)
        try stage.session().accept(Secret("t1"))
        #expect(try refuse(.erase) == nil)
    }

    @Test("USE-01: an accepted token costs nothing while none is refused")
    func acceptedUsually() throws {
        _ = try stage.token()
        let before = try stage.read(SessionStage.tokenFile)
        try FileManager.default.removeItem(atPath: stage.absolute(SessionStage.lockFile))
        try stage.session().accept(Secret("t0"))
        #expect(try stage.read(SessionStage.tokenFile) == before)
        #expect(!stage.exists(SessionStage.lockFile))
    }

    @Test(
        "USE-01: a changed profile starts anew",
        arguments: [
            Example("a secret", #""client_secret":"other""#),
            Example("a scope", #""scopes":["a"]"#),
            Example("an audience", #""audiences":["https://data.example/"]"#),
            Example("a client", #""client_id":"other""#),
        ])
    func changed(_ example: Example<String>) throws {
        _ = try stage.token()
        _ = try tokens(.rejected, 3)
        try stage.writeProfile(#""token_endpoint":"https://as.example/token",\#(example.given)"#)
        #expect(try stage.token() == "t3")
    }

    @Test("USE-01: a cached token that nobody refused is served all the same")
    func goodToken() throws {
        _ = try stage.token()
        _ = try tokens(.rejected, 3)
        try stage.writeToken("of-another-tool", expiresIn: 3600)
        #expect(try stage.token() == "of-another-tool")
        #expect(stage.requestCount == 3)
    }

    @Test("USE-01: the file holds no secret and no token")
    func noSecret() throws {
        _ = try stage.token()
        _ = try tokens(.rejected, 3)
        let text = try stage.read(Self.file)
        for word in ["t0", "t1", "t2", "s3cret"] { #expect(!text.contains("\"\(word)\"")) }
        #expect(!text.contains("s3cret"))
    }

    @Test(
        "USE-01: a damaged file counts as none",
        arguments: [
            Example("nothing", ""), Example("no JSON", "{"), Example("no end", #"{"refusals":3}"#),
            Example("far ahead", #"{"refusals":3,"until":9000000000,"profile":"x"}"#),
        ])
    func damaged(_ example: Example<String>) throws {
        try stage.write(Self.file, example.given)
        #expect(try stage.token() == "t0")
    }

    @Test("USE-01: USE-02: the renewals of a person's login are counted as well")
    func person() throws {
        let stage = try SessionStage()
        try stage.writePerson()
        try stage.writeSession(expiresIn: 1000)
        for number in 1..<40 { stage.script(.rotated("t\(number)", "r\(number)")) }
        let tokens = try (0..<30).map { _ in try refuse(.rejected, on: stage) }
        #expect(tokens.prefix(4) == ["t1", "t2", "t3", nil])
        #expect(stage.requestCount == 3)
        #expect(try stage.keptRefreshToken == "r3")
        stage.pass(seconds: 60)
        #expect(try stage.token() == "t4")
    }

    @Test("USE-01: a login starts anew")
    func login() throws {
        let login = try LoginStage(#""client_type":"oidc_device_code""#)
        try login.stage.write(
            "home/.planet/me/token.refused",
            #"{"refusals":3,"until":\#(SessionStage.start + 60),"profile":"x"}"#)
        login.stage.script(.device, .granted("t", #","refresh_token":"r""#))
        _ = try login.run()
        #expect(!login.stage.exists("home/.planet/me/token.refused"))
    }

    @Test("USE-01: status says until when, and who refused")
    func status() throws {
        _ = try stage.token()
        _ = try tokens(.erase, 3)
        let brake = try #require(try stage.session().status().brake)
        #expect(brake.count == 3)
        #expect(brake.host == Self.host)
        #expect(brake.until == UnixTime(SessionStage.start + 60))
        stage.pass(seconds: 60)
        #expect(try stage.session().status().brake == nil)
    }
}
