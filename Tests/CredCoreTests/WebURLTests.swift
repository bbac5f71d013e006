import CredCore
import TestSupport
import Testing

@Suite("Web URL") struct WebURLTests {
    @Test(
        "a usable URL is read and written in one form",
        arguments: [
            Row("no path", "https://example.com", "https://example.com/"),
            Row("a path as it is", "https://example.com/a//b/", "https://example.com/a//b/"),
            Row("scheme and host in capitals", "HTTPS://EXAMPLE.Com/A", "https://example.com/A"),
            Row("the usual port", "https://example.com:443/", "https://example.com/"),
            Row("another port", "https://example.com:8443/", "https://example.com:8443/"),
            Row("the port of the other scheme", "https://a.example:80", "https://a.example:80/"),
            Row("the smallest port", "https://a.example:1/", "https://a.example:1/"),
            Row("the largest port", "https://a.example:65535/", "https://a.example:65535/"),
            Row("a query", "https://a.example/b?c=d?e/f", "https://a.example/b?c=d?e/f"),
            Row("an empty query", "https://a.example/?", "https://a.example/?"),
            Row("a query without a path", "https://a.example?b", "https://a.example/?b"),
            Row("an at sign in the path", "https://a.example/@b", "https://a.example/@b"),
            Row("an at sign in the query", "https://a.example?@b", "https://a.example/?@b"),
            Row("an escape in the path", "https://a.example/%2e%2F", "https://a.example/%2e%2F"),
            Row("loopback by number", "http://127.0.0.1:18080", "http://127.0.0.1:18080/"),
            Row("loopback by name", "http://localhost:80/", "http://localhost/"),
            Row("loopback in IPv6", "http://[0:0::1]:9/", "http://[::1]:9/"),
            Row("IPv6 with https", "https://[2001:DB8::1]/", "https://[2001:db8::1]/"),
        ])
    func accepted(_ row: Row<String, String>) throws {
        #expect(try WebURL(row.given).description == row.wanted)
    }

    @Test(
        "DISC-04: plain http outside loopback and fragments are refused",
        arguments: [
            Example("http on a host", "http://example.com/"),
            Example("http on a private address", "http://10.0.0.1/"),
            Example("http on any address", "http://0.0.0.0/"),
            Example("http on the IPv6 any address", "http://[::]/"),
            Example("http on a mapped loopback", "http://[::ffff:7f00:1]/"),
            Example("a name that starts like loopback", "http://127.0.0.1.example.com/"),
            Example("a name that starts with 127.", "http://127.example/"),
            Example("a name below localhost", "http://evil.localhost/"),
            Example("a name that starts with localhost", "http://localhost.example/"),
            Example("a fragment", "https://example.com/#a"),
            Example("an empty fragment", "https://example.com/#"),
            Example("a fragment after the host", "https://example.com#@evil.example/"),
        ])
    func unsafe(_ example: Example<String>) throws {
        let failure = try #require(throws: Failure.self) { try WebURL(example.given) }
        #expect(failure.kind == .profile)
    }

