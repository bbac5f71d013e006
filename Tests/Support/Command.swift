import Glibc

/// A program to run with exactly this environment, and nothing of the developer's own.
package struct Command: Sendable {
    /// A path, or a name that is looked for in the `PATH` of `environment`.
    package var program: String
    package var arguments: [String]
    package var environment: [String: String]
    package var input: [UInt8] = []
    /// The working folder.
    package var folder = "/"
    /// What must last as long as the command runs: its home, its server.
    package var needs: [any Sendable] = []

    /// After this time a command is ended, so that no test hangs: far more than any needs, for a
    /// machine may be busy with other things. In milliseconds.
    private static let timeLimit: Int64 = 1_200_000

    package init(_ program: String, _ arguments: [String], environment: [String: String]) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
    }

    /// Starts it and comes back at once.
    package func start() throws -> RunningCommand {
        try start(at: nil, elsewhere: Set(StandardStream.allCases))
    }

    /// Starts it in a session whose terminal this is. A terminal is also every standard stream that
    /// is not `elsewhere`.
    func start(
        at terminal: TerminalEnds?, elsewhere: Set<StandardStream>
    ) throws -> RunningCommand {
        let input = elsewhere.contains(.input) ? try inputDescriptor() : nil
        let output = elsewhere.contains(.output) ? try Pipe() : nil
        let errors = elsewhere.contains(.errors) ? try Pipe() : nil
        let process = try spawn(
            streams: [(1, output?.writer), (2, errors?.writer), (0, input)], at: terminal?.path)
        for case let descriptor? in [input, output?.writer, errors?.writer] { close(descriptor) }
        var readers: [RunningCommand.Stream: Int32] = [:]
        readers[.output] = output?.reader
        readers[.errors] = errors?.reader
        readers[.terminal] = terminal?.reader
        return RunningCommand(process, reading: readers, timeLimit: Self.timeLimit, needs: needs)
    }

    /// Runs it to its end.
    package func run() async throws -> Outcome { try await start().outcome() }

    /// What a command needs to know of a terminal.
    struct TerminalEnds {
        /// Where the command opens it.
        var path: String
        /// Where we read what it shows; owned by the one who reads.
        var reader: Int32
    }

    private struct Pipe {
        let reader: Int32
        let writer: Int32

        init() throws {
            var ends: [Int32] = [-1, -1]
            try check("pipe2", makePipe(&ends, O_CLOEXEC))
            (reader, writer) = (ends[0], ends[1])
        }
    }

    private func inputDescriptor() throws -> Int32 {
        guard !input.isEmpty else {
            return try check("open", open("/dev/null", O_RDONLY | O_CLOEXEC))
        }
        let file = try check("memfd_create", memfd("command-input", 1))
        var written = 0
        while written < input.count {
            written += Int(
                try check(
                    "write",
                    Int32(
                        input[written...].withUnsafeBytes { write(file, $0.baseAddress, $0.count) })
                ))
        }
        lseek(file, 0, SEEK_SET)
        return file
    }

    /// - Parameter streams: in the order in which they are set; `nil` is the terminal.
    private func spawn(
        streams: [(target: Int32, source: Int32?)], at terminal: String?
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        _ = spawnChangeFolder(&actions, folder)
        // The first terminal that the leader of a session opens is its controlling terminal.
        if let terminal {
            posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, terminal, O_RDWR, 0)
        }
        for (target, source) in streams {
            posix_spawn_file_actions_adddup2(&actions, source ?? STDIN_FILENO, target)
        }
        _ = spawnCloseFrom(&actions, 3)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A group of its own, so that a command that hangs ends with its children.
        let group = terminal == nil ? POSIX_SPAWN_SETPGROUP : spawnNewSession
        let flags = group | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)

        let path = try resolved()
        let argv = ([program] + arguments).map { strdup($0) } + [nil]
        let envp = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in argv + envp { free(text) } }
        var process = pid_t()
        let code = posix_spawn(&process, path, &actions, &attributes, argv, envp)
        guard code == 0 else { throw SystemCallFailure(call: "posix_spawn \(path)", code: code) }
        return process
    }

    private func resolved() throws -> String {
        guard !program.contains("/") else { return program }
        let folders = (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        let paths = folders.map { "\($0)/\(program)" }
        guard let path = paths.first(where: { access($0, X_OK) == 0 }) else {
            throw SystemCallFailure(call: "find \(program)", code: ENOENT)
        }
        return path
    }
}

/// The three streams that every command has.
package enum StandardStream: CaseIterable, Sendable { case input, output, errors }

/// A system call that a test needs went wrong.
package struct SystemCallFailure: Error, CustomStringConvertible {
    let call: String
    let code: Int32

    package var description: String { "\(call): \(String(cString: strerror(code)))" }
}

@discardableResult
func check(_ call: String, _ result: Int32) throws -> Int32 {
    guard result >= 0 else { throw SystemCallFailure(call: call, code: errno) }
    return result
}

// glibc has these and Swift's module of it does not show them.

/// `POSIX_SPAWN_SETSID`
private let spawnNewSession: Int32 = 0x80

@_silgen_name("posix_spawn_file_actions_addclosefrom_np")
private func spawnCloseFrom(
    _ actions: UnsafeMutablePointer<posix_spawn_file_actions_t>, _ first: Int32
) -> Int32

@_silgen_name("posix_spawn_file_actions_addchdir_np")
private func spawnChangeFolder(
    _ actions: UnsafeMutablePointer<posix_spawn_file_actions_t>, _ path: UnsafePointer<CChar>
) -> Int32

@_silgen_name("pipe2")
private func makePipe(_ ends: UnsafeMutablePointer<Int32>, _ flags: Int32) -> Int32

/// With the flag `MFD_CLOEXEC`, 1.
@_silgen_name("memfd_create")
private func memfd(_ name: UnsafePointer<CChar>, _ flags: UInt32) -> Int32
