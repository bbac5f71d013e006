import Foundation
import Testing

import struct TestSupport.Example

@Suite("Suggested command lines") struct SuggestedLineTests {
    private static let transcripts = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Transcripts")

    /// What the messages in all transcripts tell people to try.
    private static var lines: [String] {
        get throws {
            var lines: Set<String> = []
            let files = try FileManager.default.contentsOfDirectory(
                at: transcripts, includingPropertiesForKeys: nil)
            for file in files where file.pathExtension == "txt" {
                let text = try String(contentsOf: file, encoding: .utf8)
                for line in text.split(separator: "\n") {
                    let start = ["! planet-cred: try: ", "planet-cred: try: "].first(
                        where: line.hasPrefix)
                    if let start { lines.insert(String(line.dropFirst(start.count))) }
                }
            }
            return lines.sorted()
        }
    }

    @Test(
        "USE-29: what a message says to try runs as it stands",
        arguments: try lines.map { Example($0, $0) })
    func suggestions(_ row: Example<String>) throws {
        try SuggestedLine(row.given).check()
    }

    @Test(
        "what would not run is noticed",
        arguments: [
            "planet-cred ... --min-ttl SECONDS", "planet-cred tokne", "frobnicate", "",
            "planet-cred status; planet-cred --bogus",
        ])
    func unknown(_ line: String) {
        #expect(throws: (any Error).self) { try SuggestedLine(line).check() }
    }

    @Test("quotes, comments and several commands are read as a shell does")
    func words() {
        #expect(
            SuggestedLine("a 'b c' \"d\" >e # f").commands == [["a", "b c", "d"]])
        #expect(
            SuggestedLine("source <(a b); c && d | e").commands
                == [["source"], ["a", "b"], ["c"], ["d"], ["e"]])
    }
}
