/// A text whose characters may be encoded as in forms, URLs, JSON or HTML, also several times.
struct EncodedText {
    let scalars: [Unicode.Scalar]

    init(_ text: String) {
        scalars = Array(text.unicodeScalars)
    }

    /// Whether an encoded character may start here.
    func isEncoded(at index: Int) -> Bool {
        switch scalars[index] {
        case "%", "+", "&", "\\": true
        default: false
        }
    }

    /// Whether the characters around the range are neither letters nor digits.
    func isWord(_ range: Range<Int>) -> Bool {
        func isBoundary(_ index: Int) -> Bool {
            guard scalars.indices.contains(index) else { return true }
            switch scalars[index].value {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...: return false
            default: return true
            }
        }
        return isBoundary(range.lowerBound - 1) && isBoundary(range.upperBound)
    }

    /// The positions after this character if it is at `index`, one for each way to decode the text;
    /// empty if it is not there.
    func ends(of scalar: UInt32, at index: Int) -> [Int] {
        guard index < scalars.count else { return [] }
        var ends = scalars[index].value == scalar ? [index + 1] : []
        switch scalars[index] {
        case "+": if scalar == 0x20 { ends.append(index + 1) }
        case "%": ends += percent(at: index).filter { $0.scalar == scalar }.map { $0.end }
        case "&": ends += entities(at: index).filter { $0.scalar == scalar }.map { $0.end }
        case "\\": ends += escapes(at: index).filter { $0.scalar == scalar }.map { $0.end }
        default: break
        }
        return ends
    }

    private typealias Reading = (scalar: UInt32, end: Int)

    /// `%2B`, and `%252B`, which is encoded twice.
    private func percent(at start: Int) -> [Reading] {
        var readings: [Reading] = []
        for (byte, end) in bytes(at: start) {
            guard byte >= 0x80 else {
                readings.append((UInt32(byte), end))
                continue
            }
            var (bytes, index) = ([byte], end)
            while bytes.count < 4, index < scalars.count, scalars[index] == "%",
                let next = self.bytes(at: index).last, 0x80..<0xC0 ~= next.byte
            {
                bytes.append(next.byte)
                index = next.end
            }
            if let scalar = String(validating: bytes, as: UTF8.self)?.unicodeScalars.first {
                readings.append((scalar.value, index))
            } else {
                // In Latin-1 every byte is a character.
                readings.append((UInt32(byte), end))
            }
        }
        return readings
    }

    /// The byte that `%XX` encodes: one result for each number of times it may have been encoded.
    private func bytes(at start: Int) -> [(byte: UInt8, end: Int)] {
        var readings: [(byte: UInt8, end: Int)] = []
        var index = start + 1
        while let high = digit(index), let low = digit(index + 1) {
            readings.append((high << 4 | low, index + 2))
            guard high == 2, low == 5 else { break }
            index += 2
        }
        return readings
    }

    private func digit(_ index: Int) -> UInt8? {
        guard index < scalars.count, scalars[index].isASCII else { return nil }
        return hexadecimalValue(UInt8(scalars[index].value))
    }

    /// Whether the text continues at `index` with these ASCII characters.
    private func hasText(_ word: StaticString, at index: Int) -> Bool {
        let count = word.utf8CodeUnitCount
        guard index + count <= scalars.count else { return false }
        return (0..<count).allSatisfy { scalars[index + $0].value == UInt32(word.utf8Start[$0]) }
    }

    /// `&amp;`, `&#43;`, `&#x2B;`, and `&amp;#43;`, which is encoded twice.
    private func entities(at start: Int) -> [Reading] {
        var readings: [Reading] = []
        var index = start + 1
        while hasText("amp;", at: index) {
            index += 4
            readings.append((0x26, index))
        }
        let names: [(StaticString, UInt32)] = [
            ("lt;", 0x3C), ("gt;", 0x3E), ("quot;", 0x22), ("apos;", 0x27), ("plus;", 0x2B),
            ("sol;", 0x2F), ("equals;", 0x3D), ("nbsp;", 0x20),
        ]
        for (name, scalar) in names where hasText(name, at: index) {
            readings.append((scalar, index + name.utf8CodeUnitCount))
        }
        if hasText("#", at: index), let reading = number(at: index + 1) { readings.append(reading) }
        return readings
    }

    /// The number of a character in decimal, or in hexadecimal after an x, and a semicolon.
    private func number(at start: Int) -> Reading? {
        let isHexadecimal = hasText("x", at: start) || hasText("X", at: start)
        let radix: UInt32 = isHexadecimal ? 16 : 10
        var index = isHexadecimal ? start + 1 : start
        var value: UInt32 = 0
        let first = index
        while let digit = digit(index), digit < radix, value < 0x11_0000 {
            value = value * radix + UInt32(digit)
            index += 1
        }
        guard index > first else { return nil }
        return (value, hasText(";", at: index) ? index + 1 : index)
    }

    /// `\"`, `\u002B`, and `\\\"`, which is escaped twice.
    private func escapes(at start: Int) -> [Reading] {
        var readings: [Reading] = []
        var index = start + 1
        while hasText("\\", at: index) {
            index += 1
            readings.append((0x5C, index))
        }
        guard index < scalars.count else { return readings }
        switch scalars[index] {
        case "n": readings.append((0x0A, index + 1))
        case "r": readings.append((0x0D, index + 1))
        case "t": readings.append((0x09, index + 1))
        case "b": readings.append((0x08, index + 1))
        case "f": readings.append((0x0C, index + 1))
        case "x":
            guard let value = hexadecimal(2, at: index + 1) else { break }
            readings.append((value, index + 3))
        case "u":
            guard let value = hexadecimal(4, at: index + 1) else { break }
            readings.append(pair(value, before: index + 5))
        default: readings.append((scalars[index].value, index + 1))
        }
        return readings
    }

    private func hexadecimal(_ count: Int, at start: Int) -> UInt32? {
        var value: UInt32 = 0
        for index in start..<(start + count) {
            guard let digit = digit(index) else { return nil }
            value = value << 4 | UInt32(digit)
        }
        return value
    }

    /// The character of a surrogate pair, whose second half follows; any other value as it is.
    private func pair(_ high: UInt32, before end: Int) -> Reading {
        guard 0xD800..<0xDC00 ~= high else { return (high, end) }
        var index = end
        while hasText("\\", at: index) { index += 1 }
        guard index > end, hasText("u", at: index), let low = hexadecimal(4, at: index + 1),
            0xDC00..<0xE000 ~= low
        else { return (high, end) }
        return (0x10000 + (high - 0xD800) << 10 + (low - 0xDC00), index + 5)
    }
}
