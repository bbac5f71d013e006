/// `application/x-www-form-urlencoded`, strictly decoded.
enum Form {
    /// The fields in order, or `nil` if an escape is broken or the text is not UTF-8.
    static func decode(_ bytes: [UInt8]) -> [(name: String, value: String)]? {
        var fields: [(name: String, value: String)] = []
        for pair in bytes.split(separator: UInt8(ascii: "&")) {
            let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            guard let name = unescape(pair[..<equals], plus: .space),
                let value = unescape(pair[equals...].dropFirst(), plus: .space)
            else { return nil }
            fields.append((name: name, value: value))
        }
        return fields
    }

    enum Plus { case space, itself }

    /// The text without percent escapes, or `nil` if it is malformed.
    static func unescape(_ bytes: some Sequence<UInt8>, plus: Plus) -> String? {
        var decoded: [UInt8] = []
        var iterator = bytes.makeIterator()
        while let byte = iterator.next() {
            switch byte {
            case UInt8(ascii: "+") where plus == .space:
                decoded.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = iterator.next().flatMap(hexDigit),
                    let low = iterator.next().flatMap(hexDigit)
                else { return nil }
                decoded.append(high << 4 | low)
            default:
                decoded.append(byte)
            }
        }
        return String(validating: decoded, as: UTF8.self)
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        Character(UnicodeScalar(byte)).hexDigitValue.map(UInt8.init)
    }
}
