import CredCore
import TestSupport
import Testing

/// A URL or host that programs read in different ways gets no credential.
@Suite("Host spellings") struct HostSpellingTests {
    @Test(
        "BEAR-02: a host is found only where browsers and git find the same one",
        arguments: HostSpelling.all)
    func agreement(_ spelling: HostSpelling) throws {
        let request = try #require(GitCredentialRequest(parsing: Array("url=\(spelling.url)".utf8)))
        guard let origin = request.origin else { return }
        let standard = try #require(spelling.standard)
        let git = try #require(spelling.git)
        #expect(try Origin(scheme: origin.scheme, authority: standard) == origin)
        #expect(try Origin(scheme: origin.scheme, authority: git) == origin)
    }

    @Test(
        "BEAR-02: an ambiguous URL has no host, whatever is said after it",
        arguments: [
            Example("a backslash before the at sign", #"https://evil.test\@data.example.com"#),
            Example("two of them", #"https://evil.test\\@data.example.com/"#),
            Example("one behind the host", #"https://data.example.com\.evil.test"#),
            Example("two at signs", "https://a@evil.test@data.example.com"),
            Example("two colons in front", "https://a:b:c@data.example.com"),
            Example("an unencoded bracket", "https://a[@data.example.com"),
            Example("a quotation mark", "https://a\"@data.example.com"),
            Example("half an escape", "https://a%4@data.example.com"),
            Example("an escaped line end in front", "https://evil.test%0a@data.example.com"),
            Example("an escaped NUL in front", "https://evil.test%00@data.example.com"),
            Example("a letter beyond ASCII in front", "https://\u{FF20}@data.example.com"),
            Example("an escaped dot", "https://data%2eexample.com"),
            Example("an escaped letter", "https://d%61ta.example.com"),
            Example("full-width dots", "https://data\u{FF0E}example\u{FF0E}com"),
            Example("an ideographic dot", "https://data\u{3002}example.com"),
            Example("a trailing dot", "https://data.example.com./"),
            Example("an empty port", "https://data.example.com:/"),
            Example("a port with a leading zero", "https://data.example.com:0443/"),
            Example("a port with a sign", "https://data.example.com:+443/"),
            Example("two ports", "https://data.example.com:443:443/"),
            Example("a space in front", " https://data.example.com/"),
            Example("a space behind", "https://data.example.com "),
            Example("a tab in the host", "https://data.exa\tmple.com/"),
            Example("a CR behind", "https://data.example.com\r"),
            Example("a space in the path", "https://data.example.com/a b"),
            Example("three slashes", "https:///data.example.com"),
            Example("one slash", "https:/data.example.com"),
            Example("backslashes for slashes", #"https:\\data.example.com"#),
        ])
    func ambiguous(_ example: Example<String>) throws {
        // Nothing that stands behind it makes up for it.
        let text = "url=\(example.given)\nprotocol=https\nhost=data.example.com"
        let request = try #require(GitCredentialRequest(parsing: Array(text.utf8)))
        #expect(request.origin == nil)
    }

    @Test(
        "BEAR-02: a host that contains other parts of a URL has no origin",
        arguments: [
            "evil.test\\@data.example.com", "a@data.example.com", "data.example.com:0443",
            "data.example.com:", "data.example.com.", "data%2eexample.com", "data.example.com/x",
            "data.example.com?x", "data.example.com#x", "data\u{FF0E}example.com",
            "https://data.example.com", " data.example.com", "data.example.com\t",
        ])
    func hosts(_ host: String) throws {
        let text = "protocol=https\nhost=\(host)\n"
        #expect(try #require(GitCredentialRequest(parsing: Array(text.utf8))).origin == nil)
    }
}
