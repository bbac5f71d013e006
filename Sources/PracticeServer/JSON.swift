extension PracticeServer {
    /// A JSON text to be written. Members keep their order and may repeat.
    package enum JSON: Sendable {
        case string(String)
        case number(Int64)
        case bool(Bool)
        case null
        case array([JSON])
        case object([(name: String, value: JSON)])
        /// Bytes that stand in the document as they are, valid JSON or not.
        case bytes([UInt8])

        /// Text that stands in the document as it is: `.raw("1e15")`.
        package static func raw(_ text: String) -> JSON { .bytes(Array(text.utf8)) }

        package var encoded: [UInt8] {
            var output: [UInt8] = []
            write(to: &output)
            return output
        }

        private func write(to output: inout [UInt8]) {
            switch self {
            case .string(let text): Self.write(text, to: &output)
            case .number(let number): output += Array(String(number).utf8)
            case .bool(let bool): output += Array((bool ? "true" : "false").utf8)
            case .null: output += Array("null".utf8)
            case .bytes(let bytes): output += bytes
            case .array(let elements):
                Self.write(elements, between: "[", and: "]", to: &output) { $0.write(to: &$1) }
            case .object(let members):
                Self.write(members, between: "{", and: "}", to: &output) { member, output in
                    Self.write(member.name, to: &output)
                    output.append(UInt8(ascii: ":"))
                    member.value.write(to: &output)
                }
            }
        }

        private static func write<Element>(
            _ elements: [Element], between start: Unicode.Scalar, and end: Unicode.Scalar,
            to output: inout [UInt8], each write: (Element, inout [UInt8]) -> Void
        ) {
            output.append(UInt8(ascii: start))
            for (index, element) in elements.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                write(element, &output)
            }
            output.append(UInt8(ascii: end))
        }

        private static func write(_ text: String, to output: inout [UInt8]) {
            output.append(UInt8(ascii: "\""))
            for byte in text.utf8 {
                switch byte {
                case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                    output += [UInt8(ascii: "\\"), byte]
                case 0..<0x20:
                    let digits = String(byte, radix: 16)
                    output += Array((byte < 0x10 ? "\\u000" : "\\u00").utf8) + Array(digits.utf8)
                default:
                    output.append(byte)
                }
            }
            output.append(UInt8(ascii: "\""))
        }
    }

    /// Changes to an object: `["expires_in": nil, "token_type": "mac"]`; `nil` removes.
    ///
    /// A name given twice is written twice.
    package struct MemberOverrides: Sendable, ExpressibleByDictionaryLiteral {
        package var members: [(name: String, value: JSON?)]

        package init(dictionaryLiteral elements: (String, JSON?)...) {
            members = elements.map { (name: $0, value: $1) }
        }

        func applied(
            to original: [(name: String, value: JSON)]
        ) -> [(name: String, value: JSON)] {
            let names = Set(members.map(\.name))
            return original.filter { !names.contains($0.name) }
                + members.compactMap { member in member.value.map { (member.name, $0) } }
        }
    }
}

extension PracticeServer.JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int64) { self = .number(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(arrayLiteral elements: Self...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, Self)...) {
        self = .object(elements.map { (name: $0, value: $1) })
    }
}
