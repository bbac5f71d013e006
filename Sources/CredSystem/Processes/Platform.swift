import CLinux
package import CredCore

/// The error code of a failed system call.
package struct SystemError: Hashable, Sendable {
    package let code: Int32

    package init(_ code: Int32) {
        self.code = code
    }

    /// The error of the last failed call, from `errno`.
    static var last: SystemError { SystemError(linux_errno()) }

    /// `No space left on device`
    package var reason: String { String(cString: strerror(code)) }

    /// Whether the error means that the file or a directory in its path does not exist.
    package var meansMissing: Bool { code == ENOENT || code == ENOTDIR }
}

/// `open(2)`, repeated if a signal interrupts it. Returns the descriptor, or -1 with the reason in
/// `errno`.
func openFile(_ path: String, _ flags: Int32, mode: mode_t = 0) -> Int32 {
    path.withCString { path in retrying { linux_open(path, flags, mode) } }
}

/// Repeats a system call if a signal interrupts it.
func retrying<Value: SignedInteger>(_ call: () -> Value) -> Value {
    while true {
        let result = call()
        if result != -1 || linux_errno() != EINTR { return result }
    }
}

package enum Platform {
    /// Prevents core dumps and debuggers of the same user, because the memory of this process
    /// contains secrets. The next `execve` resets it.
    package static func protectMemory() {
        // The result is ignored: if the kernel refuses, nothing can be done.
        _ = linux_set_dumpable(0)
    }

    /// Opens /dev/null for every closed standard stream: otherwise the next file would get its
    /// number and receive messages. It is not writable, so that a lost answer is still reported as
    /// an error.
    package static func closeGapsInStandardStreams() {
        var streams = (0...2).map { pollfd(fd: $0, events: 0, revents: 0) }
        // One call for all three; a closed one is reported as `POLLNVAL`.
        guard poll(&streams, nfds_t(streams.count), 0) > 0 else { return }
        for stream in streams where stream.revents & Int16(POLLNVAL) != 0 {
            _ = openFile("/dev/null", O_RDONLY)
        }
    }

    /// Makes writing to a closed pipe fail with `Broken pipe` instead of ending this process. Child
    /// programs get the default again, but a program started with exec would inherit it.
    package static func ignoreBrokenPipes() {
        _ = linux_ignore_signal(SIGPIPE)
    }

    package static var userID: UInt32 { geteuid() }

    package static var processID: Int32 { getpid() }

    /// Whether there is a process with this number on this host, whoever it belongs to.
    package static func isRunning(_ processID: Int32) -> Bool {
        processID > 0 && (kill(processID, 0) == 0 || linux_errno() != ESRCH)
    }

    /// Whether a process with this number runs the same program as this one. In another process
    /// namespace the number means another process.
    static func runsThisProgram(_ processID: Int32) -> Bool {
        switch (name(of: "\(processID)"), name(of: "self")) {
        case (.some(let other), .some(let own)): other == own
        case (.none, _), (_, .none): false
        }
    }

    private static func name(of process: String) -> [UInt8]? {
        guard case .content(let content) = File.read("/proc/\(process)/comm", .anyFile) else {
            return nil
        }
        return content.bytes
    }

    /// Ends the process at once; there is nothing to flush.
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

    /// How far local time is ahead of UTC at a moment, in seconds, as `TZ` and /etc/localtime say;
    /// 0 if they do not, or name a zone that does not exist.
    package static func offset(at time: UnixTime) -> Seconds {
        var seconds = time_t(time.seconds)
        var local = tm()
        tzset()
        guard localtime_r(&seconds, &local) != nil else { return 0 }
        return Seconds(local.tm_gmtoff)
    }

    /// A monotonic clock in milliseconds.
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
