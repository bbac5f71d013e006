import CredCore
import CredOAuth
import TestSupport
import Testing

/// What a person copies out of a browser.
@Suite("Pasted reply") struct PastedReplyTests {
    /// `STATE` stands for the state of the attempt.
    @Test(
        "AUTH-03: AUTH-05: a code alone and the whole URL are taken, anything else is not",
        arguments: [
            Row("a code", "abc-._~/+=", "code abc-._~/+="),
            Row("spaces around a code", " \tabc \t", "code abc"),
            Row("a URL", "http://127.0.0.1:5000/callback?code=c&state=STATE", "code c"),
            Row("spaces around a URL", "  https://a.example/?state=STATE&code=c ", "code c"),
            Row("a URL with a fragment", "https://a.example/x?code=c&state=STATE#_=_", "code c"),
            Row("a URL with an escape", "https://a.example/x?code=c%2Fd&state=STATE", "code c/d"),
            Row("without a scheme", "127.0.0.1:5000/callback?code=c&state=STATE", "code c"),
            Row("the query with its mark", "?code=c&state=STATE", "code c"),
            Row("the query without its mark", "code=c&state=STATE", "code c"),
            Row(
                "a no", "https://a.example/?error=access_denied&state=STATE",
                "rejected access_denied"),
            Row("a URL without a state", "https://a.example/?code=c", "foreign"),
            Row("the URL of another", "https://a.example/?code=c&state=x", "foreign"),
            Row("two codes", "https://a.example/?code=c&code=d&state=STATE", "unusable"),
            Row("no code", "https://a.example/?state=STATE", "unusable"),
            Row("a URL without a query", "https://a.example/callback", "foreign"),
            Row("a code in a fragment", "https://a.example/#code=c&state=STATE", "foreign"),
            Row("nothing", "", "foreign"), Row("spaces", " \t ", "foreign"),
            Row("two words", "code abc", "foreign"),
            Row("a space that is none", "\u{A0}code", "foreign"),
            Row("a paste in brackets", "\u{1B}[200~code\u{1B}[201~", "foreign"),
        ])
    func pasted(_ row: Row<String, String>) throws {
        let request = try AuthorizationRequest.example()
        let state = try #require(request.parameter("state"))
        let text = row.given.replacing("STATE", with: state)
        #expect(RedirectReply(pasted: text, to: request).summary == row.wanted)
    }

    @Test("AUTH-07: a pasted URL of another issuer is not taken")
    func issuer() throws {
        let request = try AuthorizationRequest.example(
            issuer: ExpectedIssuer("https://as.example", naming: .perhaps))
        let state = try #require(request.parameter("state"))
        let text = "https://a.example/?code=c&state=\(state)&iss=https://evil.example"
        #expect(RedirectReply(pasted: text, to: request).summary == "unusable")
    }
}
