import CredCore
import TestSupport
import Testing
import Workbench

/// A server that takes a refresh token has spent it, whatever its answer is good for.
@Suite("Answers to a refresh token without an access token for us") struct UselessAnswerTests {
    private let stage: SessionStage
    private static let noType = #"{"access_token":"useless","refresh_token":"r1"}"#

    init() throws {
        stage = try SessionStage()
        try stage.writePerson()
        try stage.writeSession()
    }

    @Test(
        "REF-02: the next refresh token is kept, and is the one that is sent next",
        arguments: [
            Example("no type", noType),
            Example(
                "another type",
                #"{"access_token":"useless","token_type":"DPoP","refresh_token":"r1"}"#),
            Example("no access token", #"{"token_type":"Bearer","refresh_token":"r1"}"#),
            Example(
                "one that has ended",
                #"{"access_token":"a","token_type":"Bearer","expires_in":0,"refresh_token":"r1"}"#),
        ])
    func kept(_ example: Example<String>) throws {
        stage.script(.status(200, example.given), .rotated("new", "r2"))
        #expect(try stage.failure().kind == .unavailable)
        #expect(try stage.keptRefreshToken == "r1")
        #expect(try stage.journal.count == 1)
        stage.pass(seconds: 10)
        #expect(try stage.token() == "new")
        #expect(stage.sentRefreshTokens == ["r0", "r1"])
    }

    @Test("an access token that is still taken stays beside it")
    func bearable() throws {
        try stage.writeSession(expiresIn: 30)
        stage.script(.status(200, Self.noType))
        #expect(try stage.token() == "old")
        #expect(try stage.keptRefreshToken == "r1")
    }

    @Test("for ten seconds nobody asks again")
    func remembered() throws {
        stage.script(.status(200, Self.noType), .rotated("too soon", "r2"))
        _ = try stage.failure()
        #expect(try stage.failure().kind == .unavailable)
        #expect(stage.requestCount == 1)
    }

    @Test("one that a killed process left is taken up")
    func recovered() throws {
        try stage.writeAnswer(to: "r0", Self.noType)
        stage.script(.rotated("new", "r2"))
        #expect(try stage.token() == "new")
        #expect(stage.sentRefreshTokens == ["r1"])
    }

    @Test("a login that somebody made meanwhile stays")
    func meanwhile() throws {
        stage.duringRequest { [stage] in try stage.writeSession(refresh: "theirs") }
        stage.script(.status(200, Self.noType))
        _ = try stage.failure()
        #expect(try stage.keptRefreshToken == "theirs")
    }

    @Test("a file that another tool puts back meanwhile leads to it")
    func putBack() throws {
        let old = try stage.read(SessionStage.tokenFile)
        stage.script(
            .rotated("one", "r1"), .status(200, #"{"access_token":"useless","refresh_token":"r2"}"#)
        )
        _ = try stage.token()
        stage.pass(seconds: 3600)
        stage.duringRequest { [stage] in try stage.write(SessionStage.tokenFile, old) }
        // By the journal's own clock the first token still lives.
        #expect(try stage.token() == "one")
        #expect(try stage.keptRefreshToken == "r2")
    }

    @Test(
        "one without a refresh token leaves nothing",
        arguments: [
            Example("JSON", #"{"access_token":"useless"}"#), Example("no JSON", "<html>"),
            Example("an empty one", #"{"refresh_token":""}"#),
            Example("a refusal", #"{"error":"x","refresh_token":"r1"}"#),
        ])
    func nothing(_ example: Example<String>) throws {
        stage.script(.status(200, example.given))
        _ = try stage.failure()
        #expect(try stage.keptRefreshToken == "r0")
        #expect(try stage.journal == [])
    }
}