    @Test(
        "BEAR-02: what two programs could read in two ways is refused",
        arguments: [
            Example("a user name", "https://good@evil.example/"),
            Example("user name and password", "https://good:443@evil.example/"),
            Example("an empty user name", "https://@evil.example/"),
            Example("a backslash before the path", "https://evil.example\\@good.example/"),
            Example("backslashes for slashes", "https:\\\\good.example/"),
            Example("a backslash in the path", "https://good.example/\\evil"),
            Example("a hexadecimal number", "https://0x7f.1/"),
            Example("one number", "https://2130706433/"),
            Example("a hexadecimal number alone", "https://0x7f000001/"),
            Example("an octal number", "https://0177.0.0.1/"),
            Example("three numbers", "https://127.0.1/"),
            Example("five numbers", "https://1.2.3.4.5/"),
            Example("a number too large", "https://1.2.3.256/"),
            Example("a trailing dot", "https://example.com./"),
            Example("a trailing dot on a number", "https://127.0.0.1./"),
            Example("a leading dot", "https://.example.com/"),
            Example("two dots", "https://example..com/"),
            Example("an encoded host", "https://ex%61mple.com/"),
            Example("an encoded at sign", "https://good%40evil.example/"),
            Example("a host beyond ASCII", "https://exämple.com/"),
            Example("a full-width dot", "https://example\u{3002}com/"),
            Example("a Kelvin sign", "https://\u{212A}ube.example/"),
            Example("a soft hyphen", "https://exam\u{AD}ple.com/"),
            Example("port 0", "https://example.com:0/"),
            Example("port 65536", "https://example.com:65536/"),
            Example("port 2^64 + 443", "https://example.com:18446744073709552059/"),
            Example("an empty port", "https://example.com:/"),
            Example("a signed port", "https://example.com:+443/"),
            Example("a port in letters", "https://example.com:https/"),
            Example("two ports", "https://example.com:443:80/"),
            Example("an IPv6 address without brackets", "https://::1/"),
            Example("an IPv6 zone", "https://[fe80::1%25eth0]/"),
            Example("text after the bracket", "https://[::1]evil.example/"),
            Example("text before the bracket", "https://evil[::1]/"),
            Example("an open bracket", "https://[::1/"),
            Example("no host", "https:///path"), Example("a query for a host", "https://?a"),
            Example("a port for a host", "https://:443/"), Example("nothing", ""),
            Example("no scheme", "example.com/"), Example("one slash", "https:/example.com/"),
            Example("no slash", "https:example.com"), Example("relative", "//example.com/"),
            Example("another scheme", "ftp://example.com/"),
            Example("a file", "file:///etc/passwd"),
            Example("a script", "javascript://example.com/%0aalert(1)"),
            Example("a space before", " https://example.com/"),
            Example("a space inside", "https://example.com/a b"),
            Example("a line end", "https://example.com/\n"),
            Example("a CR and an LF", "https://example.com/\r\nHost:evil"),
            Example("a tab in the scheme", "ht\ttps://example.com/"),
            Example("a NUL", "https://example.com\0.evil/"),
            Example("a quotation mark", "https://example.com/\""),
            Example("a brace", "https://example.com/{a,b}"),
            Example("a caret", "https://example.com/^"),
            Example("a path beyond ASCII", "https://example.com/ä"),
            Example("half an escape", "https://example.com/%4"),
            Example("a bad escape", "https://example.com/?%zz"),
        ])
    func refused(_ example: Example<String>) throws {
        let failure = try #require(throws: Failure.self) { try WebURL(example.given) }
        #expect(failure.kind == .profile)
    }

    @Test(
        "a complaint never repeats a password or a query",
        arguments: [
            Example("a password", "https://user:hunter2@example.com/"),
            Example("a password with a fragment sign", "https://user:hunter2#@example.com/"),
            Example("a password with a bar", "https://user:hunter2|@example.com/"),
            Example("a password with another scheme", "ftp://user:hunter2@example.com/"),
            Example("a password with a slash", "https://user:hunter2/3@example.com/"),
            Example("a query with a bad escape", "https://example.com/?key=hunter2%"),
            Example("a query with a bar", "https://example.com/?key=hunter2|"),
            Example("a query before a fragment", "https://example.com/?key=hunter2#"),
            Example("a fragment", "https://example.com/#access_token=hunter2"),
        ])
    func quietComplaint(_ example: Example<String>) throws {
        let failure = try #require(throws: Failure.self) { try WebURL(example.given) }
        #expect(!"\(failure)".contains("hunter2"))
    }

    @Test("path and query are apart, and the query can be left out")
    func parts() throws {
        let url = try WebURL("https://example.com:8443/a/b?code=c")
        #expect(url.path == "/a/b")
        #expect(url.query == "code=c")
        #expect(url.withoutQuery == "https://example.com:8443/a/b")
        #expect(url.origin.authority == "example.com:8443")
    }

    @Test("a URL of 1 MiB is read")
    func long() throws {
        let path = "/" + String(repeating: "a", count: 1 << 20)
        #expect(try WebURL("https://example.com\(path)").path == path)
        #expect(throws: Failure.self) { try WebURL(String(repeating: "a:", count: 1 << 19)) }
    }
}
