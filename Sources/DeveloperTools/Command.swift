import Glibc

/// A program to start, and all that it gets from us.
package struct Command: Sendable {
    /// A path; nothing is looked up.
    package var program: String
    package var arguments: [String]
    /// `NAME=value`, all of it.
    package var environment: [String]
    package var folder = "/"
    /// The file that is standard input.
    package var input = "/dev/null"

    package init(_ program: String, _ arguments: [String] = [], environment: [String]) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
    }

    /// As a shell would show it, for messages.
    package var text: String {
        ([String(program.split(separator: "/").last ?? "")] + arguments).joined(separator: " ")
    }

    /// Starts it by `posix_spawn`, which costs the same however large this process is. It leads a
    /// process group, so that it can be ended with all its children.
    ///
    /// - Parameters:
    ///   - output: the descriptor that becomes standard output; `nil` is /dev/null.
    ///   - errors: the one that becomes standard error; `nil` is /dev/null.
    package func start(output: Int32? = nil, errors: Int32? = nil) throws(Problem) -> Running {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input, O_RDONLY, 0)
        for (target, source) in [(STDOUT_FILENO, output), (STDERR_FILENO, errors)] {
            if let source {
                posix_spawn_file_actions_adddup2(&actions, source, target)
            } else {
                posix_spawn_file_actions_addopen(&actions, target, "/dev/null", O_WRONLY, 0)
            }
        }
        _ = systemSpawnChangeFolder(&actions, folder)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))
        // `CleanUp` ignores these, and children would inherit that.
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in [SIGPIPE, SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, number) }
        posix_spawnattr_setsigdefault(&attributes, &signals)

        let argumentPointers = ([program] + arguments).map { strdup($0) } + [nil]
        let environmentPointers = environment.map { strdup($0) } + [nil]
        defer { for pointer in argumentPointers + environmentPointers { free(pointer) } }
        let processID = try Children.start { () throws(Problem) in
            var processID = pid_t()
            let error = posix_spawn(
                &processID, program, &actions, &attributes, argumentPointers, environmentPointers)
            guard error == 0 else { throw .system("posix_spawn of '\(program)'", error) }
            return processID
        }
        return Running(leader: processID)
    }
}
