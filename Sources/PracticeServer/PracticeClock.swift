import Glibc
import Synchronization

/// The system's clock, which a test may move.
final class PracticeClock: Sendable {
    private let offset = Mutex<Int64>(0)

    /// Seconds since 1970.
    var now: Int64 { Int64(time(nil)) + offset.withLock { $0 } }

    func advance(bySeconds seconds: Int64) { offset.withLock { $0 += seconds } }

    /// Now as RFC 9110 §5.6.7 writes it: `Sun, 06 Nov 1994 08:49:37 GMT`.
    var httpDate: String {
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        var seconds = time_t(now)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        let month = months[Int(parts.tm_mon)]
        let date = "\(twoDigits(parts.tm_mday)) \(month) \(1900 + parts.tm_year)"
        let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec].map(twoDigits)
        return "\(days[Int(parts.tm_wday)]), \(date) \(clock.joined(separator: ":")) GMT"
    }

    private func twoDigits(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
