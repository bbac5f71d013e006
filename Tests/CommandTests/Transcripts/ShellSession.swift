import TestSupport
import Workbench

/// A person's session at a shell. What one command exports, and the folder that it goes to, the
/// next one finds.
struct ShellSession: Sendable {
    let home: ScratchHome
    /// The shell.
    private let program: String
    /// What must last as long as a command runs.
    var needs: [any Sendable] = []
    /// Whether the person is a user for whom permissions count.
    var isNobody = false

    /// Where the output of a command goes.
    enum Streams: Sendable {
        case separate
        /// Standard error is among standard output.
        case together
        /// All streams are a terminal.
        case terminal
    }

    init(in home: ScratchHome, program: String = "bash") throws {
        self.home = home
        self.program = program
        try home.write(state, "export PWD\n")
        try export(home.environment)
    }

    func export(_ variables: [String: String]) throws {
        let lines = variables.map { "export \($0.key)='\($0.value)'\n" }
        try home.write(state, try home.read(state) + lines.joined())
    }

    /// - Parameter input: standard input; at a terminal what is typed, a line at each prompt, where
    ///   `\x04` is Ctrl-D, and `\x03` is Ctrl-C.
    func run(
        _ command: String, input: [String] = [], _ streams: Streams = .separate
    ) async throws -> Outcome {
        // What the session has unset is not there again.
        let script = """
            unset \(home.environment.keys.sorted().joined(separator: " "))
            . '\(state)'; cd "$PWD" || exit
            \(streams == .together ? "exec 2>&1" : "")
            \(command)
            recorded=$?; export -p >'\(state)'; exit $recorded
            """
        if isNobody { return try await home.shellAsNobody(script) }
        let text = input.map { "\($0)\n" }.joined()
        var command = home.command(
            program, ["-c", script], input: streams == .terminal ? "" : text)
        command.needs += needs
        guard streams == .terminal else { return try await command.run() }
        let terminal = try PseudoTerminal(command)
        var answered = 0
        for line in input { answered = try await terminal.answer(line, after: answered) }
        let outcome = await terminal.outcome()
        return Outcome(
            output: Array(Self.seen(terminal.shown).utf8), errors: outcome.errors, end: outcome.end)
    }

    /// Where exported variables stand between two commands.
    private var state: String { "\(home.root)/exported" }

    /// What a terminal shows in the end, of which lines some were written again and again; without
    /// the spaces at their ends.
    private static func seen(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { line in
                String(line.split(separator: "\r").last ?? "").replacing("\u{1B}[K", with: "")
                    .replacing(/\ +$/, with: "")
            }
            .joined(separator: "\n")
    }
}

extension PseudoTerminal {
    /// Types a line once there is a prompt after this many characters; answers how many there are.
    fileprivate func answer(_ line: String, after answered: Int) async throws -> Int {
        var count = answered
        try await Condition.wait(for: "a prompt") {
            let hasEnded = hasEnded
            let shown = shown
            count = shown.count
            // A line that is replaced again and again may be a prompt.
            let prompt = shown.replacing("\u{1B}[K", with: "")
            return hasEnded
                || count > answered && [": ", "stop) "].contains(where: prompt.hasSuffix)
        }
        let keys = ["\\x03": "\u{3}", "\\x04": "\u{4}"]
        if !hasEnded { try type(keys[line] ?? "\(line)\n") }
        return count
    }
}
