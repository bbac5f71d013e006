import CLinux

/// Starts programs with `posix_spawn(3)`, found by `ProgramSearch`.
enum Spawn {
    enum Session {
        case sameSession
        /// A new session, without a terminal and its signals.
        case newSession

        fileprivate var flags: Int16 {
            switch self {
            case .sameSession: 0
            case .newSession: Int16(linux_spawn_set_session)
            }
        }
    }

    enum Start {
        case started(pid_t)
        case failed(SystemError)
    }

    /// Starts a program with these descriptors as its 0, 1, 2 and so on, and no others. A broken
    /// pipe ends it, whether or not we ignore that signal. It never dumps core, because its memory
    /// contains secrets.
    ///
    /// - Parameter program: an absolute path, or a name for `ProgramSearch`.
    static func start(
        _ program: String, _ arguments: [String], environment: [String],
        streams: [Int32], _ session: Session
    ) -> Start {
        let path: String
        switch ProgramSearch.find(program) {
        case .found(let found): path = found
        case .missing: return .failed(SystemError(ENOENT))
        case .notExecutable(let error): return .failed(error)
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (target, source) in streams.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, source, Int32(target))
        }
        _ = posix_spawn_file_actions_addclosefrom_np(&actions, Int32(streams.count))

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var defaults = sigset_t()
        sigemptyset(&defaults)
        sigaddset(&defaults, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF) | session.flags)

        var processID: pid_t = 0
        let code = ResourceLimit.coreDump.lowered(to: ResourceLimit.noCoreDump) {
            withCStrings(arguments) { argumentPointers in
                withCStrings(environment) { environmentPointers in
                    posix_spawn(
                        &processID, path, &actions, &attributes, argumentPointers,
                        environmentPointers)
                }
            }
        }
        return code == 0 ? .started(processID) : .failed(SystemError(code))
    }

    /// Starts a program in a new session with all streams on /dev/null, so that a reader of our
    /// output does not wait for it.
    static func detached(_ program: String, _ arguments: [String], environment: [String]) -> Start {
        let number = Descriptor.aboveStandardStreams(openFile("/dev/null", O_RDWR | O_CLOEXEC))
        guard number >= 0 else { return .failed(SystemError.last) }
        let null = Descriptor(number)
        return start(
            program, arguments, environment: environment,
            streams: [null.number, null.number, null.number], .newSession)
    }

    /// Starts this program again with other arguments, detached. Returns its process id, or `nil`
    /// if it could not be started.
    static func again(_ arguments: [String], environment: [String]) -> pid_t? {
        let outcome = detached(
            "/proc/self/exe", ["planet-cred"] + arguments, environment: environment)
        if case .started(let processID) = outcome { return processID }
        return nil
    }
}

/// Calls `body` with a NULL-terminated array of C strings.
func withCStrings<Result>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
    let pointers = strings.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    return body(pointers + [nil])
}

/// Starts planet-cred again, to work in the background.
package enum BackgroundProcess {
    /// Starts `planet-cred ARGUMENTS`, detached, with the same environment. Returns its process id,
    /// or `nil` if it could not be started.
    package static func start(_ arguments: [String]) -> Int32? {
        Spawn.again(arguments, environment: ProcessEnvironment.allEntries)
    }

    /// Starts a process that starts the background process and ends, and waits for it. The
    /// background process is then not our child, so that a program started by `exec` never receives
    /// its exit status. Returns whether that succeeded.
    package static func startAsOrphan(by arguments: [String]) -> Bool {
        guard let processID = start(arguments) else { return false }
        var status: Int32 = 0
        return retrying { waitpid(processID, &status, 0) } == processID && status == 0
    }
}
