/// A moment as a UTC calendar date and time of day, in the proleptic Gregorian calendar.
package struct CalendarDate: Hashable, Sendable {
    package let year, month, day, hour, minute, second: Int64

    package init(_ time: UnixTime) {
        let days = time.seconds.quotientRoundedDown(by: 86_400)
        // The earliest day starts before the range of 64 bits; the wrapped product is still right.
        let rest = time.seconds &- days &* 86_400
        (year, month, day) = Self.civil(daysSince1970: days)
        (hour, minute, second) = (rest / 3600, rest % 3600 / 60, rest % 60)
    }

    /// `nil` if there is no such day or time, or the year does not have four digits. A leap second
    /// counts as the second before it.
    package init?(
        year: Int64, month: Int64, day: Int64, hour: Int64, minute: Int64, second: Int64
    ) {
        guard (0...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= Self.length(ofMonth: month, in: year),
            (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second)
        else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
        (self.hour, self.minute, self.second) = (hour, minute, min(second, 59))
    }

    package var time: UnixTime {
        let days = Self.daysSince1970(year, month, day)
        return UnixTime(days &* 86_400 &+ (hour * 3600 + minute * 60 + second))
    }

    private static func length(ofMonth month: Int64, in year: Int64) -> Int64 {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths: [Int64] = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return lengths[Int(month - 1)]
    }

    /// Counts in eras of 400 years that begin in March, so that a leap day is the last day of its
    /// year.
    private static func daysSince1970(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let marchYear = month <= 2 ? year - 1 : year
        let era = marchYear.quotientRoundedDown(by: 400)
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private static func civil(daysSince1970: Int64) -> (Int64, Int64, Int64) {
        let days = daysSince1970 + 719_468
        let era = days.quotientRoundedDown(by: 146_097)
        let dayOfEra = days - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }
}

extension Int64 {
    fileprivate func quotientRoundedDown(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}

extension UnixTime {
    /// This moment as RFC 3339 text in UTC: `2026-11-21T03:08:20Z`.
    package var rfc3339: String {
        let date = CalendarDate(self)
        let day = "\(date.year.padded(4))-\(date.month.padded(2))-\(date.day.padded(2))"
        return "\(day)T\(date.hour.padded(2)):\(date.minute.padded(2)):\(date.second.padded(2))Z"
    }

    /// This moment for people: `2026-11-21 04:08:20 +01:00`.
    /// - Parameter offset: the offset of the time zone, in seconds east of UTC.
    package func text(offset: Seconds) -> String {
        let minutes = abs(offset) / 60
        let zone =
            "\(offset < 0 ? "-" : "+")\((minutes / 60).padded(2)):\((minutes % 60).padded(2))"
        let local = (self + offset).rfc3339
        return "\(local.prefix(10)) \(local.dropFirst(11).dropLast()) \(zone)"
    }

    /// Reads RFC 3339 §5.6 text with any offset; fractions of a second are dropped.
    package init?(rfc3339 text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            bytes[10] | 0x20 == UInt8(ascii: "t"), bytes[13] == UInt8(ascii: ":"),
            bytes[16] == UInt8(ascii: ":"),
            let year = Int64(digits: bytes[0..<4]), let month = Int64(digits: bytes[5..<7]),
            let day = Int64(digits: bytes[8..<10]), let hour = Int64(digits: bytes[11..<13]),
            let minute = Int64(digits: bytes[14..<16]), let second = Int64(digits: bytes[17..<19]),
            let date = CalendarDate(
                year: year, month: month, day: day, hour: hour, minute: minute, second: second),
            let offset = Self.offset(bytes[19...])
        else { return nil }
        self = UnixTime(date.time.seconds - offset)
    }

    /// The offset east of UTC in seconds, from `[.digits](Z|+hh:mm|-hh:mm)`.
    private static func offset(_ bytes: ArraySlice<UInt8>) -> Seconds? {
        var rest = bytes
        if rest.first == UInt8(ascii: ".") {
            let fraction = rest.dropFirst().prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")) ~= $0 }
            guard !fraction.isEmpty else { return nil }
            rest = rest[fraction.endIndex...]
        }
        if rest.count == 1, let zone = rest.first, zone | 0x20 == UInt8(ascii: "z") { return 0 }
        guard rest.count == 6, let sign = rest.first,
            rest[rest.startIndex + 3] == UInt8(ascii: ":"),
            let hours = Int64(digits: rest.dropFirst().prefix(2)), hours < 24,
            let minutes = Int64(digits: rest.suffix(2)), minutes < 60
        else { return nil }
        switch sign {
        case UInt8(ascii: "+"): return hours * 3600 + minutes * 60
        case UInt8(ascii: "-"): return -(hours * 3600 + minutes * 60)
        default: return nil
        }
    }
}

extension Int64 {
    /// Parses decimal digits only: no sign, no space.
    package init?(digits: some Collection<UInt8>) {
        guard !digits.isEmpty, digits.count <= 18 else { return nil }
        var value: Int64 = 0
        for byte in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")) ~= byte else { return nil }
            value = value * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        self = value
    }

    fileprivate func padded(_ width: Int) -> String {
        let digits = String(self)
        return String(repeating: "0", count: Swift.max(0, width - digits.utf8.count)) + digits
    }
}

extension UnixTime {
    /// Parses an HTTP date, RFC 9110 §5.6.7: the current form, `Sun, 06 Nov 1994 08:49:37 GMT`, or
    /// one of the obsolete forms that old servers still send, `Sunday, 06-Nov-94 08:49:37 GMT` and
    /// `Sun Nov  6 08:49:37 1994`.
    ///
    /// - Parameter now: a year of two digits is never more than 50 years after this.
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
