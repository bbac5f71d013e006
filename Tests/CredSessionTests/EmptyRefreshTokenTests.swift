import CredCore
import CredSession
import TestSupport
import Testing
import Workbench

/// Servers that send a refresh token without a value where they have none.
@Suite("Empty refresh tokens") struct EmptyRefreshTokenTests {
    private let stage: SessionStage

    init() throws {
        stage = try SessionStage()
        try stage.writePerson()
        try stage.writeSession(more: #","scope":"a b""#)
    }

    @Test(
        "USE-07: a refresh answer whose refresh token has no value keeps the old one",
        arguments: [
            Example("an empty string", #""""#), Example("null", "null"), Example("blank", #""  ""#),
            Example("a number", "1"), Example("a flag", "false"), Example("a list", "[]"),
            Example("an object", "{}"),
        ])
    func kept(_ example: Example<String>) throws {
        let members = #","expires_in":1,"refresh_token":\#(example.given)"#
        stage.script(.granted("new", members), .granted("newer", members))
        #expect(try stage.token() == "new")
        #expect(try stage.keptRefreshToken == "r0")
        stage.pass(seconds: 2)
        #expect(try stage.token() == "newer")
        #expect(stage.sentRefreshTokens == ["r0", "r0"])
        #expect(try stage.keptRefreshToken == "r0")
    }

    @Test(
        "USE-07: so does an empty scope",
        arguments: [Example("an empty string", #""""#), Example("null", "null")])
    func scope(_ example: Example<String>) throws {
        stage.script(.granted("new", #","expires_in":3600,"scope":\#(example.given)"#))
        #expect(try stage.token() == "new")
        #expect(try stage.json(SessionStage.tokenFile)["scope"] == .string("a b"))
        #expect(stage.happened.notices == [])
    }
}
