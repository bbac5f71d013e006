import Glibc

/// The system's word for why a call failed.
package struct SystemError: Hashable, Sendable {
    package let code: Int32

    package init(_ code: Int32) {
        self.code = code
    }

    /// What the last failed call left in `errno`.
    static var last: SystemError { SystemError(errno) }

    /// `No space left on device`
    package var reason: String { String(cString: strerror(code)) }

    /// The file or a folder on the way to it is not there.
    package var meansMissing: Bool { code == ENOENT || code == ENOTDIR }
}

/// Repeats a system call that a signal interrupted.
func retrying<Value: SignedInteger>(_ call: () -> Value) -> Value {
    while true {
        let result = call()
        if result != -1 || errno != EINTR { return result }
    }
}

// Calls that glibc has and Swift's module of it does not show.

@_silgen_name("prctl")
private func systemPrctl(
    _ option: Int32, _ first: UInt, _ second: UInt, _ third: UInt, _ fourth: UInt
) -> Int32

@_silgen_name("pidfd_open")
func systemPidfdOpen(_ processID: pid_t, _ flags: UInt32) -> Int32

@_silgen_name("memfd_create")
func systemMemfdCreate(_ name: UnsafePointer<CChar>, _ flags: UInt32) -> Int32

@_silgen_name("posix_spawn_file_actions_addclosefrom_np")
func systemSpawnCloseFrom(
    _ actions: UnsafeMutablePointer<posix_spawn_file_actions_t>, _ first: Int32
) -> Int32

@_silgen_name("signalfd")
func systemSignalDescriptor(
    _ number: Int32, _ signals: UnsafePointer<sigset_t>, _ flags: Int32
) -> Int32

@_silgen_name("accept4")
func systemAccept(
    _ socket: Int32, _ address: UnsafeMutablePointer<sockaddr>?,
    _ length: UnsafeMutablePointer<socklen_t>?, _ flags: Int32
) -> Int32

/// `POSIX_SPAWN_SETSID`, <spawn.h> since glibc 2.26.
let systemSpawnSetSession: Int16 = 0x80

let systemAcceptFlags = Int32(SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)

/// `MFD_CLOEXEC`, <sys/mman.h>.
let systemMemfdCloseOnExec: UInt32 = 1

package enum Platform {
    /// No core dump of this process and no debugger by the same user: its memory holds secrets.
    /// The kernel forgets it at the next `execve`.
    package static func protectMemory() {
        let setDumpable: Int32 = 4
        // Nothing can be done should a kernel refuse, and nobody waits for the answer.
        _ = systemPrctl(setDumpable, 0, 0, 0, 0)
    }

    /// Puts /dev/null where a standard stream is closed: the next file that we open would take its
    /// number, and messages would end up in it. Nothing can be written there, so that an answer
    /// that nobody can read is still told as a failure.
    package static func closeGapsInStandardStreams() {
        for number: Int32 in 0...2 where fcntl(number, F_GETFD) == -1 {
            _ = open("/dev/null", O_RDONLY)
        }
    }

    /// From now on to write where nobody reads any more fails with `Broken pipe`, instead of ending
    /// this process. Programs that we start have the default; one that we become would not.
    package static func ignoreBrokenPipes() {
        signal(SIGPIPE, SIG_IGN)
    }

    package static var userID: UInt32 { geteuid() }

    package static var processID: Int32 { getpid() }

    /// Ends the process at once: nothing of ours is left to flush.
    package static func exit(_ status: Int32) -> Never {
        _exit(status)
    }
}
