/// Finds values in bytes that should be JSON but are not: a file that was cut off, or one that two
/// programs wrote at the same time.
package enum SalvagedText {
    /// The maximum number of values for one name: more than any file of ours has, and few enough
    /// that an answer of a hostile server is searched quickly.
    private static let limit = 100

    /// The values of all members with this name whose value is a string, at any depth, each once;
    /// none is cut off.
    package static func strings(named name: String, in bytes: [UInt8]) -> [String] {
        let pattern = Array("\"\(name)\"".utf8)
        var found: [String] = []
        var start = 0
        while found.count < limit, let end = position(after: pattern, in: bytes, from: start) {
            start = end
            if let text = string(in: bytes, at: end), !text.isEmpty, !found.contains(text) {
                found.append(text)
            }
        }
        return found
    }

    /// The value of the first member with this name that is a number without a fraction, or a
    /// string that contains one.
    package static func integer(named name: String, in bytes: [UInt8]) -> Int64? {
        let pattern = Array("\"\(name)\"".utf8)
        guard let end = position(after: pattern, in: bytes, from: 0),
            let colon = firstNonSpace(bytes, end), bytes[colon] == UInt8(ascii: ":"),
            let start = firstNonSpace(bytes, colon + 1)
        else { return nil }
        let digits = bytes[start...].drop { $0 == UInt8(ascii: "\"") }
            .prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
        return Int64(String(decoding: digits, as: UTF8.self))
    }

    private static func position(
        after pattern: [UInt8], in bytes: [UInt8], from start: Int
    ) -> Int? {
        var index = start
        while index + pattern.count <= bytes.count {
            if bytes[index] == pattern[0],
                bytes[index..<index + pattern.count].elementsEqual(pattern)
            {
                return index + pattern.count
            }
            index += 1
        }
        return nil
    }

    /// The string after a colon; `nil` if there is none, or if it has no end.
    private static func string(in bytes: [UInt8], at start: Int) -> String? {
        let quote = UInt8(ascii: "\"")
        guard let colon = firstNonSpace(bytes, start), bytes[colon] == UInt8(ascii: ":"),
            let open = firstNonSpace(bytes, colon + 1), bytes[open] == quote
        else { return nil }
        var end = open + 1
        while end < bytes.count, bytes[end] != quote {
            end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard end < bytes.count else { return nil }
        // The error is ignored: what is not a JSON string is no value.
        return (try? JSONValue(parsing: Array(bytes[open...end])))?.string
    }

    private static func firstNonSpace(_ bytes: [UInt8], _ start: Int) -> Int? {
        bytes[min(start, bytes.count)...].firstIndex { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    }
}
