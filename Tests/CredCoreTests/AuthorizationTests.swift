import CredCore
import TestSupport
import Testing

@Suite("Authorization") struct AuthorizationTests {
    @Test(
        "TOK-16: an access token that could end a header or a line is refused",
        arguments: [
            Example("nothing", ""), Example("an LF", "abc\ndef"),
            Example("an LF at the end", "abc\n"),
            Example("a CR", "abc\rdef"), Example("a CR and an LF", "abc\r\ndef"),
            Example("a NUL", "abc\0def"), Example("a space", "abc def"),
            Example("a space in front", " abc"), Example("a tab", "abc\tdef"),
            Example("an ESC", "abc\u{1B}[31m"), Example("a DEL", "abc\u{7F}"),
            Example("a NEL", "abc\u{85}"), Example("a line separator", "abc\u{2028}"),
            Example("a letter beyond ASCII", "abcé"), Example("a combining mark", "abc\u{301}"),
        ])
    func refusedCredential(_ example: Example<String>) {
        #expect(Authorization(scheme: "Bearer", credential: example.given) == nil)
    }

    @Test(
        "a scheme that is no token is refused",
        arguments: [
            Example("nothing", ""), Example("a space", "Bearer x"), Example("an LF", "Bearer\n"),
            Example("a colon", "Bearer:"), Example("an equals sign", "a=b"),
            Example("a letter beyond ASCII", "Béarer"), Example("a NUL", "Bearer\0"),
        ])
    func refusedScheme(_ example: Example<String>) {
        #expect(Authorization(scheme: example.given, credential: "abc") == nil)
    }

    @Test("every visible ASCII character may stand in a credential")
    func visible() throws {
        let text = String(String.UnicodeScalarView((0x21...0x7E).map { Unicode.Scalar($0) }))
        let authorization = try #require(Authorization(scheme: "api-key", credential: text))
        #expect(authorization.credential == Secret(text))
        #expect(authorization.headerValue.reveal() == "api-key \(text)")
    }

    @Test("TOK-08: a token of 100 kB is taken")
    func large() {
        let text = String(repeating: "a", count: 100_000)
        #expect(Authorization(scheme: "Bearer", credential: text) != nil)
    }
}
