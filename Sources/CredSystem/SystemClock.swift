import CLinux
package import CredCore

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
