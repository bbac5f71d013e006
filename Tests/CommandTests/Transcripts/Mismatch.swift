import Foundation
import Testing

/// A place at which something else happened than a transcript says.
struct Mismatch: Sendable, CustomStringConvertible {
    let file: String
    /// The command or the set-up line.
    let subject: String
    /// Where that is, counted from 1.
    let number: Int
    let expected: [String]
    let actual: [String]
    /// The lines that expect it, counted from 0.
    let lines: Range<Int>
    /// What these lines are to be.
    let rewritten: [String]

    var description: String {
        """
        \(file):\(number): \(subject)
        expected:
        \(Self.indented(expected))
        actual:
        \(Self.indented(actual))
        """
    }

    /// The place for whoever shows failures beside the text.
    var location: SourceLocation {
        SourceLocation(
            fileID: file, filePath: Document.top.appending(path: file).path(), line: number,
            column: 1)
    }

    private static func indented(_ lines: [String]) -> String {
        lines.isEmpty ? "    nothing" : lines.map { "    \($0)" }.joined(separator: "\n")
    }
}
