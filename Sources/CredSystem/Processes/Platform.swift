import CLinux
package import CredCore

/// The system's word for why a call failed.
package struct SystemError: Hashable, Sendable {
    package let code: Int32

    package init(_ code: Int32) {
        self.code = code
    }

    /// What the last failed call left in `errno`.
    static var last: SystemError { SystemError(linux_errno()) }

    /// `No space left on device`
    package var reason: String { String(cString: strerror(code)) }

    /// The file or a folder on the way to it is not there.
    package var meansMissing: Bool { code == ENOENT || code == ENOTDIR }
}

/// `open(2)`, repeated where a signal interrupted it: the descriptor, or -1 with the reason in `errno`.
func openFile(_ path: String, _ flags: Int32, mode: mode_t = 0) -> Int32 {
    path.withCString { path in retrying { linux_open(path, flags, mode) } }
}

/// Repeats a system call that a signal interrupted.
func retrying<Value: SignedInteger>(_ call: () -> Value) -> Value {
    while true {
        let result = call()
        if result != -1 || linux_errno() != EINTR { return result }
    }
}

package enum Platform {
    /// No core dump of this process and no debugger by the same user: its memory holds secrets.
    /// The kernel forgets it at the next `execve`.
    package static func protectMemory() {
        // Nothing can be done should a kernel refuse, and nobody waits for the answer.
        _ = linux_set_dumpable(0)
    }

    /// Puts /dev/null where a standard stream is closed: the next file that we open would take its
    /// number, and messages would end up in it. Nothing can be written there, so that an answer
    /// that nobody can read is still told as a failure.
    package static func closeGapsInStandardStreams() {
        var streams = (0...2).map { pollfd(fd: $0, events: 0, revents: 0) }
        // One call for all three, which tells of a closed one by `POLLNVAL`.
        guard poll(&streams, nfds_t(streams.count), 0) > 0 else { return }
        for stream in streams where stream.revents & Int16(POLLNVAL) != 0 {
            _ = openFile("/dev/null", O_RDONLY)
        }
    }

    /// From now on to write where nobody reads any more fails with `Broken pipe`, instead of ending
    /// this process. Programs that we start have the default; one that we become would not.
    package static func ignoreBrokenPipes() {
        _ = linux_ignore_signal(SIGPIPE)
    }

    package static var userID: UInt32 { geteuid() }

    package static var processID: Int32 { getpid() }

    /// Ends the process at once: nothing of ours is left to flush.
    package static func exit(_ status: Int32) -> Never {
        _exit(status)
    }
}

package enum SystemClock {
    package static func now() -> UnixTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return UnixTime(Int64(time.tv_sec))
    }

    /// Milliseconds since some moment in the past; never jumps.
    package static func uptime() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    package static func sleep(milliseconds: Int64) {
        guard milliseconds > 0 else { return }
        var rest = timespec(
            tv_sec: Int(milliseconds / 1000), tv_nsec: Int(milliseconds % 1000 * 1_000_000))
        var left = timespec()
        while nanosleep(&rest, &left) == -1, linux_errno() == EINTR { rest = left }
    }
}
