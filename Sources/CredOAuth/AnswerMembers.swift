import CredCore

/// The members of servers' answers. Servers write an empty string or `null` for what they do not
/// have, so both count as missing everywhere, as they do in profiles.
extension JSONObject {
    /// The text of a member; `nil` if it is missing, null, blank or not a string.
    func text(_ name: String) -> String? {
        self[name]?.string.flatMap { $0.utf8.contains { $0 > 0x20 } ? $0 : nil }
    }

    /// The text of the first of these members that has one.
    func text(_ names: [String]) -> String? {
        for name in names {
            if let text = text(name) { return text }
        }
        return nil
    }

    /// Whether the member has a value: it is there, and neither null nor blank.
    func has(_ name: String) -> Bool {
        switch self[name] {
        case nil, .null: false
        case .string: text(name) != nil
        case .array(let elements): !elements.isEmpty
        case .object(let object): !object.members.isEmpty
        case .bool, .number: true
        }
    }

    /// The object without those of the named members that have no value or are not a string.
    func keepingText(of names: [String]) -> JSONObject {
        var object = self
        for name in names where text(name) == nil { object[name] = nil }
        return object
    }
}

/// A server's explanation of an error, wherever it puts it.
enum ErrorExplanation {
    /// The members that contain explanations, in order of preference: RFC 6749 §5.2, RFC 9457 §3,
    /// and what services without OAuth use.
    private static let names = [
        "error_description", "message", "detail", "details", "msg", "description",
        "error_message", "error_msg", "errorMessage", "errorSummary", "Message", "faultstring",
        "reason", "title", "error", "errors", "errorCauses", "fault", "non_field_errors",
    ]

    /// How deep to look into objects and lists.
    private static let depthLimit = 4
    /// How many entries of a list to show.
    private static let entryLimit = 3

    /// The explanation in an answer; `nil` if there is none. An `error` that is a string is the
    /// error code, and no explanation.
    static func text(in answer: JSONObject) -> String? {
        text(in: answer, names.filter { $0 != "error" || answer["error"]?.string == nil }, depth: 0)
    }

    private static func text(in object: JSONObject, _ names: [String], depth: Int) -> String? {
        for name in names {
            if let text = object[name].flatMap({ text(in: $0, depth: depth + 1) }) { return text }
        }
        return nil
    }

    private static func text(in value: JSONValue, depth: Int) -> String? {
        guard depth <= depthLimit else { return nil }
        switch value {
        case .null, .bool, .number: return nil
        case .string(let text): return text.utf8.contains { $0 > 0x20 } ? text : nil
        case .object(let object): return text(in: object, names, depth: depth)
        case .array(let elements):
            let texts = elements.prefix(entryLimit).compactMap { text(in: $0, depth: depth + 1) }
            return texts.isEmpty ? nil : texts.joined(separator: "; ")
        }
    }
}
