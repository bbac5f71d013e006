import CLinux
import Foundation

/// A program to run with exactly this environment, and nothing of the developer's own.
package struct Command: Sendable {
    /// A path, or a name that is searched in the `PATH` of `environment`.
    package var program: String
    package var arguments: [String]
    package var environment: [String: String]
    package var input = Input.file("/dev/null")
    /// The working directory.
    package var folder = "/"
    /// Values that must exist while the command runs: its home, its server.
    package var needs: [any Sendable] = []
    /// Whether it leads a session of its own, in which it has no terminal unless it is given one.
    package var leadsSession = false
    /// The group of children with which it ends, if any.
    package var children: Children?

    /// The standard input of a command.
    package enum Input: Sendable {
        case bytes([UInt8])
        case file(String)
    }

    package init(
        _ program: String, _ arguments: [String] = [], environment: [String: String] = [:]
    ) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
    }

    /// The timeout after which a command is ended, in milliseconds, so that no test hangs: far more
    /// than any command needs, because the machine may be busy.
    private static let timeLimit: Int64 = 1_200_000

    /// As a shell would show it, for messages.
    package var text: String {
        ([String(program.split(separator: "/").last ?? "")] + arguments).joined(separator: " ")
    }
}

/// Commands whose output a thread collects.
extension Command {
    /// Starts it and returns at once.
    package func start() throws(Problem) -> RunningCommand {
        try start(at: nil, elsewhere: Set(StandardStream.allCases))
    }

    /// Starts it in a session whose terminal this is. A terminal is also every standard stream that
    /// is not `elsewhere`.
    func start(
        at terminal: TerminalDevice?, elsewhere: Set<StandardStream>
    ) throws(Problem) -> RunningCommand {
        let output = elsewhere.contains(.output) ? try Pipe() : nil
        let errors = elsewhere.contains(.errors) ? try Pipe() : nil
        defer {
            for case let descriptor? in [output?.writer, errors?.writer] { close(descriptor) }
        }
        let process = try spawn(
            output: output.map { .descriptor($0.writer) } ?? .terminal,
            errors: errors.map { .descriptor($0.writer) } ?? .terminal,
            inputIsTerminal: !elsewhere.contains(.input), at: terminal?.path)
        var readers: [RunningCommand.Stream: Int32] = [:]
        readers[.output] = output?.reader
        readers[.errors] = errors?.reader
        readers[.terminal] = try terminal?.duplicate()
        return RunningCommand(process, reading: readers, timeLimit: Self.timeLimit, needs: needs)
    }

    /// Runs it to its end.
    package func run() async throws -> Outcome { try await start().outcome() }

    /// Runs a program to its end in this process's own environment, with these variables on top.
    package static func run(
        _ program: String, _ arguments: [String], input: [UInt8] = [],
        with variables: [String: String] = [:], in folder: String = "/"
    ) async throws -> Outcome {
        let own = ProcessInfo.processInfo.environment
        var command = Command(program, arguments, environment: own.merging(variables) { $1 })
        command.input = .bytes(input)
        command.folder = folder
        return try await command.run()
    }

    private struct Pipe {
        let reader: Int32
        let writer: Int32

        init() throws(Problem) {
            var ends: [Int32] = [-1, -1]
            try check("pipe2", pipe2(&ends, O_CLOEXEC))
            (reader, writer) = (ends[0], ends[1])
        }
    }
}

/// Commands without a thread: the caller waits for them.
extension Command {
    /// Starts it and returns at once.
    ///
    /// - Parameters:
    ///   - output: the descriptor that becomes standard output; `nil` is /dev/null.
    ///   - errors: the one that becomes standard error; `nil` is /dev/null.
    package func start(output: Int32?, errors: Int32? = nil) throws(Problem) -> ChildProcess {
        try spawn(
            output: output.map { .descriptor($0) } ?? .nothing,
            errors: errors.map { .descriptor($0) } ?? .nothing)
    }

    /// Runs it to its end and returns what it prints. Fails where the command does.
    package func output() throws(Problem) -> [UInt8] {
        let output = try MemoryFile()
        try require(try start(output: output.descriptor).wait())
        return output.bytes
    }

    package func require(_ ending: ChildProcess.Ending) throws(Problem) {
        guard ending.status == 0 else {
            throw Problem("'\(text)' ended with status \(ending.status)")
        }
    }
}

/// The three streams that every command has.
package enum StandardStream: CaseIterable, Sendable { case input, output, errors }
