/// A JSON value that can be written again unchanged: members keep their order and numbers their
/// spelling. RFC 8259.
package enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    /// The number as it was written, `3600` or `3.6e3`.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)

    package static func integer(_ value: Int64) -> JSONValue { .number(String(value)) }

    package var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    package var object: JSONObject? {
        if case .object(let object) = self { object } else { nil }
    }

    package var array: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    package var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The value of a number in any notation as an integer: fractions are dropped and values out of
    /// range become the nearest in it. `nil` for anything but a number.
    package var integer: Int64? {
        guard case .number(let text) = self else { return nil }
        return Int64(text) ?? Int64(truncating: text)
    }
}

extension Int64 {
    /// Parses a JSON number with a fraction or an exponent, or out of range; `nil` for other text.
    ///
    /// Exact, unlike Double, whose parser would also link the C++ library.
    fileprivate init?(truncating number: String) {
        let parts = number.utf8.split(maxSplits: 1, omittingEmptySubsequences: false) {
            $0 == UInt8(ascii: "e") || $0 == UInt8(ascii: "E")
        }
        let sign: Int64 = number.utf8.first == UInt8(ascii: "-") ? -1 : 1
        let mantissa = parts[0].dropFirst(sign < 0 ? 1 : 0).split(
            separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        let digits = mantissa.joined().map { $0 &- UInt8(ascii: "0") }
        guard !digits.isEmpty, digits.allSatisfy({ $0 <= 9 }) else { return nil }
        // The number of digits before the decimal point, moved by the exponent.
        let count = mantissa[0].count + (parts.count == 2 ? Self.exponent(Substring(parts[1])) : 0)
        var value: Int64 = 0
        for index in 0..<Swift.max(count, 0) {
            if index >= digits.count, value == 0 { break }
            let (tens, isLarge) = value.multipliedReportingOverflow(by: 10)
            let digit = index < digits.count ? sign * Int64(digits[index]) : 0
            let (sum, isLarger) = tens.addingReportingOverflow(digit)
            if isLarge || isLarger {
                self = sign < 0 ? .min : .max
                return
            }
            value = sum
        }
        self = value
    }

    /// The exponent, limited to a value that is large enough for every number.
    private static func exponent(_ text: Substring) -> Int {
        let limit: Int64 = 1 << 32
        let exponent = Int64(text) ?? (text.hasPrefix("-") ? -limit : limit)
        return Int(Swift.min(Swift.max(exponent, -limit), limit))
    }
}

/// The members of a JSON object in order, with unique names. Names are compared by bytes (RFC 8259
/// §8.3), not by Unicode equivalence like `==` of String.
package struct JSONObject: Hashable, Sendable, ExpressibleByDictionaryLiteral {
    package struct Member: Hashable, Sendable {
        package let name: String
        package var value: JSONValue

        package init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }

        fileprivate func isNamed(_ other: String) -> Bool {
            guard name.utf8.count == other.utf8.count else { return false }
            var (name, other) = (name, other)
            return name.withUTF8 { name in other.withUTF8 { name.elementsEqual($0) } }
        }
    }

    package private(set) var members: [Member] = []

    package init() {}

    package init(dictionaryLiteral members: (String, JSONValue)...) {
        self.init(lastOfEachName: members.map { Member($0.0, $0.1) })
    }

    /// If several members have the same name the last value counts, in the place of the first.
    package init(lastOfEachName members: [Member]) {
        // Most objects have a dozen members, for which a dictionary would be slower.
        if members.count <= 64, !Self.hasRepeatedName(members) {
            self.members = members
            return
        }
        var indices: [[UInt8]: Int] = [:]
        for member in members {
            let name = Array(member.name.utf8)
            if let index = indices[name] {
                self.members[index].value = member.value
            } else {
                indices[name] = self.members.count
                self.members.append(member)
            }
        }
    }

    private static func hasRepeatedName(_ members: [Member]) -> Bool {
        members.indices.contains { index in
            members[..<index].contains { $0.isNamed(members[index].name) }
        }
    }

    /// Setting a new name appends it, setting an existing one keeps its place, and `nil` removes
    /// it.
    package subscript(name: String) -> JSONValue? {
        get { members.first { $0.isNamed(name) }?.value }
        set {
            guard let newValue else { return members.removeAll { $0.isNamed(name) } }
            if let index = members.firstIndex(where: { $0.isNamed(name) }) {
                members[index].value = newValue
            } else {
                members.append(Member(name, newValue))
            }
        }
    }

    /// The same members with these set; takes time in proportion to their number, unlike setting
    /// one after the other.
    package func setting(_ others: JSONObject) -> JSONObject {
        JSONObject(lastOfEachName: members + others.members)
    }

    /// The same members sorted by name at this level, as Planet's Python tools write them.
    package var sorted: JSONObject {
        var copy = self
        copy.members.sort {
            $0.name.unicodeScalars.lexicographicallyPrecedes($1.name.unicodeScalars)
        }
        return copy
    }
}
