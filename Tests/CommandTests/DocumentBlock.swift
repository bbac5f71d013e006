import Foundation

/// An example in the README or the manual: what stands between two fences, or between `.Bd
/// -literal` and `.Ed`.
struct DocumentBlock: Sendable {
    /// What follows the fence; for the manual made from how the block starts.
    let language: String
    let lines: [String]
    /// The file of the home folder that this is, where a comment before it says so.
    let file: String?

    var text: String { lines.map { "\($0)\n" }.joined() }

    /// The examples of a Markdown text.
    static func markdown(_ text: String) -> [DocumentBlock] {
        blocks(
            text, opening: "```", closing: "```", comment: ("<!-- file: ", " -->"),
            language: { fence, _ in String(fence.dropFirst(3)) })
    }

    /// The examples of a manual in mdoc(7), as a reader sees them.
    static func manual(_ text: String) -> [DocumentBlock] {
        let blocks = blocks(
            text, opening: ".Bd -literal", closing: ".Ed", comment: (".\\\" file: ", ""),
            language: { _, first in
                first.hasPrefix("$ ") ? "console" : first.hasPrefix("{") ? "json" : "text"
            })
        return blocks.map { block in
            DocumentBlock(
                language: block.language, lines: block.lines.map(unescaped), file: block.file)
        }
    }

    private static func unescaped(_ line: String) -> String {
        line.replacing("\\(aq", with: "'").replacing("\\-", with: "-").replacing("\\e", with: "\\")
    }

    private static func blocks(
        _ text: String, opening: String, closing: String, comment: (start: String, end: String),
        language: (_ opening: String, _ first: String) -> String
    ) -> [DocumentBlock] {
        var blocks: [DocumentBlock] = []
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
        var previous = ""
        while let line = lines.popFirst().map(String.init) {
            if line.hasPrefix(opening) {
                let content = lines.prefix { $0 != closing }.map(String.init)
                lines = lines.dropFirst(content.count + 1)
                let file =
                    previous.hasPrefix(comment.start)
                    ? String(previous.dropFirst(comment.start.count).dropLast(comment.end.count))
                    : nil
                blocks.append(
                    DocumentBlock(
                        language: language(line, content.first ?? ""), lines: content, file: file))
            }
            previous = line
        }
        return blocks
    }
}

/// A recorded session at a shell: commands after `$ `, their other lines after `> `, and what was
/// seen, in which `...` stands for anything.
struct ConsoleRecording: Sendable {
    struct Step: Sendable {
        var command: String
        var output: [String] = []
    }

    private(set) var steps: [Step] = []

    init(_ lines: [String]) {
        for line in lines {
            if line.hasPrefix("$ ") {
                steps.append(Step(command: String(line.dropFirst(2))))
            } else if let last = steps.indices.last {
                if line.hasPrefix("> "), steps[last].output.isEmpty {
                    steps[last].command += "\n\(line.dropFirst(2))"
                } else {
                    steps[last].output.append(line)
                }
            }
        }
    }

    /// Whether somebody logs in, who sits at a terminal.
    var needsPerson: Bool { steps.contains { $0.command.contains("login") } }
}
