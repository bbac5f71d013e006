import CredCore
import CredOAuth
import TestSupport
import Testing

/// Answers with status 200.
@Suite("Token response") struct TokenResponseTests {
    @Test(
        "TOK-04: a bearer token is one in any spelling",
        arguments: [
            Example("capital", "Bearer"), Example("small", "bearer"), Example("loud", "BEARER"),
        ])
    func type(_ example: Example<String>) throws {
        let response = try response(#""access_token":"t","token_type":"\#(example.given)""#)
        #expect(response.authorization.headerValue == Secret("Bearer t"))
    }

    @Test(
        "TOK-05: a token of another type is refused",
        arguments: [
            Example("a MAC", #""token_type":"mac""#), Example("DPoP", #""token_type":"DPoP""#),
            Example("nothing", #""token_type":"""#), Example("null", #""token_type":null"#),
            Example("no text", #""token_type":["Bearer"]"#), Example("none", #""scope":"a""#),
            Example("a space after it", #""token_type":"Bearer ""#),
        ])
    func otherType(_ example: Example<String>) throws {
        let problem = try problem(#""access_token":"SECRET",\#(example.given)"#)
        #expect(problem.contains("token_type"))
        #expect(!problem.contains("SECRET"))
    }

    @Test(
        "TOK-06: TOK-07: the life is what the server says, within reason",
        arguments: [
            Row("a number", "3600", 3600), Row("a number in a string", #""3600""#, 3600),
            Row("a fraction", "3600.9", 3600), Row("an exponent", "3.6e3", 3600),
            Row("a fraction in a string", #""3600.0""#, 3600),
            Row("spaces in a string", #"" 3600 ""#, 3600), Row("absurd", "1e15", 315_360_000),
            Row("more than any integer", "1e400", 315_360_000),
            Row("long digits", "99999999999999999999", 315_360_000), Row("null", "null", nil),
            Row("a word", #""soon""#, nil), Row("an empty string", #""""#, nil),
            Row("a list", "[3600]", nil), Row("a flag", "true", nil),
        ])
    func lifetime(_ row: Row<String, Int64?>) throws {
        let response = try response(
            #""access_token":"t","token_type":"Bearer","expires_in":\#(row.given)"#)
        #expect(response.lifetime == row.wanted)
    }

    @Test(
        "TOK-07: a token without any life is refused",
        arguments: [
            Example("none", "0"), Example("less than none", "-5"), Example("in a string", #""0""#),
            Example("part of a second", "0.9"), Example("far less", "-1e400"),
        ])
    func dead(_ example: Example<String>) throws {
        let problem = try problem(
            #""access_token":"t","token_type":"Bearer","expires_in":\#(example.given)"#)
        #expect(problem.contains("expires_in"))
    }

    @Test("TOK-06: a life that nobody tells is not guessed here")
    func unknownLife() throws {
        #expect(try response(#""access_token":"t","token_type":"Bearer""#).lifetime == nil)
    }

    @Test("TOK-08: members that we do not know are kept as they came")
    func unknown() throws {
        let response = try response(
            #""access_token":"t","token_type":"Bearer","session_state":"s","n":1.50"#)
        #expect(response.members["session_state"] == .string("s"))
        #expect(response.members["n"] == .number("1.50"))
    }

    @Test("TOK-08: of a member that comes twice the last one counts")
    func duplicate() throws {
        let response = try response(#""access_token":"a","token_type":"Bearer","access_token":"b""#)
        #expect(response.authorization.credential == Secret("b"))
    }

    @Test("TOK-08: a token of 100 kB is a token")
    func large() throws {
        let token = String(repeating: "a", count: 100_000)
        let response = try response(#""access_token":"\#(token)","token_type":"Bearer""#)
        #expect(response.authorization.credential == Secret(token))
    }

    @Test(
        "TOK-16: a token that no header may hold is refused, and not shown",
        arguments: [
            Example("an LF", #""SECRET\nX: y""#), Example("a CR", #""SECRET\rX: y""#),
            Example("a NUL", #""SECRET\u0000""#), Example("a space", #""SECRET x""#),
            Example("an escape", #""SECRET\u001b[31m""#), Example("a DEL", #""SECRET\u007f""#),
            Example("a letter outside ASCII", #""SECRETä""#), Example("nothing", #""""#),
            Example("null", "null"), Example("a number", "1"), Example("a list", #"["SECRET"]"#),
        ])
    func injection(_ example: Example<String>) throws {
        let problem = try problem(#""token_type":"Bearer","access_token":\#(example.given)"#)
        #expect(!problem.contains("SECRET"))
    }

    @Test("CC-01: a client that acts for itself forgets the refresh token")
    func withoutRefreshToken() throws {
        let response = try response(
            #""access_token":"t","token_type":"Bearer","refresh_token":"r","refresh_expires_in":9,"#
                + #""scope":"a""#)
        let members = response.withoutRefreshToken.members.members.map(\.name)
        #expect(members == ["access_token", "token_type", "scope"])
    }

    private func response(_ members: String) throws -> TokenResponse {
        try #require(try result(members).value)
    }

    private func problem(_ members: String) throws -> String {
        try #require(try result(members).problem)
    }

    private func result(_ members: String) throws -> EndpointResult<TokenResponse> {
        let response = try #require(HTTPResponse.text(200, "", "{\(members)}"))
        return TokenEndpoint.result(response, sent: .none, now: UnixTime(0))
    }
}
