import Glibc

/// A child process that nobody has waited for yet.
package struct Running: Sendable {
    package let processID: Int32

    private let group: Int32

    init(leader: Int32) {
        processID = leader
        group = leader
    }

    /// A child of a child that has ended; see `adoptOrphans`.
    package init(orphan: Int32) throws(Problem) {
        processID = orphan
        group = try Children.start { () throws(Problem) in getpgid(orphan) }
    }

    /// How a child ended.
    package struct Ending: Sendable {
        /// The exit status, or 128 and the number of the signal, as shells tell it.
        package let status: Int32
        /// `ru_maxrss`, in KiB. getrusage(2)
        package let peakMemory: Int
    }

    package func wait() throws(Problem) -> Ending {
        var usage = rusage()
        var status: Int32 = 0
        while wait4(processID, &status, 0, &usage) < 0 {
            guard errno == EINTR else { throw .system("wait4", errno) }
        }
        Children.remove(group)
        return Self.ending(status, usage)
    }

    /// `nil` if it has not ended in so many milliseconds.
    package func wait(milliseconds: Int) throws(Problem) -> Ending? {
        let deadline = ContinuousClock.now + .milliseconds(milliseconds)
        while true {
            var usage = rusage()
            var status: Int32 = 0
            let child = wait4(processID, &status, WNOHANG, &usage)
            if child == processID {
                Children.remove(group)
                return Self.ending(status, usage)
            }
            guard child == 0 || errno == EINTR else { throw .system("wait4", errno) }
            guard ContinuousClock.now < deadline else { return nil }
            usleep(2000)
        }
    }

    /// Ends it and all that it started.
    package func endGroup() { kill(-group, SIGKILL) }

    private static func ending(_ status: Int32, _ usage: rusage) -> Ending {
        let signal = status & 0x7F
        return Ending(
            status: signal == 0 ? (status >> 8) & 0xFF : 128 + signal,
            peakMemory: Int(usage.ru_maxrss))
    }
}
