import CLinux
import CredCore

/// The process that started this one, identified by a name that no other process has.
package struct CallingProcess: Hashable, Sendable {
    /// The name of the caller: 16 hexadecimal digits.
    package let name: String
    /// The name of this process. A shell that replaced itself with its last command was the caller,
    /// and had this name.
    package let ownName: String
    /// Whether it may ask for several tokens at the same time.
    package let hasThreads: Bool

    package init(name: String, ownName: String = "", hasThreads: Bool = false) {
        self.name = name
        self.ownName = ownName
        self.hasThreads = hasThreads
    }

    /// What counts as the caller.
    package enum Kind: Sendable {
        /// The parent process.
        case parent
        /// The script of a shell, which runs `$(...)` in a copy of itself.
        case script
    }

    /// `nil` without /proc, or if the caller has ended.
    package init?(_ kind: Kind) {
        guard var caller = ProcessStatus(getppid()) else { return nil }
        if kind == .script { caller = Self.script(of: caller) }
        let boot = LockPlace.bootIdentifier
        func name(_ process: ProcessStatus) -> String {
            Secret("\(boot) \(process.process) \(process.startTime)").fingerprint
        }
        self.init(
            name: name(caller), ownName: ProcessStatus(getpid()).map(name) ?? "",
            hasThreads: caller.threadCount > 1)
    }

    /// The shell whose copy this is, if it waits for this copy alone: one with several copies runs
    /// several jobs at the same time, each of which is a caller of its own.
    private static func script(of process: ProcessStatus) -> ProcessStatus {
        var caller = process
        while caller.isCopyOfShell, let shell = ProcessStatus(caller.parent),
            shell.program == caller.program,
            !children(of: shell).contains(where: { $0 != caller.process && isCopyOfShell($0) })
        {
            caller = shell
        }
        return caller
    }

    private static func isCopyOfShell(_ process: pid_t) -> Bool {
        ProcessStatus(process)?.isCopyOfShell ?? false
    }

    /// The children of a process; none if the kernel does not list them.
    private static func children(of process: ProcessStatus) -> [pid_t] {
        let path = "/proc/\(process.process)/task/\(process.process)/children"
        guard case .content(let content) = File.read(path, .anyFile) else { return [] }
        return content.bytes.split(separator: UInt8(ascii: " "))
            .compactMap { Int64(digits: $0).map { pid_t($0) } }
    }
}

extension ProcessStatus {
    fileprivate var isCopyOfShell: Bool {
        isCopy && !hasEnded
            && Self.shells.contains { program.elementsEqual($0.utf8) }
    }

    private static let shells = [
        "sh", "dash", "bash", "zsh", "ksh", "mksh", "busybox", "ash", "fish",
    ]
}
