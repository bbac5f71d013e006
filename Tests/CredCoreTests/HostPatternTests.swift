import CredCore
import TestSupport
import Testing

@Suite("Host pattern") struct HostPatternTests {
    struct Match: Sendable, CustomTestStringConvertible {
        let pattern: String, url: String
        var testDescription: String { "\(pattern) and \(url)" }
    }

    @Test(
        "a pattern covers its places",
        arguments: [
            Match(pattern: "example.com", url: "https://example.com/"),
            Match(pattern: "EXAMPLE.com", url: "https://Example.com:443/"),
            Match(pattern: "example.com:8443", url: "https://example.com:8443/"),
            Match(pattern: "localhost", url: "http://localhost/"),
            Match(pattern: "localhost:8080", url: "http://localhost:8080/"),
            Match(pattern: "[0:0:0:0:0:0:0:1]:9", url: "http://[::1]:9/"),
            Match(pattern: "*.example.com", url: "https://a.example.com/"),
            Match(pattern: "*.example.com", url: "https://a.b.EXAMPLE.com/"),
        ])
    func covers(_ match: Match) throws {
        #expect(try HostPattern(match.pattern).matches(WebURL(match.url).origin))
    }

    @Test(
        "BEAR-02: a pattern does not cover what only looks like its places",
        arguments: [
            Match(pattern: "example.com", url: "https://example.com.evil.example/"),
            Match(pattern: "example.com", url: "https://evil-example.com/"),
            Match(pattern: "example.com", url: "https://a.example.com/"),
            Match(pattern: "example.com", url: "https://example.com:8443/"),
            Match(pattern: "example.com", url: "https://example.com:80/"),
            Match(pattern: "example.com:8443", url: "https://example.com/"),
            Match(pattern: "localhost", url: "http://localhost:8080/"),
            Match(pattern: "*.example.com", url: "https://example.com/"),
            Match(pattern: "*.example.com", url: "https://evilexample.com/"),
            Match(pattern: "*.example.com", url: "https://a.example.com:8443/"),
            Match(pattern: "*.example.com", url: "https://a.example.com.evil.example/"),
            Match(pattern: "127.0.0.1", url: "http://127.0.0.2/"),
        ])
    func leavesOut(_ match: Match) throws {
        #expect(try !HostPattern(match.pattern).matches(WebURL(match.url).origin))
    }

    @Test(
        "what covers too much or names no host is refused",
        arguments: [
            "", "*", "*.", "*.com", "*.*.example.com", "a.*.example.com", "*example.com",
            "*.example.com:8443", "*.192.0.2.1", "*.[::1]", "*..com", "*.example.com.",
            "https://example.com", "example.com/", "example.com:0", "example.com:65536",
            "example.com:", "user@example.com", "exämple.com", "*.\u{212A}ube.example",
        ])
    func refused(_ text: String) throws {
        let failure = try #require(throws: Failure.self) { try HostPattern(text) }
        #expect(failure.kind == .profile)
    }

    @Test(
        "a URL is told that an entry is a host, and not shown, for it may hold a password",
        arguments: ["https://me:secret@h/x", "h:8080/", "*.a.b/"])
    func url(_ text: String) throws {
        let failure = try #require(throws: Failure.self) { try HostPattern(text) }
        #expect(failure.because == "an entry must be HOST or HOST:PORT, not a URL")
        #expect(!"\(failure)".contains(text))
    }

    @Test(
        "a pattern is written as it may be read",
        arguments: [
            Row("a host", "Example.com", "example.com"), Row("a port", "a.b:443", "a.b:443"),
            Row("a domain", "*.Example.com", "*.example.com"), Row("IPv6", "[::0:1]:1", "[::1]:1"),
        ])
    func text(_ row: Row<String, String>) throws {
        let pattern = try HostPattern(row.given)
        #expect(pattern.text == row.wanted)
        #expect(try HostPattern(pattern.text) == pattern)
    }
}
