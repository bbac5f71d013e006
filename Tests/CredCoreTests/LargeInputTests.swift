import CredCore
import TestSupport
import Testing

/// A megabyte of the worst a parser can get. Quadratic work on it would take hours, which is what
/// the time limit is for; nothing here measures. A limit counts from the start of the run on, when
/// all tests begin.
@Suite("Large input", .timeLimit(.minutes(60))) struct LargeInputTests {
    private static let size = JSONValue.maximumByteCount

    @Test(
        "a JSON text of 1 MiB is read",
        arguments: [
            Example(
                "many names", "{" + (0..<80_000).map { "\"\($0)\":1" }.joined(separator: ",") + "}"),
            Example("one name", "{\"a\":1" + String(repeating: ",\"a\":1", count: size / 7) + "}"),
            Example(
                "escapes", "\"" + String(repeating: "\\ud83d\\ude00", count: size / 12 - 1) + "\""),
            Example("lists", "[0" + String(repeating: ",[]", count: size / 3 - 2) + "]"),
            Example("space", String(repeating: " ", count: size - 1) + "1"),
            Example("a fraction", "0." + String(repeating: "1", count: size - 2)),
        ])
    func json(_ example: Example<String>) throws {
        #expect(throws: Never.self) { try JSONValue(parsing: Array(example.given.utf8)) }
    }

    @Test(
        "a broken JSON text of 1 MiB is refused",
        arguments: [
            Example("brackets", String(repeating: "[", count: size)),
            Example("objects", String(repeating: "{\"a\":", count: size / 5)),
            Example("lines", "[" + String(repeating: "\n", count: size - 1)),
            Example("backslashes", "\"" + String(repeating: "\\", count: size - 1)),
        ])
    func brokenJSON(_ example: Example<String>) {
        #expect(throws: Failure.self) { try JSONValue(parsing: Array(example.given.utf8)) }
    }

    @Test("forms of 1 MiB are read")
    func forms() {
        let many = String(repeating: "a&", count: Self.size / 2)
        let escaped = "a=" + String(repeating: "%41", count: Self.size / 3)
        #expect(FormEncoding.decode(many)?.count == Self.size / 2)
        #expect(FormEncoding.decode(escaped)?.first?.value.utf8.count == Self.size / 3)
        #expect(FormEncoding.decode(String(repeating: "&", count: Self.size)) == [])
    }

    @Test("git's lines of 1 MiB are read")
    func attributes() {
        let lines = Array(String(repeating: "wwwauth[]=a\n", count: Self.size / 12).utf8)
        let urls = Array(String(repeating: "url=a://b@c/", count: Self.size / 12).utf8)
        let empty = [UInt8](repeating: 0x0A, count: Self.size)
        #expect(GitCredentialRequest(parsing: lines)?.challenges.count == Self.size / 12)
        #expect(GitCredentialRequest(parsing: urls)?.origin == nil)
        #expect(GitCredentialRequest(parsing: empty)?.challenges == [])
    }

    @Test("base 64 of 1 MiB goes both ways", arguments: [Base64.Alphabet.standard, .url])
    func base64(_ alphabet: Base64.Alphabet) {
        let bytes = [UInt8](repeating: 0xA5, count: Self.size)
        #expect(Base64.decode(Base64.encode(bytes, alphabet), alphabet) == bytes)
    }

    @Test(
        "a host of 1 MiB is refused",
        arguments: [
            Example("letters", String(repeating: "a", count: size)),
            Example("dots", String(repeating: ".", count: size)),
            Example("labels", String(repeating: "a.", count: size / 2)),
            Example("colons", "[" + String(repeating: ":", count: size) + "]"),
            Example("groups", "[" + String(repeating: "1:", count: size / 2) + "]"),
            Example("brackets", String(repeating: "]", count: size)),
        ])
    func hosts(_ example: Example<String>) {
        #expect(Host(example.given) == nil)
        #expect(throws: Failure.self) { try HostPattern(example.given) }
    }

    @Test("templates of 1 MiB are read")
    func templates() throws {
        let template = String(repeating: "{token}", count: Self.size / 7)
        let variable = try EnvironmentVariable(name: "A", template: template, kind: .usage)
        #expect(variable.value { _ in "x" }.reveal().utf8.count == Self.size / 7)
        #expect(throws: Failure.self) {
            try EnvironmentVariable(
                name: "A", template: String(repeating: "{", count: Self.size), kind: .usage)
        }
    }

    @Test("a date of 1 MiB is refused")
    func dates() {
        let text = "1970-01-01T00:00:00." + String(repeating: "1", count: Self.size)
        #expect(UnixTime(rfc3339: text) == nil)
        let words = String(repeating: "GMT ", count: Self.size / 4)
        #expect(UnixTime(httpDate: words, now: UnixTime(0)) == nil)
    }
}
