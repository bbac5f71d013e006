import CredCore
import TestSupport
import Testing

@Suite("git credential request") struct GitCredentialRequestTests {
    @Test("what git 2.55 sends is read")
    func complete() throws {
        let request = try parse(
            """
            capability[]=authtype
            capability[]=state
            capability[]=tea
            protocol=https
            host=example.com:8443
            path=a/b.git
            username=someone
            authtype=Bearer
            credential=hunter2
            wwwauth[]=Bearer realm="a=b", error="invalid_token"
            wwwauth[]=Basic realm="c"
            state[]=planet-cred:1
            state[]=other:2
            password_expiry_utc=1
            """)
        #expect(request.origin?.authority == "example.com:8443")
        #expect(request.username == "someone")
        #expect(request.credential == Secret("hunter2"))
        #expect(request.capabilities == [.authtype, .state])
        #expect(
            request.challenges
                == [#"Bearer realm="a=b", error="invalid_token""#, #"Basic realm="c""#])
        #expect(request.states == ["planet-cred:1", "other:2"])
    }

    @Test("nothing says nothing")
    func empty() throws {
        let request = try parse("")
        #expect(request.origin == nil)
        #expect(request.username == nil)
        #expect(request.credential == nil)
        #expect(request.capabilities.isEmpty)
    }

    @Test(
        "the secret is the credential, else the password",
        arguments: [
            Row("a password", "password=a", "a"), Row("empty", "password=", ""),
            Row("both", "credential=b\npassword=a", "b"),
            Row("both, the other way", "password=a\ncredential=b", "b"),
            Row("a later one counts", "password=a\npassword=b", "b"),
            Row("with spaces and equals signs", "password= a = b ", " a = b "),
            Row("a mark after the equals sign", "password=\u{338}b", "\u{338}b"),
        ])
    func secret(_ row: Row<String, String>) throws {
        #expect(try parse(row.given).credential == Secret(row.wanted))
    }

    @Test("an empty value resets a list")
    func reset() throws {
        let request = try parse("wwwauth[]=a\nstate[]=b\nwwwauth[]=\nstate[]=\nwwwauth[]=c")
        #expect(request.challenges == ["c"])
        #expect(request.states == [])
    }

    @Test("an empty line ends the attributes")
    func emptyLine() throws {
        let request = try parse("protocol=https\nhost=a.example\n\nhost=evil.example\nnot a line")
        #expect(request.origin?.authority == "a.example")
    }

    @Test(
        "what git would read otherwise is refused as a whole",
        arguments: [
            Example<[UInt8]>("no equals sign", Array("protocol\nhost=a.example".utf8)),
            Example<[UInt8]>("a CR on an empty line", Array("host=a.example\n\r\nx=y".utf8)),
            Example<[UInt8]>("a NUL", Array("host=a.example\0.evil".utf8)),
            Example<[UInt8]>("not UTF-8", Array("host=a".utf8) + [0xFF]),
            Example<[UInt8]>("a byte order mark", [0xEF, 0xBB, 0xBF, 0x0A]),
        ])
    func refused(_ example: Example<[UInt8]>) {
        #expect(GitCredentialRequest(parsing: example.given) == nil)
    }

    @Test(
        "only an LF ends a line",
        arguments: [
            Example("a CR", "\r"), Example("a NEL", "\u{85}"), Example("a form feed", "\u{C}"),
            Example("a line separator", "\u{2028}"), Example("a vertical tab", "\u{B}"),
        ])
    func lineEnds(_ example: Example<String>) throws {
        let request = try parse(
            "protocol=https\nhost=evil.example\nusername=a\(example.given)host=good.example\n")
        #expect(request.origin?.authority == "evil.example")
        #expect(request.username == "a\(example.given)host=good.example")
    }

    @Test("a line longer than any buffer stays one line")
    func longLine() throws {
        let filler = String(repeating: "x", count: 1 << 20)
        let request = try parse(
            "protocol=https\nhost=a.example\nwwwauth[]=\(filler)host=evil.example\n")
        #expect(request.origin?.authority == "a.example")
        #expect(request.challenges.first?.utf8.count == (1 << 20) + 17)
    }

    @Test(
        "BEAR-02: what names no place for a secret has no origin",
        arguments: [
            Example("no protocol", "host=a.example"), Example("no host", "protocol=https"),
            Example("an empty host", "protocol=https\nhost="),
            Example("an empty protocol", "protocol=\nhost=a.example"),
            Example("http", "protocol=http\nhost=a.example"),
            Example("another protocol", "protocol=ssh\nhost=a.example"),
            Example("a CR behind the protocol", "protocol=https\r\nhost=a.example"),
            Example("a CR behind the host", "protocol=https\nhost=a.example\r"),
            Example("a user name in the host", "protocol=https\nhost=good@evil.example"),
            Example("a path in the host", "protocol=https\nhost=a.example/b"),
            Example("a trailing dot", "protocol=https\nhost=a.example."),
            Example("a Kelvin sign", "protocol=https\nhost=\u{212A}ube.example"),
            Example("port 0", "protocol=https\nhost=a.example:0"),
            Example("a URL without a host", "url=https:///path"),
            Example("a URL without a scheme", "url=a.example/path"),
            Example("a URL of http", "url=http://a.example/path"),
            Example("a URL with two at signs", "url=https://a@good.example@evil.example/"),
            Example("an unreadable URL behind parts", "protocol=https\nhost=a.example\nurl=b"),
            Example("keys in capitals", "PROTOCOL=https\nHOST=a.example"),
        ])
    func noOrigin(_ example: Example<String>) throws {
        #expect(try parse(example.given).origin == nil)
    }

    @Test(
        "BEAR-02: a URL stands for its parts, read as git reads it",
        arguments: [
            Row("a host", "https://a.example", "a.example"),
            Row("a port and a path", "https://a.example:8443/b/c.git", "a.example:8443"),
            Row("loopback", "http://127.0.0.1:8080/", "127.0.0.1:8080"),
            Row("the userinfo trick", "https://good.example@evil.example/", "evil.example"),
            Row("a password", "https://a:b@c.example/", "c.example"),
            Row("an at sign in the path", "https://evil.example/@good.example", "evil.example"),
            Row("an at sign in the query", "https://evil.example?@good.example", "evil.example"),
            Row("an at sign in the fragment", "https://evil.example#@good.example", "evil.example"),
            Row("a query", "https://a.example?b=c", "a.example"),
        ])
    func url(_ row: Row<String, String>) throws {
        #expect(try parse("url=\(row.given)").origin?.authority == row.wanted)
    }

    @Test(
        "the user name of a URL is never its password",
        arguments: [
            Row("a name", "https://a@c.example/", "a"),
            Row("name and password", "https://a:hunter2@c.example/", "a"),
            Row("a password alone", "https://:hunter2@c.example/", ""),
            Row("an at sign in the path", "https://c.example/a@b", nil),
            Row("none", "https://c.example/", nil),
        ] as [Row<String, String?>])
    func urlUser(_ row: Row<String, String?>) throws {
        #expect(try parse("url=\(row.given)").username == row.wanted)
    }

    @Test("a URL forgets the parts before it and parts after it count")
    func urlOrder() throws {
        let request = try parse(
            "protocol=http\nhost=b.example\nusername=x\nurl=https://a.example\nhost=c.example")
        #expect(request.origin?.authority == "c.example")
        #expect(request.username == nil)
    }

    private func parse(_ text: String) throws -> GitCredentialRequest {
        try #require(GitCredentialRequest(parsing: Array(text.utf8)))
    }
}
