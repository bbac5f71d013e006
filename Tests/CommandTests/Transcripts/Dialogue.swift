import Testing

/// A sentence about planet-cred, and the lines that show that it is true. `Tests/Transcripts`
/// explains how it is written.
struct Dialogue: Sendable, CustomTestStringConvertible {
    /// The sentence; of one of its cases, with the name of the case.
    let name: String
    /// The file, as a path in the repository.
    let file: String
    let entries: [Entry]

    var testDescription: String { "\(name) (\(file.split(separator: "/").last ?? ""))" }

    enum Entry: Sendable {
        case setUp(SetUpLine)
        case command(CommandEntry)
    }
}

/// `* ...`: something that is so before the next command, or that must be so by now.
struct SetUpLine: Sendable {
    /// The lines of the file, counted from 0.
    let lines: Range<Int>
    /// What follows the asterisk.
    let text: String
    /// The indented lines below it.
    let content: [String]
}

/// `$ ...`: a command, what it reads, and what it must print.
struct CommandEntry: Sendable {
    /// What it must print, as lines of the file, counted from 0.
    let expectedLines: Range<Int>
    let command: String
    /// Standard input, or what a person types.
    let input: [String]
    let expected: Printed

    /// The line of the command, counted from 1.
    let number: Int
}

/// What a command printed, and how it ended.
struct Printed: Sendable {
    var output: [String] = []
    /// The last line of the output has no end.
    var isCutOff = false
    var errors: [String] = []
    /// `0`, or another exit status, or how else it ended.
    var end = "0"

    /// The lines of a transcript that say so.
    var lines: [String] {
        output.map(Self.marked) + (isCutOff ? [Self.cutOff] : [])
            + errors.map { $0.isEmpty ? "!" : "! \($0)" } + (end == "0" ? [] : ["[\(end)]"])
    }

    static let cutOff = "[no newline]"

    /// A line of the output, with a mark if it would be taken for something else.
    private static func marked(_ line: String) -> String {
        let marks = ["$ ", "> ", "< ", "* ", "! ", "# ", "## ", "| ", "// ", "["]
        let isPlain = !line.isEmpty && line != "!" && line != "<" && line != "|"
        return isPlain && !marks.contains(where: line.hasPrefix)
            ? line : line.isEmpty ? "|" : "| \(line)"
    }
}
