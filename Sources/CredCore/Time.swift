/// A length of time in seconds.
package typealias Seconds = Int64

/// A moment, in whole seconds since 1970-01-01T00:00:00Z.
package struct UnixTime: Hashable, Sendable, Comparable {
    package let seconds: Seconds

    package init(_ seconds: Seconds) {
        self.seconds = seconds
    }

    /// 9999-12-31T23:59:59Z, the last moment that RFC 3339 can represent.
    package static let lastOfCalendar = UnixTime(253_402_300_799)

    package static func < (left: UnixTime, right: UnixTime) -> Bool {
        left.seconds < right.seconds
    }

    /// A moment later by `length`; saturates instead of overflowing.
    package static func + (time: UnixTime, length: Seconds) -> UnixTime {
        let (sum, overflow) = time.seconds.addingReportingOverflow(length)
        return UnixTime(overflow ? (length > 0 ? .max : .min) : sum)
    }

    /// How long after `earlier` this moment is; saturates instead of overflowing.
    package static func - (time: UnixTime, earlier: UnixTime) -> Seconds {
        let (difference, overflow) = time.seconds.subtractingReportingOverflow(earlier.seconds)
        return overflow ? (time > earlier ? .max : .min) : difference
    }
}

extension Seconds {
    /// A length of time for people: `45 s`, `12 min`, `3 h 20 min`, `2 d 4 h`.
    package var inWords: String {
        switch self {
        case ..<120: "\(self) s"
        case ..<7200: "\(self / 60) min"
        case ..<172_800: "\(self / 3600) h \(self % 3600 / 60) min"
        default: "\(self / 86_400) d \(self % 86_400 / 3600) h"
        }
    }
}

extension Seconds {
    /// The length, doubled this many times, and at most `limit`; a negative number counts as 0.
    package func doubled(_ times: Int64, upTo limit: Seconds) -> Seconds {
        Swift.min(self << Swift.min(Swift.max(times, 0), 16), limit)
    }
}

extension Seconds {
    /// How far a server's clock is ahead of ours, in words.
    package var asClockDifference: String {
        let distance = self < 0 ? 0 - self : self
        return
            "the server's clock is \(distance.inWords) \(self < 0 ? "behind" : "ahead of") this machine's"
    }
}

extension UnixTime {
    /// For people: `in 42 min`, `3 h 5 min ago`, `now`.
    package func relative(to now: UnixTime) -> String {
        if self == now { return "now" }
        return self > now ? "in \((self - now).inWords)" : "\((now - self).inWords) ago"
    }
}
