/// Whom replies and ID tokens must come from, where anybody says.
package struct ExpectedIssuer: Hashable, Sendable {
    /// More than one where nobody says for sure whether a slash is at its end.
    private let identifiers: [String]
    private let naming: Naming

    /// Whether replies through a browser name their issuer. RFC 9207 §3.
    package enum Naming: Hashable, Sendable {
        /// The server says that all of them do.
        case always
        case perhaps
    }

    /// What the server calls itself, or the profile calls it.
    package init(_ identifier: String, naming: Naming) {
        identifiers = [identifier]
        self.naming = naming
    }

    /// The server behind an `auth_server`, which people write with or without a slash at its end.
    package init(behind server: String) {
        let hasSlash = server.utf8.last == UInt8(ascii: "/")
        identifiers = [server, hasSlash ? String(server.dropLast()) : "\(server)/"]
        naming = .perhaps
    }

    /// For messages.
    var name: String { identifiers[0] }

    /// Compared byte for byte, RFC 9207 §2.4.
    func isNamed(by text: String) -> Bool {
        identifiers.contains { $0.utf8.elementsEqual(text.utf8) }
    }

    /// What is wrong with the `iss` of a reply: another server's code must not reach ours, nor ours
    /// another.
    func problem(withReplyOf named: String?) -> String? {
        switch (named, naming) {
        case (nil, .perhaps): nil
        case (nil, .always):
            "the reply does not name its issuer, which '\(name)' always does"
        case (let named?, _):
            isNamed(by: named) ? nil : "the reply comes from '\(named)', not '\(name)'"
        }
    }
}
