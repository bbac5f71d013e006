/// Finds secrets in a text that somebody else wrote, in every encoding in which a server, a proxy
/// or curl may repeat them: as they are, form- or percent-encoded, escaped for JSON or HTML,
/// encoded several times, in base 64, and cut off after eight characters or more.
struct EchoSearch: Sendable {
    private let patterns: [Pattern]
    /// Whether a pattern starts with this ASCII character; most positions are skipped because none
    /// does.
    private let firsts: [Bool]

    private struct Pattern: Hashable, Sendable {
        let scalars: [UInt32]
        /// How many characters, from the first one on, must occur for them to be hidden.
        let minimum: Int
        /// Whether it counts only as a whole word.
        let isWord: Bool
    }

    /// How many characters from the start of a secret are hidden even if the rest does not follow,
    /// in case the server cut it off. Fewer would hide common words that a secret happens to start
    /// with.
    private static let prefixLength = 8
    /// A secret with fewer characters is hidden only where it is a whole word: hiding every `a`
    /// would make a text unreadable and give the secret away.
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
        // A text can be decoded in several ways: `%25` may be a percent sign or itself.
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

    /// The digits that occur in the base 64 of every text that contains these bytes, for each of
    /// the three positions in a group at which they can start.
    private static func base64(_ bytes: [UInt8]) -> [String] {
        var texts: [String] = []
        for alphabet in [Base64.Alphabet.standard, .url] {
            for offset in 0..<3 {
                let padded = [UInt8](repeating: 0, count: offset) + bytes
                let digits = Base64.encode(padded, alphabet).utf8.filter {
                    $0 != UInt8(ascii: "=")
                }
                // Digits at both ends also depend on the neighbouring bytes.
                let inner = digits.dropFirst([0, 2, 3][offset])
                    .dropLast(padded.count % 3 == 0 ? 0 : 1)
                let text = String(decoding: inner, as: UTF8.self)
                if !text.isEmpty, !texts.contains(text) { texts.append(text) }
            }
        }
        return texts
    }
}
