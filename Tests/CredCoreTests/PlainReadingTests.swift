import CredCore
import TestSupport
import Testing
import Workbench

/// Readers that go over the bytes once, against plain ones that take them apart step by step.
@Suite("Plain reading") struct PlainReadingTests {
    @Test("a host is what the plain reader says") func hosts() {
        let texts = Self.texts(
            seed: 31,
            from: [
                "API.Planet.COM", "127.0.0.1", "255.256.0.01", "a-b_c.9x.example.1", "x.0x7f.1.2",
                "\u{212A}ube.1.2.3", "1.2.3.4.5", "00.0.0.0",
            ])
        let different = texts.filter { text in
            // IPv6 has a reader of its own.
            !text.hasPrefix("[") && Host(text)?.description != Self.host(text)
        }
        #expect(different.isEmpty)
        #expect(texts.count { Host($0) != nil } > 100)
    }

    @Test("host and port are split as the plain reader does") func authorities() {
        let texts = Self.texts(
            seed: 32,
            from: ["a.example:8443", "[::1]:9", "127.0.0.1:0", "a:65536", "[::1]x:1", ":"])
        let different = texts.filter { text in
            let parts = try? Host.parse(authority: text)
            return parts.map { "\($0.host) \($0.port ?? 0)" } != Self.authority(text)
        }
        #expect(different.isEmpty)
    }

    @Test("a URL is what the plain reader says, in the same words where it is none")
    func urls() {
        let texts = Self.texts(
            seed: 33,
            from: [
                "https://Example.com:8443/a%41?b=%2", "http://127.0.0.1", "HTTP://[::1]/%zz",
                "https://user:pw@a.example/", "ftp://a.example", "https://a.example?b#c",
            ])
        let different = texts.filter { Self.read($0) != Self.plainURL($0) }
        #expect(different.isEmpty)
        #expect(texts.count { (try? WebURL($0)) != nil } > 100)
    }

    @Test("a JSON string is its bytes, or nothing where they are no UTF-8") func strings() {
        let inputs = SeededBytes.inputs(
            count: 8000, seed: 34, from: ["plain", "é€𝄞", "a longer text than fifteen bytes é"])
        let different = inputs.filter { bytes in
            guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C }) else { return false }
            let read = try? JSONValue(parsing: [0x22] + bytes + [0x22])
            return read?.string.map { Array($0.utf8) }
                != String(validating: bytes, as: UTF8.self).map { Array($0.utf8) }
        }
        #expect(different.isEmpty)
    }

    @Test("of members with one name the last value counts, in the first one's place, however many")
    func members() {
        var generator = SeededGenerator(seed: 35)
        // The last two are one text to Unicode, in as many bytes, and two names.
        let names = ["a", "b", "ab", "\u{e9}", "e\u{301}", "x\u{323}\u{307}", "x\u{307}\u{323}"]
        for _ in 0..<500 {
            let count = Int.random(in: 0...80, using: &generator)
            let members = (0..<count).map { index in
                let name = names.randomElement(using: &generator) ?? ""
                let suffix = Int.random(in: 0...count, using: &generator)
                return JSONObject.Member("\(name)\(suffix)", .integer(Int64(index)))
            }
            var plain: [JSONObject.Member] = []
            for member in members {
                let bytes = Array(member.name.utf8)
                if let index = plain.firstIndex(where: { Array($0.name.utf8) == bytes }) {
                    plain[index].value = member.value
                } else {
                    plain.append(member)
                }
            }
            let object = JSONObject(lastOfEachName: members)
            #expect(object.members.map { Array($0.name.utf8) } == plain.map { Array($0.name.utf8) })
            #expect(object.members.map(\.value) == plain.map(\.value))
        }
    }

    private static func texts(seed: UInt64, from examples: [String]) -> [String] {
        SeededBytes.inputs(count: 8000, seed: seed, from: examples).map {
            String(decoding: $0, as: UTF8.self)
        }
    }
}

extension PlainReadingTests {
    private static func host(_ text: String) -> String? {
        guard text.utf8.allSatisfy({ $0 < 0x80 }), text.utf8.count <= 253 else { return nil }
        let labels = text.lowercased().split(separator: ".", omittingEmptySubsequences: false)
        let allowed = "abcdefghijklmnopqrstuvwxyz0123456789-_"
        for label in labels {
            guard (1...63).contains(label.count), label.first != "-", label.last != "-",
                label.allSatisfy(allowed.contains)
            else { return nil }
        }
        if labels.last?.first?.isNumber == true {
            let numbers = labels.compactMap { label in
                label.count == 1 || label.first != "0" ? UInt8(label) : nil
            }
            guard labels.count == 4, numbers.count == 4 else { return nil }
        }
        return labels.joined(separator: ".")
    }

    private static func authority(_ text: String) -> String? {
        let scalars = Array(text.unicodeScalars)
        let bracket = scalars.lastIndex(of: "]") ?? 0
        let colon = scalars[bracket...].lastIndex(of: ":")
        func part(_ range: some RangeExpression<Int>) -> String {
            String(String.UnicodeScalarView(scalars[range]))
        }
        guard let host = Host(part(..<(colon ?? scalars.count))) else { return nil }
        guard let colon else { return "\(host) 0" }
        let digits = part((colon + 1)...)
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), digits.utf8.count <= 18,
            let port = Int(digits), (1...65535).contains(port)
        else { return nil }
        return "\(host) \(port)"
    }

    private static func read(_ text: String) -> String {
        do {
            return try WebURL(text).description
        } catch {
            return error.asReason
        }
    }

    private static func plainURL(_ text: String) -> String {
        let hasUser = text.utf8.contains(UInt8(ascii: "@"))
        let shown = hasUser ? "..." : String(text.unicodeScalars.prefix { $0 != "?" && $0 != "#" })
        func malformed(_ problem: String) -> String {
            Failure(.profile, "invalid URL '\(shown)'", because: problem).asReason
        }
        let unusual = Set("\"<>\\^`{|}".unicodeScalars)
        guard
            text.unicodeScalars.allSatisfy({
                (0x21...0x7E).contains($0.value) && !unusual.contains($0)
            })
        else { return malformed("it contains a character that is not allowed in a URL") }
        guard !text.contains("#") else { return malformed("it contains a fragment ('#')") }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].hasPrefix("//"),
            let scheme = Origin.Scheme(rawValue: parts[0].lowercased())
        else { return malformed("it does not start with https://") }
        let rest = parts[1].dropFirst(2)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let resource = rest[authority.endIndex...]
        guard !authority.contains("@") else { return malformed("it contains a user name") }
        guard PercentEncoding.decode(Array(resource.utf8)) != nil else {
            return malformed("a '%' is not followed by two hexadecimal digits")
        }
        do {
            let origin = try Origin(scheme: scheme, authority: String(authority))
            let path = resource.prefix { $0 != "?" }
            return "\(scheme.rawValue)://\(origin.authority)\(path.isEmpty ? "/" : path)"
                + resource[path.endIndex...]
        } catch {
            return hasUser
                ? malformed(error.because ?? "it has no valid host name") : error.asReason
        }
    }
}
