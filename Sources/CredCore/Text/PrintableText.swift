extension String {
    /// This text with control characters, line separators and direction marks replaced by spaces,
    /// at most 500 characters long: fit for a terminal, whoever wrote it.
    package var printable: String {
        var scalars = String.UnicodeScalarView()
        for scalar in unicodeScalars.prefix(500) {
            scalars.append(scalar.isTerminalSafe ? scalar : " ")
        }
        return String(scalars)
    }
}

extension Unicode.Scalar {
    /// Not C0, DEL, C1, a line or paragraph separator, or a bidirectional mark or override.
    fileprivate var isTerminalSafe: Bool {
        switch value {
        case 0x00...0x1F, 0x7F...0x9F, 0x061C, 0x200E...0x200F, 0x2028...0x202E,
            0x2066...0x2069:
            false
        default: true
        }
    }
}
