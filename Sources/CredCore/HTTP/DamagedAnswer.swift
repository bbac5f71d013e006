/// The tokens in an answer that is not a JSON object: JSON that is damaged, cut off, too deep or
/// too long, a form, or either of them in UTF-16.
///
/// The server counts the refresh token as used once it sends such an answer, so the next one must
/// be found. Only what is certainly a member of the answer itself is found: never text inside
/// another string, never a member of a nested object, never a value without its end.
package struct DamagedAnswer: Hashable, Sendable {
    /// The members that were found; the last one of each name, as in valid JSON.
    package let members: JSONObject
    /// The form of the answer, in words.
    package let form: String

    /// The members that are looked for; an `error` must not be taken for a success.
    private static let names = [
        "access_token", "refresh_token", "id_token", "token_type", "expires_in",
        "refresh_expires_in", "scope", "error", "error_description",
    ]

    /// `nil` if no member is found, and for a web page.
    /// - Parameter isComplete: whether the last byte is known to be the last that was sent.
    package init?(_ body: [UInt8], isComplete: Bool) {
        let text = UTF16Text.asUTF8(body) ?? body
        let start = text.first { !Self.isPadding($0) }
        guard let start, start != UInt8(ascii: "<") else { return nil }
        let members: [JSONObject.Member]
        if Self.isForm(text) {
            form = "a form"
            members = Self.fields(text, isComplete: isComplete)
        } else {
            form = "damaged JSON"
            var scanner = MemberScanner(text, startsInside: start == UInt8(ascii: "\""))
            members = scanner.members(Self.names)
        }
        self.members = JSONObject(
            lastOfEachName: members.filter { Self.names.contains($0.name) })
        guard !self.members.members.isEmpty else { return nil }
    }

    /// The string with this name, if it is not empty.
    package func secret(_ name: String) -> Secret? {
        members[name]?.string.flatMap { $0.isEmpty ? nil : Secret($0) }
    }

    /// Whether a body in which nothing was found may still contain a refresh token. A web page, or
    /// a text that does not name one, does not.
    package static func mayHideToken(_ body: [UInt8]) -> Bool {
        let bytes = UTF16Text.asUTF8(body) ?? body
        guard let start = bytes.first(where: { !isPadding($0) }), start != UInt8(ascii: "<") else {
            return false
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { return true }
        return text.lowercased().firstRange(ofBytes: "refresh") != nil
    }

    /// White space, zeros, and the bytes of a byte order mark.
    fileprivate static func isPadding(_ byte: UInt8) -> Bool {
        switch byte {
        case 0, 0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF: true
        default: false
        }
    }

    /// Whether the text starts with a name and an equals sign.
    private static func isForm(_ text: [UInt8]) -> Bool {
        let rest = text.drop(while: isPadding)
        let name = rest.prefix { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "_-.%+".utf8.contains(byte)
            }
        }
        return !name.isEmpty && name.endIndex < rest.endIndex
            && rest[name.endIndex] == UInt8(ascii: "=")
    }

    private static func fields(_ text: [UInt8], isComplete: Bool) -> [JSONObject.Member] {
        let trimmed = text.drop(while: isPadding).reversed().drop(while: isPadding).reversed()
        let isEnded = isComplete || trimmed.count < text.drop(while: isPadding).count
        let pairs = Array(trimmed).split(separator: UInt8(ascii: "&"))
        // The value of the last field may be cut off.
        return (isEnded ? pairs[...] : pairs.dropLast()).compactMap { pair in
            let field = String(validating: pair, as: UTF8.self).flatMap(FormEncoding.decode)?.first
            return field.map { JSONObject.Member($0.name, .string($0.value)) }
        }
    }
}

/// Scans damaged JSON for the members of its outermost object.
private struct MemberScanner {
    private let bytes: [UInt8]
    private var position = 0
    /// The open brackets, without those outside the object.
    private var open: [UInt8] = []
    /// How many brackets are open at the level of the members: none if the first one is missing.
    private let level: Int

    private enum Expectation {
        case name
        case colon(after: String)
        case value(of: String)
    }
    private var expectation = Expectation.name
    private var found: [JSONObject.Member] = []

    init(_ bytes: [UInt8], startsInside: Bool) {
        self.bytes = bytes
        level = startsInside ? 0 : 1
    }

