extension JSONValue {
    /// The maximum size of a JSON text, in bytes. A token file has about 2 KB; a text of more than
    /// a megabyte is broken or hostile.
    package static let maximumByteCount = 1 << 20

    /// How several members of the same name in one object are treated.
    package enum RepeatedNames: Hashable, Sendable {
        case lastCounts
        /// An error: programs differ in which of the two they use.
        case refused
    }

    /// Parses one JSON text, RFC 8259.
    ///
    /// Fails for invalid grammar, invalid UTF-8, lone surrogates, more than 128 levels and more
    /// than `maximumByteCount` bytes. `because` names line and column, never the text, which may
    /// contain secrets.
    package init(parsing bytes: [UInt8], repeatedNames: RepeatedNames = .lastCounts)
        throws(Failure)
    {
        guard bytes.count <= Self.maximumByteCount else {
            throw Failure(.failed, "invalid JSON", because: "it is larger than 1 MiB")
        }
        var parser = JSONParser(bytes, repeatedNames)
        self = try parser.parseText()
    }
}

/// A recursive descent parser of one JSON text.
struct JSONParser {
    private static let maximumDepth = 128

    private let bytes: [UInt8]
    private let repeatedNames: JSONValue.RepeatedNames
    private var position = 0
    private var depth = 0

    init(_ bytes: [UInt8], _ repeatedNames: JSONValue.RepeatedNames) {
        self.bytes = bytes
        self.repeatedNames = repeatedNames
    }

    mutating func parseText() throws(Failure) -> JSONValue {
        // The byte order mark that Windows programs write, RFC 8259 §8.1.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        let value = try parseValue()
        skipSpace()
        guard position == bytes.count else { throw malformed("unexpected data after the value") }
        return value
    }

