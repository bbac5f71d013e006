import CLinux

/// Finds the programs that planet-cred starts, by rules of its own.
///
/// libc also searches the working directory if `PATH` is empty or has an empty or relative part.
/// git starts its helpers in the work tree, which may contain somebody else's `curl`.
enum ProgramSearch {
    enum Result {
        case found(String)
        case missing
        /// There is a file of this name, but none that can be started.
        case notExecutable(SystemError)
    }

    /// The directories that are searched if `PATH` names none by an absolute path.
    static let defaultPath = "/usr/local/bin:/usr/bin:/bin"

    /// The absolute directories of `PATH` in their order, else the default ones; the `PATH` of the
    /// programs that we start.
    static var path: String {
        let folders = (ProcessEnvironment.value("PATH") ?? "").split(separator: ":")
            .map(String.init).filter { $0.isAbsolutePath }
        return folders.isEmpty ? defaultPath : folders.joined(separator: ":")
    }

    /// Finds a program by its name or its absolute path. A relative path counts as missing, because
    /// it would depend on the working directory.
    static func find(_ program: String, in path: String = Self.path) -> Result {
        if program.isAbsolutePath { return .found(program) }
        guard !program.isEmpty, !program.utf8.contains(UInt8(ascii: "/")) else { return .missing }
        var obstacle: SystemError?
        for folder in path.split(separator: ":") {
            let file = "\(folder)/\(program)"
            guard let error = Self.obstacle(toStarting: file) else { return .found(file) }
            // As in shells, a file that may not be executed does not end the search.
            if !error.meansMissing { obstacle = error }
        }
        return obstacle.map(Result.notExecutable) ?? .missing
    }

    /// Why a file cannot be started; `nil` if it can.
    private static func obstacle(toStarting file: String) -> SystemError? {
        var status = stat()
        guard stat(file, &status) == 0 else { return SystemError.last }
        guard linux_is_regular_file(status.st_mode) != 0 else { return SystemError(EACCES) }
        return access(file, X_OK) == 0 ? nil : SystemError.last
    }
}

extension String {
    /// Whether this path means the same file in every working directory.
    package var isAbsolutePath: Bool { utf8.first == UInt8(ascii: "/") }

    /// The directory that contains the file with this path; `nil` for a name without a slash.
    package var parentFolder: String? {
        utf8.lastIndex(of: UInt8(ascii: "/")).map { $0 == startIndex ? "/" : String(self[..<$0]) }
    }
}
