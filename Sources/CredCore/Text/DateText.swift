extension UnixTime {
    /// This moment as RFC 3339 text in UTC: `2026-11-21T03:08:20Z`.
    package var rfc3339: String {
        let date = CalendarDate(self)
        let day = "\(date.year.padded(4))-\(date.month.padded(2))-\(date.day.padded(2))"
        return "\(day)T\(date.hour.padded(2)):\(date.minute.padded(2)):\(date.second.padded(2))Z"
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

    /// Seconds east of UTC from `[.digits](Z|+hh:mm|-hh:mm)`.
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
    /// Decimal digits and nothing else: no sign, no space.
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