    /// The members of the first object that has one with any of these names.
    mutating func members(_ names: [String]) -> [JSONObject.Member] {
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""):
                guard let end = endOfString() else { return found }
                take(string: position..<end, names)
                position = end
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                open.append(byte)
                expectation = .name
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if close(byte) == .end { return found }
                expectation = .name
            case UInt8(ascii: ","): expectation = .name
            case UInt8(ascii: ":"):
                if case .colon(let name) = expectation { expectation = .value(of: name) }
            case _ where DamagedAnswer.isPadding(byte): break
            default:
                takeWord(names)
                continue
            }
            position += 1
        }
        return found
    }

    private enum Closing { case end, inside }

    /// Closes a bracket; the end if the object is complete, or if it cannot be told what is closed.
    private mutating func close(_ byte: UInt8) -> Closing {
        guard let last = open.last else { return level == 0 ? .end : .inside }
        let isPair =
            last == UInt8(ascii: "{") && byte == UInt8(ascii: "}")
            || last == UInt8(ascii: "[") && byte == UInt8(ascii: "]")
        guard isPair else { return .end }
        open.removeLast()
        return open.isEmpty && !found.isEmpty && level == 1 ? .end : .inside
    }

    private var isAtMember: Bool {
        open.count == level && (level == 0 || open[0] == UInt8(ascii: "{"))
    }

    /// The position after the quotation mark that ends the string at `position`; `nil` if it is cut
    /// off.
    private func endOfString() -> Int? {
        var index = position + 1
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""): return index + 1
            case UInt8(ascii: "\\"): index += 2
            default: index += 1
            }
        }
        return nil
    }

    private mutating func take(string range: Range<Int>, _ names: [String]) {
        guard isAtMember else { return }
        switch expectation {
        case .name, .colon:
            // The longest name with every character escaped.
            let isShort = range.count <= 128
            expectation = .colon(after: (isShort ? text(range) : nil) ?? "")
        case .value(let name):
            expectation = .name
            guard names.contains(name) else { return }
            found.removeAll { $0.name == name }
            if let text = text(range) { found.append(JSONObject.Member(name, .string(text))) }
        }
    }

    /// Takes what is neither a string nor a bracket; a number counts if something follows it.
    private mutating func takeWord(_ names: [String]) {
        let start = position
        while position < bytes.count, !",:{}[]\"".utf8.contains(bytes[position]),
            !DamagedAnswer.isPadding(bytes[position])
        {
            position += 1
        }
        defer { expectation = .name }
        guard isAtMember, position < bytes.count, case .value(let name) = expectation,
            names.contains(name),
            let value = try? JSONValue(parsing: Array(bytes[start..<position]))
        else { return }
        found.append(JSONObject.Member(name, value))
    }

    /// The text of a string; `nil` if it has a wrong escape, a control character, or no UTF-8.
    private func text(_ range: Range<Int>) -> String? {
        // The error is ignored: an invalid string does not affect the others.
        (try? JSONValue(parsing: Array(bytes[range])))?.string
    }
}

/// Text in UTF-16, RFC 2781, with or without a byte order mark.
private enum UTF16Text {
    /// The text in UTF-8; `nil` if it is not UTF-16.
    static func asUTF8(_ bytes: [UInt8]) -> [UInt8]? {
        guard bytes.count >= 4 else { return nil }
        let isLittle: Bool
        switch (bytes[0], bytes[1]) {
        case (0xFF, 0xFE): isLittle = true
        case (0xFE, 0xFF): isLittle = false
        // JSON and forms start with two characters of ASCII.
        case (1..., 0) where bytes[2] != 0 && bytes[3] == 0: isLittle = true
        case (0, 1...) where bytes[2] == 0 && bytes[3] != 0: isLittle = false
        default: return nil
        }
        var units: [UInt16] = []
        units.reserveCapacity(bytes.count / 2 + 1)
        for index in stride(from: 0, to: bytes.count, by: 2) {
            let first = UInt16(bytes[index])
            // A zero at the end may have been removed as reserved space.
            let second = index + 1 < bytes.count ? UInt16(bytes[index + 1]) : 0
            units.append(isLittle ? second << 8 | first : first << 8 | second)
        }
        if units[0] == 0xFEFF { units.removeFirst() }
        return Array(String(decoding: units, as: UTF16.self).utf8)
    }
}
