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
            Row("two codes", "https://a.example/?code=c&code=d&state=STATE", "unusable"),
            Row("a code and an error", "https://a.example/?code=c&error=e&state=STATE", "unusable"),
            Row("an empty code", "https://a.example/?code=&state=STATE", "unusable"),
            Row("two words", "code abc", "other"),
            Row("a space that is none", "\u{A0}code", "other"),
            Row("a code in a fragment", "https://a.example/#code=c&state=STATE", "no code"),
        ])
    func pasted(_ row: Row<String, String>) throws {
        #expect(try Self.summary(row.given, .addressOrCode) == row.wanted)
    }

    @Test(
        "USE-25: a pasted address counts whatever was copied with it",
        arguments: [
            "\"URL\"", "'URL'", "<URL>", "(URL)", "`URL`", " <URL>\t", "\u{1B}[200~URL\u{1B}[201~",
            "URL#", "URL\r",
        ] as [ShownText])
    func marks(_ around: ShownText) throws {
        let url = "http://127.0.0.1:5000/callback?code=c&state=STATE"
        let text = around.text.replacing("URL", with: url)
        #expect(try Self.summary(text, .address) == "code c")
    }

    @Test(
        "USE-25: a pasted address counts however it was written down",
        arguments: [
            Row("a shell's backslashes", #"http://127.0.0.1/\?code\=c\&state\=STATE"#, "code c"),
            Row("a web page's", "http://127.0.0.1/?code=c&amp;state=STATE", "code c"),
            Row("on two lines", "http://127.0.0.1/?code=a b&state=STATE", "code ab"),
            Row("a code in quotes", "\"abc\"", "code abc"),
        ])
    func spellings(_ row: Row<String, String>) throws {
        #expect(try Self.summary(row.given, .addressOrCode) == row.wanted)
    }

    @Test(
        "USE-25: what does not end the login is told apart",
        arguments: [
            Row("the page of the login", "PAGE", "page"),
            Row("the page of the login in quotes", "\"PAGE\"", "page"),
            Row("another page of the server", "https://as.example/login?session=1", "page"),
            Row("its first page", "https://as.example/", "page"),
            Row("nothing", "", "nothing"), Row("spaces", " \t ", "nothing"),
            Row("quotes", "\"\"", "nothing"),
            Row("another's", "https://a.example/?code=c&state=x", "another"),
            Row("another's no", "https://a.example/?error=access_denied&state=x", "another"),
            Row("cut before the state", "https://a.example/?code=c", "beginning"),
            Row("cut in the name", "https://a.example/?code=c&sta", "beginning"),
            Row("cut in the state", "https://a.example/?code=c&state=START", "beginning"),
            Row("an error cut", "https://a.example/?error=access_denied", "beginning"),
            Row("cut after the state", "https://a.example/?state=STATE&", "beginning"),
            Row("no query", "https://a.example/callback", "no code"),
            Row("another query", "https://a.example/callback?a=b", "no code"),
            Row("a code alone", "abc", "other"), Row("a word", "help", "other"),
        ])
    func others(_ row: Row<String, String>) throws {
        #expect(try Self.summary(row.given, .address) == row.wanted)
    }

    @Test("AUTH-07: a pasted URL of another issuer is not taken")
    func issuer() throws {
        let request = try AuthorizationRequest.example(
            issuer: ExpectedIssuer("https://as.example", naming: .perhaps))
        let state = try #require(request.parameter("state"))
        let text = "https://a.example/?code=c&state=\(state)&iss=https://evil.example"
        #expect(
            PastedReply(text, wanted: .addressOrCode, to: request).summary == "unusable")
    }

    private static func summary(_ text: String, _ wanted: PastedReply.Wanted) throws -> String {
        let request = try AuthorizationRequest.example()
        let state = try #require(request.parameter("state"))
        let text = text.replacing("STATE", with: state)
            .replacing("START", with: state.prefix(10))
            .replacing("PAGE", with: request.url.description)
        return PastedReply(text, wanted: wanted, to: request).summary
    }
}

extension PastedReply {
    /// In one word and, of a reply, what is in it.
    var summary: String {
        switch self {
        case .reply(let reply): reply.summary
        case .nothing: "nothing"
        case .beginning: "beginning"
        case .other(let reason) where reason.contains("URL to open"): "page"
        case .other(let reason) where reason.contains("another login"): "another"
        case .other(let reason) where reason.contains("no code"): "no code"
        case .other: "other"
        }
    }
}