    private mutating func parseValue() throws(Failure) -> JSONValue {
        skipSpace()
        switch peek {
        case UInt8(ascii: "{"): return .object(try parseObject())
        case UInt8(ascii: "["): return .array(try parseArray())
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "t"): return try parseWord("true", .bool(true))
        case UInt8(ascii: "f"): return try parseWord("false", .bool(false))
        case UInt8(ascii: "n"): return try parseWord("null", .null)
        case .some(UInt8(ascii: "-")), .some(UInt8(ascii: "0")...UInt8(ascii: "9")):
            return .number(try parseNumber())
        case nil: throw malformed("unexpected end, expected a value")
        default: throw malformed("unexpected character, expected a value")
        }
    }

    private mutating func parseObject() throws(Failure) -> JSONObject {
        try enter()
        var members: [JSONObject.Member] = []
        skipSpace()
        if skip("}") { return leave(JSONObject()) }
        repeat {
            skipSpace()
            guard peek == UInt8(ascii: "\"") else {
                throw malformed("expected a member name")
            }
            let name = try parseString()
            skipSpace()
            guard skip(":") else { throw malformed("expected ':'") }
            members.append(JSONObject.Member(name, try parseValue()))
            skipSpace()
        } while skip(",")
        guard skip("}") else { throw malformed("expected ',' or '}'") }
        let object = JSONObject(lastOfEachName: members)
        if repeatedNames == .refused, object.members.count < members.count {
            throw malformed("an object that ends here has two members of the same name")
        }
        return leave(object)
    }

    private mutating func parseArray() throws(Failure) -> [JSONValue] {
        try enter()
        var elements: [JSONValue] = []
        skipSpace()
        if skip("]") { return leave(elements) }
        repeat {
            elements.append(try parseValue())
            skipSpace()
        } while skip(",")
        guard skip("]") else { throw malformed("expected ',' or ']'") }
        return leave(elements)
    }

    private mutating func parseWord(_ word: StaticString, _ value: JSONValue) throws(Failure)
        -> JSONValue
    {
        let end = position + word.utf8CodeUnitCount
        guard end <= bytes.count,
            bytes[position..<end].elementsEqual(
                UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
        else { throw malformed("unexpected character, expected a value") }
        position = end
        return value
    }

    /// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`, RFC 8259 §6.
    private mutating func parseNumber() throws(Failure) -> String {
        let start = position
        _ = skip("-")
        if !skip("0") { try skipDigits() }
        if skip(".") { try skipDigits() }
        if skip("e") || skip("E") {
            if !skip("+") { _ = skip("-") }
            try skipDigits()
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func parseString() throws(Failure) -> String {
        position += 1
        let start = position
        let isASCII = skipPlainText()
        guard peek == UInt8(ascii: "\"") else { return try parseEscapedString(from: start) }
        let content = bytes[start..<position]
        position += 1
        if isASCII {
            // Copied in one piece: byte by byte, a token would take most of the time for its file.
            return String(unsafeUninitializedCapacity: content.count) { text in
                content.withUnsafeBytes { UnsafeMutableRawBufferPointer(text).copyMemory(from: $0) }
                return content.count
            }
        }
        guard let text = String(validating: content, as: UTF8.self) else {
            throw malformed("invalid UTF-8 in a string")
        }
        return text
    }

    /// Skips to the next quotation mark, backslash or invalid byte of a string. Returns whether all
    /// skipped bytes are ASCII.
    private mutating func skipPlainText() -> Bool {
        let start = position
        let (end, bits) = bytes.withUnsafeBufferPointer { bytes in
            var (end, bits) = (start, UInt8(0))
            while end < bytes.count {
                let byte = bytes[end]
                if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
                bits |= byte
                end += 1
            }
            return (end, bits)
        }
        position = end
        return bits < 0x80
    }

    /// Parses a string that contains a backslash; `position` is at the first one, or at an invalid
    /// byte.
    private mutating func parseEscapedString(from start: Int) throws(Failure) -> String {
        var content = Array(bytes[start..<position])
        while let byte = peek {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: content, as: UTF8.self) else {
                    throw malformed("invalid UTF-8 in a string")
                }
                return text
            case UInt8(ascii: "\\"):
                content += UTF8.encode(try parseEscape()).map(Array.init) ?? []
            case ..<0x20:
                throw malformed("unescaped control character in a string")
            default:
                content.append(byte)
            }
        }
        throw malformed("unterminated string")
    }

    private mutating func parseEscape() throws(Failure) -> Unicode.Scalar {
        let letter = peek
        position += 1
        switch letter {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try parseUnicodeEscape()
        default: throw malformed("invalid escape sequence")
        }
    }

    /// Parses four digits, or two surrogates of four digits each. RFC 8259 §7.
    private mutating func parseUnicodeEscape() throws(Failure) -> Unicode.Scalar {
        let unit = try parseFourDigits()
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard UTF16.isLeadSurrogate(UInt16(unit)), skip("\\"), skip("u") else {
            throw malformed("unpaired surrogate")
        }
        let trail = try parseFourDigits()
        guard UTF16.isTrailSurrogate(UInt16(trail)),
            let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (trail - 0xDC00))
        else { throw malformed("unpaired surrogate") }
        return scalar
    }

    private mutating func parseFourDigits() throws(Failure) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = peek.flatMap(hexadecimalValue) else {
                throw malformed("invalid escape sequence")
            }
            unit = unit << 4 | UInt32(digit)
            position += 1
        }
        return unit
    }

    private var peek: UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            position += 1
        }
    }

    private mutating func skipDigits() throws(Failure) {
        let start = position
        while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")) ~= byte { position += 1 }
        guard position > start else { throw malformed("expected a digit") }
    }

    private mutating func enter() throws(Failure) {
        position += 1
        depth += 1
        guard depth <= Self.maximumDepth else {
            throw malformed("nested more than 128 levels deep")
        }
    }

    private mutating func leave<Value>(_ value: Value) -> Value {
        depth -= 1
        return value
    }

    private func malformed(_ problem: String) -> Failure {
        let before = bytes.prefix(position)
        let line = before.count { $0 == 0x0A } + 1
        let column = position - (before.lastIndex(of: 0x0A) ?? -1)
        return Failure(
            .failed, "invalid JSON", because: "\(problem) (line \(line), column \(column))")
    }
}
