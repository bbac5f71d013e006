extension JSONValue {
    package enum Layout: Hashable, Sendable {
        case compact
        /// Two spaces per level and no final newline, as in the files of Planet's Python tools.
        case indented
    }

    /// This value as JSON text in ASCII; all other characters are escaped.
    package func text(_ layout: Layout) -> String {
        String(decoding: bytes(layout, .ascii), as: UTF8.self)
    }

    /// The content of a file with this value: indented, unless it could then not be read again
    /// because of its size.
    ///
    /// It is UTF-8, which Planet's Python tools read in every locale, because escapes would make
    /// text of a server three times as long.
    package var fileContent: [UInt8] {
        let indented = bytes(.indented, .utf8)
        return indented.count <= Self.maximumByteCount ? indented : bytes(.compact, .utf8)
    }

    private func bytes(_ layout: Layout, _ characters: JSONWriter.Characters) -> [UInt8] {
        var writer = JSONWriter(layout: layout, characters: characters)
        writer.write(self)
        return writer.bytes
    }
}

private struct JSONWriter {
    /// The characters that are not escaped, but for those that a terminal would obey.
    enum Characters { case ascii, utf8 }

    let layout: JSONValue.Layout
    let characters: Characters
    var bytes: [UInt8] = []
    private var depth = 0

    init(layout: JSONValue.Layout, characters: Characters) {
        self.layout = layout
        self.characters = characters
    }

    mutating func write(_ value: JSONValue) {
        switch value {
        case .null: bytes += "null".utf8
        case .bool(let flag): bytes += (flag ? "true" : "false").utf8
        case .number(let text): bytes += text.utf8
        case .string(let text): write(text)
        case .array(let elements):
            writeList(elements, open: "[", close: "]") { writer, element in writer.write(element) }
        case .object(let object):
            writeList(object.members, open: "{", close: "}") { writer, member in
                writer.write(member.name)
                writer.bytes += (writer.layout == .indented ? ": " : ":").utf8
                writer.write(member.value)
            }
        }
    }

    private mutating func writeList<Element>(
        _ elements: [Element], open: Unicode.Scalar, close: Unicode.Scalar,
        _ writeElement: (inout JSONWriter, Element) -> Void
    ) {
        bytes.append(UInt8(ascii: open))
        depth += 1
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            breakLine()
            writeElement(&self, element)
        }
        depth -= 1
        if !elements.isEmpty { breakLine() }
        bytes.append(UInt8(ascii: close))
    }

    private mutating func breakLine() {
        guard layout == .indented else { return }
        bytes.append(0x0A)
        bytes.append(contentsOf: repeatElement(0x20, count: depth * 2))
    }

    private mutating func write(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x22: bytes += "\\\"".utf8
            case 0x5C: bytes += "\\\\".utf8
            case 0x08: bytes += "\\b".utf8
            case 0x0C: bytes += "\\f".utf8
            case 0x0A: bytes += "\\n".utf8
            case 0x0D: bytes += "\\r".utf8
            case 0x09: bytes += "\\t".utf8
            case 0x20...0x7E: bytes.append(UInt8(scalar.value))
            case 0xA0... where characters == .utf8: bytes += Array(String(scalar).utf8)
            default: for unit in String(scalar).utf16 { writeEscape(unit) }
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func writeEscape(_ unit: UInt16) {
        let digits = String(unit, radix: 16)
        bytes += "\\u".utf8
        bytes.append(contentsOf: repeatElement(0x30, count: 4 - digits.utf8.count))
        bytes += digits.utf8
    }
}
