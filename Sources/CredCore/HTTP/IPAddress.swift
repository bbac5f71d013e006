/// IPv4 addresses in the usual notation: four decimal numbers without leading zeros.
enum IPv4 {
    static func isAddress(_ text: some Collection<UInt8>) -> Bool {
        var dotCount = 0
        /// The number that is being read; `nil` before its first digit.
        var number: Int?
        for byte in text {
            switch byte {
            case UInt8(ascii: "."):
                guard number != nil else { return false }
                dotCount += 1
                number = nil
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                guard number != 0 else { return false }
                let value = (number ?? 0) * 10 + Int(byte - UInt8(ascii: "0"))
                guard value <= 255 else { return false }
                number = value
            default: return false
            }
        }
        return dotCount == 3 && number != nil
    }
}

/// IPv6 addresses, without the mixed notation and without zones. RFC 4291 §2.2.
enum IPv6 {
    /// The address in the canonical form of RFC 5952 §4; `nil` if the text is not an address.
    static func canonical(_ text: some Collection<UInt8>) -> String? {
        parse(Array(text)).map(write)
    }

    private static func parse(_ text: [UInt8]) -> [UInt16]? {
        let gaps = text.indices.dropLast().filter {
            text[$0] == UInt8(ascii: ":") && text[$0 + 1] == UInt8(ascii: ":")
        }
        guard let gap = gaps.first else {
            return groups(text[...]).flatMap { $0.count == 8 ? $0 : nil }
        }
        guard gaps.count == 1, let head = groups(text[..<gap]),
            let tail = groups(text[(gap + 2)...]),
            head.count + tail.count <= 7
        else { return nil }
        return head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail
    }

    private static func groups(_ text: ArraySlice<UInt8>) -> [UInt16]? {
        if text.isEmpty { return [] }
        var groups: [UInt16] = []
        for part in text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false) {
            guard (1...4) ~= part.count else { return nil }
            var value: UInt16 = 0
            for byte in part {
                guard let digit = hexadecimalValue(byte) else { return nil }
                value = value << 4 | UInt16(digit)
            }
            groups.append(value)
        }
        return groups
    }

    /// Writes the longest run of two or more zero groups, or the first of several, as `::`.
    private static func write(_ groups: [UInt16]) -> String {
        var longest = 0..<0
        var start = 0
        for index in 0...8 where index == 8 || groups[index] != 0 {
            if index - start > max(longest.count, 1) { longest = start..<index }
            start = index + 1
        }
        let text = groups.map { String($0, radix: 16) }
        guard !longest.isEmpty else { return text.joined(separator: ":") }
        let head = text[..<longest.lowerBound].joined(separator: ":")
        return "\(head)::\(text[longest.upperBound...].joined(separator: ":"))"
    }
}
