extension UnixTime {
    /// Reads an HTTP date, RFC 9110 §5.6.7: in the one form that may be sent,
    /// `Sun, 06 Nov 1994 08:49:37 GMT`, or in one that old servers send all the same,
    /// `Sunday, 06-Nov-94 08:49:37 GMT` and `Sun Nov  6 08:49:37 1994`.
    ///
    /// - Parameter now: two digits of a year never mean one more than 50 years after this.
    package init?(httpDate text: String, now: UnixTime) {
        let words = text.split(separator: " ")
        switch words.count {
        case 6 where words[5] == "GMT":
            self.init(
                day: words[1], month: words[2], year: Int64(digits: words[3].utf8), clock: words[4])
        case 5:
            self.init(
                day: words[2], month: words[1], year: Int64(digits: words[4].utf8), clock: words[3])
        case 4 where words[3] == "GMT":
            let parts = words[1].split(separator: "-", omittingEmptySubsequences: false)
            guard parts.count == 3 else { return nil }
            let year = Self.year(ofTwoDigits: parts[2], now)
            self.init(day: parts[0], month: parts[1], year: year, clock: words[2])
        default: return nil
        }
    }

    private init?(day: Substring, month: Substring, year: Int64?, clock: Substring) {
        let months = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        let clock = clock.split(separator: ":", omittingEmptySubsequences: false)
        guard let month = months.firstIndex(where: { $0 == month }), let year,
            let day = Int64(digits: day.utf8), clock.count == 3,
            let hour = Int64(digits: clock[0].utf8), let minute = Int64(digits: clock[1].utf8),
            let second = Int64(digits: clock[2].utf8),
            let date = CalendarDate(
                year: year, month: Int64(month) + 1, day: day,
                hour: hour, minute: minute, second: second)
        else { return nil }
        self = date.time
    }

    private static func year(ofTwoDigits digits: Substring, _ now: UnixTime) -> Int64? {
        guard digits.utf8.count == 2, let digits = Int64(digits: digits.utf8) else { return nil }
        let thisYear = CalendarDate(now).year
        let year = thisYear - thisYear % 100 + digits
        return year > thisYear + 50 ? year - 100 : year
    }
}
