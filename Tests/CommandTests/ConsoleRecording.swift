import Foundation

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

    /// The whole session for one shell, with standard error among the output as on a terminal. Each
    /// command is followed by a separator, and leaves its status to the next.
    var script: String {
        "exec 2>&1\n"
            + steps.map { step in
                "\(step.command)\nrecorded=$?; printf '\\001'; (exit $recorded)\n"
            }.joined()
    }

    /// Whether somebody logs in, who sits at a terminal.
    var needsPerson: Bool { steps.contains { $0.command.contains("login") } }

    /// What each command of the script printed, as a terminal shows it in the end.
    static func outputs(of text: String) -> [String] {
        text.split(separator: "\u{1}", omittingEmptySubsequences: false).dropLast().map { output in
            output.split(separator: "\n", omittingEmptySubsequences: false).map(shown)
                .joined(separator: "\n")
        }
    }

    /// What is left of a line that was written again and again.
    private static func shown(_ line: Substring) -> String {
        String(line.split(separator: "\r").last ?? "").replacing("\u{1B}[K", with: "")
    }
}

extension ConsoleRecording.Step {
    /// Whether this is what was recorded. A line `...` stands for any number of lines; moments and
    /// the time that is left are different in every session.
    func isMet(by actual: String) throws -> Bool {
        var pattern = ""
        for line in output {
            pattern +=
                line == "..."
                ? "(?:.*\\n)*?"
                : NSRegularExpression.escapedPattern(for: Self.timeless(line))
                    .replacing("\\.\\.\\.", with: ".*") + "\\n"
        }
        let text = Self.timeless(actual)
        let ended = text.isEmpty || text.hasSuffix("\n") ? text : "\(text)\n"
        return try Regex(pattern).wholeMatch(in: ended) != nil
    }

    private static func timeless(_ text: String) -> String {
        text.replacing(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/, with: "DATE")
            .replacing(/\b1\d{9}\b/, with: "SECONDS")
            .replacing(/\(\d+ min\)/, with: "(LEFT)")
    }
}
