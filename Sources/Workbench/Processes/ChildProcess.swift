import CLinux
import Glibc

/// A child process that has not been waited for yet.
package struct ChildProcess: Sendable {
    package let processID: Int32
    /// The group of children that it belongs to, if any.
    private let children: Children?

    /// A child that leads a process group.
    ///
    /// - Parameter start: returns its number.
    init(
        in children: Children?, _ start: () throws(Problem) -> Int32
    ) throws(Problem) {
        if let children {
            processID = try children.add(start)
        } else {
            processID = try start()
        }
        self.children = children
    }

    /// How a child ended.
    package struct Ending: Sendable {
        package let end: Outcome.End

        /// The exit status; for a signal 128 plus its number, as in shells.
        package var status: Int32 { end.status }
    }

    /// Waits in this thread until it has ended.
    package func wait() throws(Problem) -> Ending {
        guard let children else { return try reap() }
        waitWithoutReaping()
        return try children.remove(processID) { () throws(Problem) in try reap() }
    }

    /// `nil` if it has not ended in so many milliseconds.
    package func wait(milliseconds: Int) throws(Problem) -> Ending? {
        let watch = try check("pidfd_open", pidfd_open(processID, 0))
        defer { close(watch) }
        let deadline = ContinuousClock.now + .milliseconds(milliseconds)
        while true {
            let left = max(0, ContinuousClock.now.duration(to: deadline) / .milliseconds(1))
            var event = pollfd(fd: watch, events: Int16(POLLIN), revents: 0)
            let count = poll(&event, 1, Int32(left.rounded(.up)))
            if count > 0 { return try wait() }
            guard count < 0 || left > 0 else { return nil }
            guard count == 0 || errno == EINTR else { throw .system("poll", errno) }
        }
    }

    /// Waits until it has ended, without reaping it; returns at once if it was already reaped.
    func waitWithoutReaping() {
        var information = siginfo_t()
        while waitid(P_PID, id_t(processID), &information, WEXITED | Int32(WNOWAIT)) < 0,
            errno == EINTR
        {}
    }

    package func signal(_ number: Int32) { kill(processID, number) }

    /// Kills it and everything that it started.
    package func endGroup() { kill(-processID, SIGKILL) }

    private func reap() throws(Problem) -> Ending {
        var status: Int32 = 0
        while waitpid(processID, &status, 0) < 0 {
            guard errno == EINTR else { throw .system("waitpid", errno) }
        }
        let signal = status & 0x7F
        return Ending(end: signal == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal: signal))
    }
}
