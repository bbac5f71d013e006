import Foundation
import Glibc

/// A program to run to its end, with bytes as its input and output.
struct ChildProcess {
    /// Looked up in `PATH`.
    var program: String
    var arguments: [String] = []
    /// The whole environment besides `PATH`.
    var environment: [String: String] = [:]

    enum Failure: Error {
        case system(call: String, Int32)
        /// The program ended with this status, as `waitpid` tells it.
        case ended(program: String, status: Int32)
    }

    /// What the program wrote; its errors are dropped. Ends early when the server stops.
    func run(
        input: [UInt8] = [], among children: RunningChildren
    ) throws(Failure) -> [UInt8] {
        let inputFile = try ScratchFile(input)
        let outputFile = try ScratchFile()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, inputFile.descriptor, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, outputFile.descriptor, STDOUT_FILENO)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        var variables = environment
        variables["PATH"] = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let status = try children.run { () throws(Failure) in
            try spawn(&actions, variables.map { "\($0.key)=\($0.value)" })
        }
        guard status == 0 else { throw .ended(program: program, status: status) }
        return try outputFile.content()
    }

    private func spawn(
        _ actions: inout posix_spawn_file_actions_t, _ environment: [String]
    ) throws(Failure) -> pid_t {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A group of its own, so that its own children can be ended with it.
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigaddset(&signals, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        let argv = ([program] + arguments).map { strdup($0) } + [nil]
        let envp = environment.map { strdup($0) } + [nil]
        defer { for text in argv + envp { free(text) } }
        var pid = pid_t()
        let error = posix_spawnp(&pid, program, &actions, &attributes, argv, envp)
        guard error == 0 else { throw .system(call: "posix_spawnp \(program)", error) }
        return pid
    }
}
