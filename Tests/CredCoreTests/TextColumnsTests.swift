import CredCore
import TestSupport
import Testing

@Suite("Columns of text") struct TextColumnsTests {
    @Test(
        "a text takes as many columns as a terminal gives it",
        arguments: [
            Row("nothing", "", 0), Row("ASCII", "farm", 4), Row("Latin", "Ümläut", 6),
            Row("Chinese", "队伍", 4), Row("Korean", "팀", 2), Row("kana", "カメラ", 6),
            Row("full width", "Ａ", 2), Row("emoji", "🌍", 2),
            Row("an accent of its own", "e\u{301}", 1),
            Row("Greek", "αβγ", 3), Row("Cyrillic", "поле", 4), Row("a joiner", "a\u{200D}b", 2),
        ])
    func count(_ row: Row<String, Int>) {
        #expect(row.given.columnCount == row.wanted)
    }

    @Test(
        "a text is wrapped at spaces, and a longer word is cut",
        arguments: [
            Row("nothing", "", [""]), Row("short", "a b", ["a b"]),
            Row("full", "aaaa bbbbb", ["aaaa bbbbb"]),
            Row("too long", "aaaa bbbbbb", ["aaaa", "bbbbbb"]),
            Row("a word too long", "aaaaaaaaaabbb c", ["aaaaaaaaaa", "bbb c"]),
            Row("a long word after a short one", "a bbbbbbbbbbbb", ["a", "bbbbbbbbbb", "bb"]),
            Row("wide characters", "队伍队伍队 队", ["队伍队伍队", "队"]),
            Row("a wide character at the end", "aaaaaaaaa队", ["aaaaaaaaa", "队"]),
        ])
    func wrap(_ row: Row<String, [String]>) {
        #expect(row.given.wrapped(toColumns: 10) == row.wanted)
    }

    @Test("no width is too small", arguments: [-1, 0, 1, 2])
    func narrow(_ width: Int) {
        #expect("ab队".wrapped(toColumns: width) == ["ab", "队"])
    }

    @Test("nothing is lost, and no line is too long, whatever the text", arguments: 0..<50)
    func random(_ seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let letters = Array("ab 队é🌍 ")
        let text = String((0..<80).map { _ in letters.randomElement(using: &generator) ?? "a" })
        let width = Int.random(in: 2...20, using: &generator)
        let lines = text.wrapped(toColumns: width)
        #expect(lines.allSatisfy { $0.columnCount <= width })
        #expect(lines.joined().filter { $0 != " " } == text.filter { $0 != " " })
    }
}

/// A sequence that is the same for the same seed.
private struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
