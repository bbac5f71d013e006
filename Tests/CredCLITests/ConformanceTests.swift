import Foundation
import Testing

/// `Tests/Conformance.md` against the names of the tests.
@Suite("Conformance") struct ConformanceTests {
    private static let tests = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()

    @Test("every row of the table has a test, and every row that a test names is in the table")
    func rows() throws {
        let file = Self.tests.appending(path: "Conformance.md")
        let table = try String(contentsOf: file, encoding: .utf8)
        let row = /^\| ([A-Z]+-[0-9]{2}) \|/.anchorsMatchLineEndings()
        let rows = Set(table.matches(of: row).map(\.1))
        #expect(rows.count >= 91)
        let families = Set(rows.map { $0.prefix { $0 != "-" } })
        // `UTF-16` is no row of ours.
        #expect(try named().filter { row in families.contains(row.prefix { $0 != "-" }) } == rows)
    }

    /// The rows at the start of the string literals of all tests, and of the headings of all
    /// transcripts.
    private func named() throws -> Set<Substring> {
        let files = try #require(
            FileManager.default.enumerator(at: Self.tests, includingPropertiesForKeys: nil))
        var rows: Set<Substring> = []
        let heading = /^##? ((?:[A-Z]+-[0-9]{2}(?:, |: ))+)/.anchorsMatchLineEndings()
        for case let file as URL in files {
            let pattern: Regex<(Substring, Substring)>
            switch file.pathExtension {
            case "swift": pattern = /"((?:[A-Z]+-[0-9]{2}(?:, |: |"))+)/
            case "txt": pattern = heading
            default: continue
            }
            let text = try String(contentsOf: file, encoding: .utf8)
            for name in text.matches(of: pattern) {
                rows.formUnion(name.1.matches(of: /[A-Z]+-[0-9]{2}/).map(\.0))
            }
        }
        return rows
    }
}
