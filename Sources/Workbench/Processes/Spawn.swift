import CLinux
import Glibc

/// Where a standard stream of a new process leads.
enum StreamTarget {
    case descriptor(Int32)
    /// /dev/null
    case nothing
    /// The terminal of its session.
    case terminal
}

extension Command {
    /// Starts it by `posix_spawn`, which costs the same however large this process is: all that we
    /// start is started here. It leads a process group, so that it can be ended with all its
    /// children.
    ///
    /// - Parameter terminal: the path of the one that becomes its controlling terminal, in a
    ///   session of its own.
    func spawn(
        output: StreamTarget, errors: StreamTarget, inputIsTerminal: Bool = false,
        at terminal: String? = nil
    ) throws(Problem) -> ChildProcess {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        _ = posix_spawn_file_actions_addchdir_np(&actions, folder)
        // The first terminal that the leader of a session opens is its controlling terminal.
        if let terminal {
            posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, terminal, O_RDWR, 0)
        }
        for (stream, target) in [(STDOUT_FILENO, output), (STDERR_FILENO, errors)] {
            switch target {
            case .descriptor(let source):
                posix_spawn_file_actions_adddup2(&actions, source, stream)
            case .nothing:
                posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_WRONLY, 0)
            case .terminal: posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, stream)
            }
        }
        let content = inputIsTerminal ? nil : try setInput(&actions)
        _ = posix_spawn_file_actions_addclosefrom_np(&actions, 3)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        let isLeader = terminal != nil || leadsSession
        let group = isLeader ? Int32(linux_spawn_set_session) : POSIX_SPAWN_SETPGROUP
        let flags = group | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
        posix_spawnattr_setflags(&attributes, Int16(flags))
        // This process may ignore signals, and its children would inherit that.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)

        let path = try resolvedProgram()
        let argv = ([program] + arguments).map { strdup($0) } + [nil]
        let envp = environment.map { strdup($0.key + "=" + $0.value) } + [nil]
        defer { for text in argv + envp { free(text) } }
        let process = try ChildProcess(in: children) { () throws(Problem) in
            var process = pid_t()
            let code = posix_spawn(&process, path, &actions, &attributes, argv, envp)
            guard code == 0 else { throw .system("posix_spawn of '\(path)'", code) }
            return process
        }
        withExtendedLifetime(content) {}
        return process
    }

    /// Returns what must last until the child has it.
    private func setInput(
        _ actions: inout posix_spawn_file_actions_t
    ) throws(Problem) -> MemoryFile? {
        switch input {
        case .file(let path):
            posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, path, O_RDONLY, 0)
            return nil
        case .bytes(let bytes) where bytes.isEmpty:
            posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
            return nil
        case .bytes(let bytes):
            let file = try MemoryFile(bytes)
            posix_spawn_file_actions_adddup2(&actions, file.descriptor, STDIN_FILENO)
            return file
        }
    }

    private func resolvedProgram() throws(Problem) -> String {
        guard !program.contains("/") else { return program }
        guard let path = SearchPath.find(program, in: environment["PATH"] ?? "/usr/bin:/bin")
        else { throw Problem("there is no program '\(program)'") }
        return path
    }
}
