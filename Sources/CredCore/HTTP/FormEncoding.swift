/// One field of a form or a query; several fields may have the same name.
package struct FormField: Hashable, Sendable {
    package let name: String
    package let value: String
    private let sensitivity: Sensitivity

    private enum Sensitivity: Sendable {
        case open, secret
    }

    package init(_ name: String, _ value: String) {
        (self.name, self.value, sensitivity) = (name, value, .open)
    }

    /// A field with a secret, such as `code` or `password`.
    package init(_ name: String, _ value: Secret) {
        (self.name, self.value, sensitivity) = (name, value.reveal(), .secret)
    }

    /// Two fields are equal if they look the same in a form.
    package static func == (one: FormField, other: FormField) -> Bool {
        one.name == other.name && one.value == other.value
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(value)
    }

    /// The value if it is a secret.
    package var secret: Secret? {
        switch sensitivity {
        case .open: nil
        case .secret: Secret(value)
        }
    }
}

/// `application/x-www-form-urlencoded` as in RFC 6749 Appendix B: UTF-8, with a space as `+`.
package enum FormEncoding {
    package static func encode(_ fields: [FormField]) -> String {
        fields.map { "\(encode($0.name))=\(encode($0.value))" }.joined(separator: "&")
    }

    package static func encode(_ text: String) -> String {
        var bytes: [UInt8] = []
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "*"):
                bytes.append(byte)
            case UInt8(ascii: " "):
                bytes.append(UInt8(ascii: "+"))
            default:
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The fields in their order, or `nil` if a `%` is not followed by two hexadecimal digits or
    /// the bytes are not UTF-8.
    package static func decode(_ text: String) -> [FormField]? {
        fields(text) { String(validating: $0, as: UTF8.self) }
    }

    /// Like `decode`, but replaces bytes that are not UTF-8: some servers send messages in another
    /// encoding.
    package static func decodeRepairing(_ text: String) -> [FormField]? {
        fields(text) { String(decoding: $0, as: UTF8.self) }
    }

    private static func fields(_ text: String, _ string: ([UInt8]) -> String?) -> [FormField]? {
        var fields: [FormField] = []
        for pair in text.utf8.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = bytes(parts[0]).flatMap(string),
                let value = parts.count == 2 ? bytes(parts[1]).flatMap(string) : ""
            else { return nil }
            fields.append(FormField(name, value))
        }
        return fields
    }

    private static func bytes(_ text: Substring.UTF8View) -> [UInt8]? {
        PercentEncoding.decode(text.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 })
    }
}

/// Percent-encoding, RFC 3986 §2.1.
package enum PercentEncoding {
    /// The bytes with every `%XX` resolved, or `nil` if a `%` is not followed by two digits.
    package static func decode(_ text: [UInt8]) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            guard text[index] == UInt8(ascii: "%") else {
                bytes.append(text[index])
                index += 1
                continue
            }
            guard index + 2 < text.count, let high = hexadecimalValue(text[index + 1]),
                let low = hexadecimalValue(text[index + 2])
            else { return nil }
            bytes.append(high << 4 | low)
            index += 3
        }
        return bytes
    }
}

extension PercentEncoding {
    /// Whether every `%` is followed by two digits, so that `decode` succeeds.
    static func isWellFormed(_ text: ArraySlice<UInt8>) -> Bool {
        text.indices.allSatisfy { index in
            text[index] != UInt8(ascii: "%")
                || index + 2 < text.endIndex && hexadecimalValue(text[index + 1]) != nil
                    && hexadecimalValue(text[index + 2]) != nil
        }
    }
}

/// The value of one hexadecimal digit, in either case.
package func hexadecimalValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
}
