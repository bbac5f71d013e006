import CredCore
import TestSupport
import Testing

@Suite("Host") struct HostTests {
    @Test(
        "an IPv6 address is written as RFC 5952 wants it",
        arguments: [
            Row("leading zeros", "[2001:0db8:0000:0001:0000:0000:0000:0001]", "[2001:db8:0:1::1]"),
            Row("lower case", "[2001:DB8::ABCD]", "[2001:db8::abcd]"),
            Row("as short as possible", "[2001:db8:0:0:0:0:2:1]", "[2001:db8::2:1]"),
            Row("one group stays", "[2001:db8:0:1:1:1:1:1]", "[2001:db8:0:1:1:1:1:1]"),
            Row("one group that was short", "[2001:db8::1:1:1:1:1]", "[2001:db8:0:1:1:1:1:1]"),
            Row("the longest run", "[2001:0:0:1:0:0:0:1]", "[2001:0:0:1::1]"),
            Row("the first of equals", "[2001:db8:0:0:1:0:0:1]", "[2001:db8::1:0:0:1]"),
            Row("all zero", "[0:0:0:0:0:0:0:0]", "[::]"),
            Row("zeros at the end", "[1:0:0:0:0:0:0:0]", "[1::]"),
            Row("zeros in front", "[::0:1]", "[::1]"),
            Row("no zeros", "[1:2:3:4:5:6:7:8]", "[1:2:3:4:5:6:7:8]"),
        ])
    func canonical(_ row: Row<String, String>) throws {
        let host = try #require(Host(row.given))
        #expect(host.description == row.wanted)
        #expect(host.isAddress)
    }

    @Test(
        "what is no IPv6 address is no host",
        arguments: [
            "[]", "[:]", "[:::]", "[1]", "[1:2:3:4:5:6:7]", "[1:2:3:4:5:6:7:8:9]",
            "[1:2:3:4:5:6:7:8::]", "[::1:2:3:4:5:6:7:8]", "[1::2::3]", "[:1:2:3:4:5:6:7]",
            "[1:2:3:4:5:6:7:]", "[12345::]", "[g::]", "[::127.0.0.1]", "[::1%lo]", "[::1%25lo]",
            "[v1.a]", "[::1", "::1]", "[[::1]]", "[ ::1]", "[::+1]", "[::-1]",
        ])
    func notIPv6(_ text: String) {
        #expect(Host(text) == nil)
    }

    @Test(
        "a name is read in lower case",
        arguments: [
            Row("capitals", "API.Planet.COM", "api.planet.com"),
            Row("one label", "localhost", "localhost"),
            Row("a hyphen and an underscore", "a-b_c.example", "a-b_c.example"),
            Row("punycode", "xn--exmple-cua.com", "xn--exmple-cua.com"),
            Row("digits", "1a.2b.example", "1a.2b.example"),
            Row("an IPv4 address", "192.0.2.1", "192.0.2.1"),
            Row(
                "63 characters", String(repeating: "a", count: 63),
                String(repeating: "a", count: 63)),
        ])
    func names(_ row: Row<String, String>) {
        #expect(Host(row.given)?.description == row.wanted)
    }

    @Test(
        "what is no name is no host",
        arguments: [
            Example("nothing", ""), Example("a dot", "."), Example("a trailing dot", "a.example."),
            Example("a space", "a b.example"), Example("an escape", "a%2eb"),
            Example("a hyphen in front", "-a.example"), Example("a hyphen behind", "a-.example"),
            Example("a wildcard", "*.example.com"), Example("an at sign", "a@b"),
            Example("a Kelvin sign", "\u{212A}ube.example"),
            Example("a dotted capital I", "\u{130}x.example"),
            Example("a letter beyond ASCII", "ä.example"), Example("a NUL", "a\0.example"),
            Example("a line end", "a.example\n"), Example("a CR", "a.example\r"),
            Example("64 characters", String(repeating: "a", count: 64)),
            Example("254 characters", String(repeating: "a.", count: 126) + "aa"),
            Example("a number at the end", "example.1"), Example("a leading zero", "127.0.0.01"),
            Example("hexadecimal", "0x7f.1"), Example("hexadecimal at the end", "a.0x1"),
            Example("a number of 40 digits", String(repeating: "9", count: 40)),
        ])
    func notNames(_ example: Example<String>) {
        #expect(Host(example.given) == nil)
    }

    @Test(
        "only this machine is loopback",
        arguments: [
            Row("the name", "LocalHost", true), Row("the usual address", "127.0.0.1", true),
            Row("another address", "127.255.255.254", true), Row("IPv6", "[0::0:1]", true),
            Row("a neighbour", "128.0.0.1", false), Row("any address", "0.0.0.0", false),
            Row("a name with 127", "127.0.0.1.example", false),
            Row("mapped", "[::ffff:7f00:1]", false), Row("another IPv6", "[::2]", false),
            Row("a name below", "a.localhost", false),
        ])
    func loopback(_ row: Row<String, Bool>) throws {
        #expect(try #require(Host(row.given)).isLoopback == row.wanted)
    }

    @Test("two spellings of one place are one origin")
    func origins() throws {
        let origin = try Origin(scheme: .https, authority: "Example.COM:443")
        #expect(try origin == Origin(scheme: .https, authority: "example.com"))
        #expect(origin.authority == "example.com")
        #expect(try origin != Origin(scheme: .https, authority: "example.com:80"))
    }
}
