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
