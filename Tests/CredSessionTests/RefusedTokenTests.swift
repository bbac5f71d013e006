import CredCore
import CredSession
import TestSupport
import Testing
import Workbench

/// A token that a server did not take although it looks good by the clock.
@Suite("Refused tokens") struct RefusedTokenTests {
    private let stage: SessionStage

    init() throws {
        stage = try SessionStage()
        try stage.writeProfile()
        try stage.writeToken("refused", expiresIn: 3600)
    }

    private static let fingerprint = Secret("refused").fingerprint

    @Test(
        "another token is got in its place",
        arguments: [
            Example("the last one", TokenRequirement.RefusedToken.latest),
            Example("the one of this fingerprint", .fingerprint(fingerprint)),
        ])
    func another(_ example: Example<TokenRequirement.RefusedToken>) throws {
        stage.script(.granted("new"))
        #expect(try stage.token(TokenRequirement(refused: example.given)) == "new")
        #expect(try stage.token() == "new")
    }

    @Test("a cached token that is not the refused one is handed out")
    func other() throws {
        try stage.writeToken("newer", expiresIn: 3600)
        #expect(
            try stage.token(TokenRequirement(refused: .fingerprint(Self.fingerprint))) == "newer")
        #expect(stage.requestCount == 0)
    }

    @Test("without a cached token there is nothing to refuse")
    func none() throws {
        try stage.write(SessionStage.tokenFile, "{}")
        stage.script(.granted("new"))
        #expect(try stage.token(TokenRequirement(refused: .latest)) == "new")
    }

    @Test("it is not handed out again, not even while the server is down")
    func down() throws {
        stage.script(.busy(retryAfter: "60"))
        #expect(try stage.failure(TokenRequirement(refused: .latest)).kind == .tryAgain)
        #expect(try stage.failure().kind == .tryAgain)
        stage.pass(seconds: 60)
        stage.script(.granted("new"))
        #expect(try stage.token() == "new")
    }

    @Test("a server that gives the same token again is believed, once")
    func same() throws {
        stage.script(.granted("refused"))
        #expect(try stage.token(TokenRequirement(refused: .latest)) == "refused")
        #expect(stage.requestCount == 1)
    }

    @Test("erase marks the token that it names, and what others keep beside it stays")
    func erase() throws {
        try stage.writeToken("refused", expiresIn: 3600, more: #","of_others":1"#)
        try stage.session().reject(Secret("refused"))
        let file = try stage.json(SessionStage.tokenFile)
        #expect(file["access_token"] == .string("refused"))
        #expect(file["of_others"] == .integer(1))
        #expect(stage.requestCount == 0)
        stage.script(.granted("new"))
        #expect(try stage.token() == "new")
    }

    @Test(
        "erase of anything else changes nothing",
        arguments: [Example("another token", "other"), Example("its start", "refuse")])
    func eraseOther(_ example: Example<String>) throws {
        let before = try stage.read(SessionStage.tokenFile)
        try stage.session().reject(Secret(example.given))
        #expect(try stage.read(SessionStage.tokenFile) == before)
        #expect(!stage.exists(SessionStage.lockFile))
    }

    @Test("erase keeps what we measured of the token")
    func record() throws {
        stage.script(.granted("a-long-enough-token"))
        try stage.write(SessionStage.tokenFile, "{}")
        _ = try stage.token()
        try stage.session().reject(Secret("a-long-enough-token"))
        let record = try #require(try stage.json(SessionStage.tokenFile)["planet_cred"]?.object)
        #expect(
            record.members.map(\.name)
                == ["endpoints", "issued_for", "lifetime", "received_at", "rejected", "token_ends"])
    }
}
