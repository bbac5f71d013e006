extension String {
    /// How many columns of a terminal the text takes.
    package var columnCount: Int {
        unicodeScalars.reduce(0) { $0 + $1.columnCount }
    }

    /// The text, padded with spaces to this many columns.
    package func padded(toColumns count: Int) -> String {
        self + String(repeating: " ", count: max(0, count - columnCount))
    }

    /// The text in lines of at most `limit` columns, broken at spaces; a longer word is cut. Never
    /// empty.
    package func wrapped(toColumns limit: Int) -> [String] {
        let limit = max(limit, 2)
        var lines: [String] = []
        var line = ""
        var count = 0
        for word in split(separator: " ") {
            let pieces = String(word).cut(intoColumns: limit)
            let length = pieces[0].columnCount
            if !line.isEmpty, count + 1 + length <= limit {
                line += " \(pieces[0])"
                count += 1 + length
            } else {
                if !line.isEmpty { lines.append(line) }
                (line, count) = (pieces[0], length)
            }
            for piece in pieces.dropFirst() {
                lines.append(line)
                (line, count) = (piece, piece.columnCount)
            }
        }
        return lines + (line.isEmpty && !lines.isEmpty ? [] : [line])
    }

    /// The word in pieces of at most this many columns; never empty.
    private func cut(intoColumns limit: Int) -> [String] {
        var pieces: [String] = []
        var piece = String.UnicodeScalarView()
        var count = 0
        for scalar in unicodeScalars {
            if count + scalar.columnCount > limit {
                pieces.append(String(piece))
                (piece, count) = (String.UnicodeScalarView(), 0)
            }
            piece.append(scalar)
            count += scalar.columnCount
        }
        return pieces + [String(piece)]
    }
}

extension Unicode.Scalar {
    /// How many columns most terminals give it: none for what is drawn over the character before,
    /// two for the scripts of East Asia and for emoji. Unicode Standard Annex #11.
    fileprivate var columnCount: Int {
        switch value {
        case ..<0x300: 1
        case 0x300...0x36F, 0x483...0x489, 0x591...0x5BD, 0x610...0x61A, 0x64B...0x65F,
            0x900...0x902, 0x93C, 0x941...0x948, 0x94D, 0xE31, 0xE34...0xE3A, 0xE47...0xE4E,
            0x1AB0...0x1AFF, 0x1DC0...0x1DFF, 0x200B...0x200F, 0x2060...0x2064, 0x20D0...0x20FF,
            0xFE00...0xFE0F, 0xFE20...0xFE2F, 0xFEFF, 0xE0100...0xE01EF:
            0
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
            0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
            0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF, 0x20000...0x3FFFD:
            2
        default: 1
        }
    }
}
