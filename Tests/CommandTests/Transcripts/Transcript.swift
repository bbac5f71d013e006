import Foundation

/// A text file of dialogues.
struct Transcript: Sendable {
    /// A path in the repository.
    let file: String
    let lines: [String]
    let dialogues: [Dialogue]

    init(file: String, text: String) throws {
        self.file = file
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var reader = TranscriptReader(file: file, lines: lines)
        dialogues = try reader.dialogues()
    }

    /// All transcripts of the repository, by name.
    static var all: [Transcript] {
        get throws {
            let folder = Document.top.appending(path: "Tests/Transcripts").path()
            return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
                .filter { $0.hasSuffix(".txt") }
                .map { name in
                    let file = "Tests/Transcripts/\(name)"
                    return try Transcript(file: file, text: Document.file(file))
                }
        }
    }

    /// The text with what was printed in place of what was expected.
    func rewritten(_ mismatches: [Mismatch]) -> String {
        var lines = lines
        // What several cases share is played several times.
        var done: Set<Range<Int>> = []
        // From the end, so that the other places stay where they are; what is only put in comes
        // before the line that it is put before.
        let order = { (mismatch: Mismatch) in (mismatch.lines.lowerBound, mismatch.lines.upperBound)
        }
        for mismatch in mismatches.sorted(by: { order($0) > order($1) })
        where done.insert(mismatch.lines).inserted {
            lines.replaceSubrange(mismatch.lines, with: mismatch.rewritten)
        }
        return lines.joined(separator: "\n")
    }
}

/// A transcript that cannot be read or played.
struct TranscriptProblem: Error, CustomStringConvertible {
    let file: String
    /// Counted from 1.
    let line: Int
    let reason: String

    var description: String { "\(file):\(line): \(reason)" }
}

/// Reads a transcript line by line.
private struct TranscriptReader {
    private let file: String
    private let lines: [String]
    private var next = 0

    init(file: String, lines: [String]) {
        self.file = file
        self.lines = lines
    }

    /// What stands before the first heading is for people.
    mutating func dialogues() throws -> [Dialogue] {
        while let line, !line.hasPrefix("# ") { next += 1 }
        var dialogues: [Dialogue] = []
        while let line {
            let sentence = String(line.dropFirst(2))
            next += 1
            let shared = try entries()
            var cases: [(name: String, entries: [Dialogue.Entry])] = []
            while let line = self.line, line.hasPrefix("## ") {
                next += 1
                cases.append((name: String(line.dropFirst(3)), entries: try entries()))
            }
            dialogues += cases.map { each in
                Dialogue(
                    name: "\(sentence): \(each.name)", file: file, entries: shared + each.entries)
            }
            if cases.isEmpty {
                dialogues.append(Dialogue(name: sentence, file: file, entries: shared))
            }
        }
        return dialogues
    }

    private var line: String? { next < lines.count ? lines[next] : nil }

    /// The lines up to the next heading.
    private mutating func entries() throws -> [Dialogue.Entry] {
        var entries: [Dialogue.Entry] = []
        while let line, !line.hasPrefix("# "), !line.hasPrefix("## ") {
            if line.hasPrefix("* ") {
                entries.append(.setUp(setUpLine(line)))
            } else if line.hasPrefix("$ ") {
                entries.append(.command(try command(line)))
            } else if line.isEmpty || line.hasPrefix("//") {
                next += 1
            } else {
                throw TranscriptProblem(
                    file: file, line: next + 1, reason: "nothing prints '\(line)'")
            }
        }
        return entries
    }

    private mutating func setUpLine(_ line: String) -> SetUpLine {
        let start = next
        next += 1
        let content = take { $0.hasPrefix("    ") }.map { String($0.dropFirst(4)) }
        return SetUpLine(
            lines: start..<next, text: String(line.dropFirst(2)), content: content)
    }

    private mutating func command(_ line: String) throws -> CommandEntry {
        let number = next + 1
        next += 1
        let more = take { $0.hasPrefix("> ") || $0 == ">" }.map { $0.dropFirst(2) }
        let input = take { $0.hasPrefix("< ") || $0 == "<" }.map { String($0.dropFirst(2)) }
        let start = next
        let printed = take { line in
            !line.isEmpty && !["$ ", "* ", "# ", "## ", "//"].contains(where: line.hasPrefix)
        }
        return CommandEntry(
            expectedLines: start..<next,
            command: ([line.dropFirst(2)] + more).joined(separator: "\n"), input: input,
            expected: try self.printed(printed), number: number)
    }

    private mutating func take(while belongs: (String) -> Bool) -> [String] {
        let taken = lines[next...].prefix(while: belongs)
        next += taken.count
        return Array(taken)
    }

    private func printed(_ lines: [String]) throws -> Printed {
        var printed = Printed()
        for line in lines {
            if line == Printed.cutOff {
                printed.isCutOff = true
            } else if line == "!" || line.hasPrefix("! ") {
                printed.errors.append(String(line.dropFirst(2)))
            } else if line == "|" || line.hasPrefix("| ") {
                printed.output.append(String(line.dropFirst(2)))
            } else if line.hasPrefix("["), line.hasSuffix("]") {
                printed.end = String(line.dropFirst().dropLast())
            } else {
                printed.output.append(line)
            }
        }
        return printed
    }
}
