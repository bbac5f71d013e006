extension String {
    /// This text made safe for a terminal: control characters, line separators and direction marks
    /// become spaces, no URL shows its user name and password, and it has at most 500 characters.
    package var printable: String { printable(limit: 500) }

    func printable(limit: Int) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in withoutUserInformation.unicodeScalars.prefix(limit) {
            scalars.append(scalar.isTerminalSafe ? scalar : " ")
        }
        return String(scalars)
    }
}

extension String {
    /// This text with `...` in place of the user name and password of every URL in it.
    ///
    /// Some passwords contain a slash although the syntax forbids it. So a later `@` counts, too,
    /// unless the part before the first slash is a host.
    package var withoutUserInformation: String {
        let bytes = Array(utf8)
        guard bytes.contains(UInt8(ascii: "@")) else { return self }
        var shown: [UInt8] = []
        var index = 0
        while index < bytes.count {
            shown.append(bytes[index])
            index += 1
            guard shown.suffix(2).elementsEqual("//".utf8) else { continue }
            let url = bytes[index...].prefix { $0 > 0x20 }
            let authority = url.prefix { !"/?#'\"<>".utf8.contains($0) }
            if let sign = url.lastIndex(of: UInt8(ascii: "@")),
                authority.contains(UInt8(ascii: "@"))
                    || !Host.isAuthority(String(decoding: authority, as: UTF8.self))
            {
                shown += "...".utf8
                index = sign
            } else {
                shown += authority
                index = authority.endIndex
            }
        }
        return String(decoding: shown, as: UTF8.self)
    }
}

extension String {
    /// Whether a terminal shows the text as it is, in one line.
    package var isOneTerminalLine: Bool {
        unicodeScalars.allSatisfy { scalar in
            switch scalar.value {
            // Zero-width spaces and joiners.
            case 0x00AD, 0x200B...0x200F, 0x2060...0x2064, 0xFEFF: false
            default: scalar.isTerminalSafe
            }
        }
    }
}

extension Unicode.Scalar {
    /// Whether this is not C0, DEL, C1, a line or paragraph separator, or a bidirectional mark or
    /// override.
    var isTerminalSafe: Bool {
        switch value {
        case 0x00...0x1F, 0x7F...0x9F, 0x061C, 0x200E...0x200F, 0x2028...0x202E,
            0x2066...0x2069:
            false
        default: true
        }
    }
}

extension String {
    /// This text as one word of a shell command.
    package var shellQuoted: String {
        let isPlain = utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."),
                UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ":"):
                true
            default: false
            }
        }
        if isPlain, !isEmpty { return self }
        return unicodeScalars.allSatisfy { $0.isTerminalSafe } ? inQuotes : inEscapes
    }

    /// This text in `$'...'`, which bash, zsh and ksh read: a control character would be lost on
    /// the way through a terminal.
    private var inEscapes: String {
        var text = "$'"
        for scalar in unicodeScalars {
            switch scalar {
            case "'", "\\": text += "\\\(scalar)"
            case "\n": text += "\\n"
            case _ where scalar.isTerminalSafe: text.unicodeScalars.append(scalar)
            case _:
                // In octal, because a shell reads at most three digits, whatever follows.
                for byte in String(scalar).utf8 {
                    text += "\\\(byte >> 6)\(byte >> 3 & 7)\(byte & 7)"
                }
            }
        }
        return text + "'"
    }

    /// This text in single quotes, for a shell.
    package var inQuotes: String {
        let parts = split(separator: "'", omittingEmptySubsequences: false)
        return "'\(parts.joined(separator: "'\\''"))'"
    }
}

/// Suggestions for a mistyped name.
package enum SpellingSuggestion {
    /// The most similar of `names`, if at most a third of the word differs.
    /// - Parameter errors: how many letters may differ, instead of a third.
    package static func nearest(to word: String, in names: [String], errors: Int? = nil)
        -> String?
    {
        let ranked = names.map { (name: $0, distance: distance(word, $0)) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
        return best.distance <= errors ?? max(1, word.utf8.count / 3) ? best.name : nil
    }

    /// The number of letters to insert, remove, replace or swap with a neighbour (optimal string
    /// alignment distance).
    private static func distance(_ left: String, _ right: String) -> Int {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for i in left.indices {
            var row = [i + 1]
            for j in right.indices {
                var best = min(last[j + 1] + 1, row[j] + 1, last[j] + (left[i] == right[j] ? 0 : 1))
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    best = min(best, beforeLast[j - 1] + 1)
                }
                row.append(best)
            }
            (beforeLast, last) = (last, row)
        }
        return last[right.count]
    }
}
