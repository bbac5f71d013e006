/// A JSON value, RFC 8259, that can be written again without changing anything: members keep their
/// order and numbers their spelling.
package indirect enum JSONValue: Hashable, Sendable {
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

    /// The whole number that a number states, in whatever notation: fractions are dropped and what
    /// does not fit becomes the nearest that does. `nil` for anything but a number.
    package var integer: Int64? {
        guard case .number(let text) = self else { return nil }
        if let value = Int64(text) { return value }
        guard let value = Double(text), !value.isNaN else { return nil }
        return Int64(exactly: value.rounded(.towardZero)) ?? (value > 0 ? .max : .min)
    }
}

/// The members of a JSON object in their order; a name comes once. Names are the same if their
/// bytes are (RFC 8259 §8.3), not if Unicode calls them equivalent as `==` of String does.
package struct JSONObject: Hashable, Sendable, ExpressibleByDictionaryLiteral {
    package struct Member: Hashable, Sendable {
        package let name: String
        package var value: JSONValue

        package init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }

        fileprivate func isNamed(_ other: String) -> Bool {
            name.utf8.count == other.utf8.count && name.utf8.elementsEqual(other.utf8)
        }
    }

    package private(set) var members: [Member] = []

    package init() {}

    package init(dictionaryLiteral members: (String, JSONValue)...) {
        self.init(lastOfEachName: members.map { Member($0.0, $0.1) })
    }

    /// Of members with the same name the last value counts, in the first one's place.
    package init(lastOfEachName members: [Member]) {
        // A file has a dozen members; setting up a dictionary would cost more than looking.
        guard members.count > 64 else {
            self.members.reserveCapacity(members.count)
            for member in members { self[member.name] = member.value }
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

    /// Setting a new name appends it, setting a known one keeps its place, `nil` removes it.
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

    /// The same members ordered by name at this level, as Planet's Python tools write them.
    package var sorted: JSONObject {
        var copy = self
        copy.members.sort {
            $0.name.unicodeScalars.lexicographicallyPrecedes($1.name.unicodeScalars)
        }
        return copy
    }
}
