/// Finds secrets in a text that somebody else wrote, in every encoding in which a server, a proxy or
/// curl may repeat them: as they are, form- or percent-encoded, escaped for JSON or HTML, encoded
/// several times, in base 64, and cut off after eight characters or more.
struct EchoSearch: Sendable {
    private let patterns: [Pattern]
    /// Whether a pattern starts with this ASCII character; most positions are passed over by it.
    private let firsts: [Bool]

    private struct Pattern: Hashable, Sendable {
        let scalars: [UInt32]
        /// How many characters must occur to hide them.
        let minimum: Int
        /// Whether it must not be a part of a longer word.
        let isWord: Bool
    }

    /// A secret is hidden from this many characters on, in case the server cut it off. Fewer would
    /// hide common words with which a secret begins.
    private static let prefixLength = 8
    /// A shorter secret is hidden only where it is a whole word: hiding every `a` would make a text
    /// unreadable and would tell the secret.
    private static let wordLength = 4

    init(_ secrets: [Secret]) {
        var patterns: [Pattern] = []
        for pattern in secrets.flatMap({ Self.patterns(of: $0.reveal()) })
        where !patterns.contains(pattern) {
            patterns.append(pattern)
        }
        self.patterns = patterns
        var firsts = [Bool](repeating: false, count: 128)
        for first in patterns.compactMap({ $0.scalars.first }) where first < 128 {
            firsts[Int(first)] = true
        }
        self.firsts = firsts
    }

    var isEmpty: Bool { patterns.isEmpty }

    /// The text with every secret in it replaced by `<redacted>`, and whether there was one.
    func hidden(in text: String) -> (text: String, found: Bool) {
        let subject = EncodedText(text)
        var shown = String.UnicodeScalarView()
        var found = false
        var index = 0
        while index < subject.scalars.count {
            if let end = match(at: index, subject) {
                shown.append(contentsOf: "<redacted>".unicodeScalars)
                found = true
                index = end
            } else {
                shown.append(subject.scalars[index])
                index += 1
            }
        }
        return found ? (String(shown), true) : (text, false)
    }

    /// The end of the longest secret that starts here.
    private func match(at start: Int, _ text: EncodedText) -> Int? {
        let first = text.scalars[start].value
        guard first >= 128 || firsts[Int(first)] || text.isEncoded(at: start) else { return nil }
        return patterns.compactMap { match($0, at: start, text) }.max()
    }

    private func match(_ pattern: Pattern, at start: Int, _ text: EncodedText) -> Int? {
        // Several readings of one text are possible: `%25` may stand for itself.
        var ends = [start]
        var count = 0
        while count < pattern.scalars.count {
            var next: [Int] = []
            for end in ends {
                for position in text.ends(of: pattern.scalars[count], at: end)
                where !next.contains(position) {
                    next.append(position)
                }
            }
            guard !next.isEmpty else { break }
            ends = next
            count += 1
        }
        guard count >= pattern.minimum, let end = ends.max() else { return nil }
        return pattern.isWord && !text.isWord(start..<end) ? nil : end
    }

    private static func patterns(of secret: String) -> [Pattern] {
        let scalars = secret.unicodeScalars.map { $0.value }
        guard !scalars.isEmpty else { return [] }
        let isShort = scalars.count < wordLength
        var patterns = [
            Pattern(
                scalars: scalars, minimum: min(scalars.count, prefixLength), isWord: isShort)
        ]
        guard !isShort else { return patterns }
        let encoded = FormEncoding.encode(secret)
        for text in secret == encoded ? [secret] : [secret, encoded] {
            for base64 in base64(Array(text.utf8)) {
                let scalars = base64.unicodeScalars.map { $0.value }
                patterns.append(
                    Pattern(
                        scalars: scalars, minimum: min(scalars.count, prefixLength), isWord: false))
            }
        }
        return patterns
    }

    /// What of the bytes can be read in the base 64 of any text that contains them, for each of the
    /// three places in a group at which they can start.
    private static func base64(_ bytes: [UInt8]) -> [String] {
        var texts: [String] = []
        for alphabet in [Base64.Alphabet.standard, .url] {
            for offset in 0..<3 {
                let padded = [UInt8](repeating: 0, count: offset) + bytes
                let digits = Base64.encode(padded, alphabet).utf8.filter {
                    $0 != UInt8(ascii: "=")
                }
                // Digits at both ends also depend on what stands beside the bytes.
                let inner = digits.dropFirst([0, 2, 3][offset])
                    .dropLast(padded.count % 3 == 0 ? 0 : 1)
                let text = String(decoding: inner, as: UTF8.self)
                if !text.isEmpty, !texts.contains(text) { texts.append(text) }
            }
        }
        return texts
    }
}

/// A text, and what its characters may stand for in the encodings of forms, URLs, JSON and HTML.
private struct EncodedText {
    let scalars: [Unicode.Scalar]

    init(_ text: String) {
        scalars = Array(text.unicodeScalars)
    }

    /// Whether the character may begin an encoded one.
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

    /// Where the text goes on if this character stands at `index`, in each possible reading.
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

    /// The byte that `%XX` stands for, decoded once and as often as possible.
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

    private func stands(_ word: StaticString, at index: Int) -> Bool {
        let count = word.utf8CodeUnitCount
        guard index + count <= scalars.count else { return false }
        return (0..<count).allSatisfy { scalars[index + $0].value == UInt32(word.utf8Start[$0]) }
    }

    /// `&amp;`, `&#43;`, `&#x2B;`, and `&amp;#43;`, which is encoded twice.
    private func entities(at start: Int) -> [Reading] {
        var readings: [Reading] = []
        var index = start + 1
        while stands("amp;", at: index) {
            index += 4
            readings.append((0x26, index))
        }
        let names: [(StaticString, UInt32)] = [
            ("lt;", 0x3C), ("gt;", 0x3E), ("quot;", 0x22), ("apos;", 0x27), ("plus;", 0x2B),
            ("sol;", 0x2F), ("equals;", 0x3D), ("nbsp;", 0x20),
        ]
        for (name, scalar) in names where stands(name, at: index) {
            readings.append((scalar, index + name.utf8CodeUnitCount))
        }
        if stands("#", at: index), let reading = number(at: index + 1) { readings.append(reading) }
        return readings
    }

    /// The number of a character in decimal, or in hexadecimal after an x, and a semicolon.
    private func number(at start: Int) -> Reading? {
        let isHexadecimal = stands("x", at: start) || stands("X", at: start)
        let radix: UInt32 = isHexadecimal ? 16 : 10
        var index = isHexadecimal ? start + 1 : start
        var value: UInt32 = 0
        let first = index
        while let digit = digit(index), digit < radix, value < 0x11_0000 {
            value = value * radix + UInt32(digit)
            index += 1
        }
        guard index > first else { return nil }
        return (value, stands(";", at: index) ? index + 1 : index)
    }

    /// `\"`, `\u002B`, and `\\\"`, which is escaped twice.
    private func escapes(at start: Int) -> [Reading] {
        var readings: [Reading] = []
        var index = start + 1
        while stands("\\", at: index) {
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
        while stands("\\", at: index) { index += 1 }
        guard index > end, stands("u", at: index), let low = hexadecimal(4, at: index + 1),
            0xDC00..<0xE000 ~= low
        else { return (high, end) }
        return (0x10000 + (high - 0xD800) << 10 + (low - 0xDC00), index + 5)
    }
}
