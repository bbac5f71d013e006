/// Trailer fields, RFC 9110 §6.5: what a server sends behind a body in chunks or in HTTP/2 frames.
/// `curl --include` writes them right behind the body's last byte, with nothing between.
enum TrailerFields {
    /// The body without the fields behind it.
    ///
    /// Where they begin can only be told behind a JSON object; any other body stays as it is.
    static func removed(from body: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard let end = endOfObject(body) else { return body }
        let rest = body[end...].drop(while: isSpace)
        guard !rest.isEmpty, rest.split(separator: 0x0A).allSatisfy(isFieldLine) else {
            return body
        }
        return body[..<end]
    }

    /// The position behind the brace that closes the object with which the bytes begin.
    private static func endOfObject(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.first(where: { !isSpace($0) }) == UInt8(ascii: "{") else { return nil }
        var depth = 0
        var isInString = false
        var isEscaped = false
        for (index, byte) in zip(bytes.indices, bytes) {
            if isInString {
                if byte == UInt8(ascii: "\""), !isEscaped { isInString = false }
                isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "}"):
                depth -= 1
                if depth == 0 { return index + 1 }
            default: break
            }
        }
        return nil
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }

    /// An empty line, or a name, a colon and whatever follows it. RFC 9110 §5.6.2.
    private static func isFieldLine(_ line: ArraySlice<UInt8>) -> Bool {
        if line.allSatisfy(isSpace) { return true }
        let name = line.prefix { $0 != UInt8(ascii: ":") }
        return !name.isEmpty && name.count < line.count && name.allSatisfy(isNameCharacter)
    }

    private static func isNameCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
