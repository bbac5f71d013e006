import CredCore
import TestSupport
import Testing

@Suite("Failure") struct FailureTests {
    @Test(
        "AUTH-04: SEC-04: no part of a failure can steer a terminal",
        arguments: [
            Row("an escape sequence", "a\u{1B}[31mb", "a [31mb"),
            Row("line ends", "a\r\nb\nc", "a  b c"), Row("a NUL and a DEL", "a\0b\u{7F}", "a b "),
            Row("a C1 control", "a\u{9B}31m", "a 31m"), Row("a next line", "a\u{85}b", "a b"),
            Row("separators", "a\u{2028}b\u{2029}c", "a b c"),
            Row("overrides", "a\u{202E}b\u{202A}c", "a b c"),
            Row("isolates", "a\u{2066}b\u{2069}c", "a b c"),
            Row("direction marks", "a\u{200E}b\u{200F}c\u{61C}d", "a b c d"),
            Row("letters of people", "äб漢😀 e\u{301}", "äб漢😀 e\u{301}"),
            Row("nothing", "", ""),
        ])
    func printable(_ row: Row<String, String>) {
        let failure = Failure(.failed, row.given, because: row.given, remedy: row.given)
        #expect(failure.what.unicodeScalars.elementsEqual(row.wanted.unicodeScalars))
        #expect(failure.because == failure.what)
        #expect(failure.remedy == failure.what)
    }

    @Test("a part ends after 500 characters")
    func long() {
        let failure = Failure(.failed, String(repeating: "a", count: 1 << 20))
        #expect(failure.what == String(repeating: "a", count: 500))
        #expect(failure.because == nil)
        #expect(failure.remedy == nil)
    }

    @Test("each kind has an exit status, none is success, and the two that pass by share theirs")
    func exitStatus() {
        let statuses = Failure.Kind.allCases.map(\.exitStatus)
        #expect(statuses == [1, 2, 69, 75, 75, 77, 78, 126, 127])
    }

    @Test("a failure as another's reason is one clause, also where nobody knows why")
    func asReason() {
        #expect(Failure(.failed, "no x", because: "y").asReason == "no x: y")
        #expect(Failure(.failed, "no x").asReason == "no x")
    }

    @Test("a remedy that is too long is left out: part of a path could name another file")
    func longRemedy() {
        let whole = "ls " + String(repeating: "a", count: 3000)
        #expect(Failure(.failed, "x", remedy: whole).remedy == whole)
        #expect(Failure(.failed, "x", remedy: whole + whole).remedy == nil)
    }

    @Test(
        "a quoted text is one shell word, even after it was made safe for a terminal",
        arguments: [
            Row("a path", "/home/a-b_c/d.json:1", "/home/a-b_c/d.json:1"),
            Row("nothing", "", "''"), Row("a space", "a b", "'a b'"),
            Row("a quote", "it's", #"'it'\''s'"#), Row("a command", "$(id)`id`", "'$(id)`id`'"),
            Row("a tilde", "~root", "'~root'"), Row("an operator", "a;b&c|d", "'a;b&c|d'"),
            Row("a line end", "a\nb", #"$'a\nb'"#),
            Row("an escape sequence and a digit", "\u{1B}7", #"$'\0337'"#),
            Row("a C1 control", "a\u{9B}", #"$'a\302\233'"#),
            Row("all of them", "it's\n\\$(id)", #"$'it\'s\n\\$(id)'"#),
        ])
    func quoted(_ row: Row<String, String>) {
        #expect(row.given.shellQuoted == row.wanted)
        #expect(Failure(.failed, "x", remedy: row.given.shellQuoted).remedy == row.wanted)
    }
}
