/// The request that git writes to a credential helper's stdin, as far as we use it.
/// git-credential(1).
package struct GitCredentialRequest: Hashable, Sendable {
    package private(set) var scheme: String?
    /// Host and, if git names one, port.
    package private(set) var authority: String?
    package private(set) var username: String?
    /// The secret in a `store` or `erase` request: `credential`, or `password` without it.
    package private(set) var credential: Secret?
    package private(set) var capabilities: [Capability] = []
    /// The values of the `WWW-Authenticate` headers, in order.
    package private(set) var challenges: [String] = []
    /// The `state[]` values that helpers asked git to remember; each has its helper's prefix.
    package private(set) var states: [String] = []

    package enum Capability: String, Hashable, Sendable, CaseIterable {
        case authtype
        case state
    }

    /// Parses attributes and skips unknown ones and unknown capabilities. `nil` if the bytes are
    /// not credential lines.
    package init?(parsing bytes: [UInt8]) {
        guard let attributes = GitCredentialAttributes.decode(bytes) else { return nil }
        var password: Secret?
        for attribute in attributes {
            switch attribute.key {
            case "protocol": scheme = attribute.value.reveal()
            case "host": authority = attribute.value.reveal()
            case "username": username = attribute.value.reveal()
            case "password": password = attribute.value
            case "credential": credential = attribute.value
            case "url": replaceParts(with: attribute.value.reveal())
            case "capability[]":
                Capability(rawValue: attribute.value.reveal()).map { capabilities.append($0) }
            case "wwwauth[]": Self.append(attribute.value, to: &challenges)
            case "state[]": Self.append(attribute.value, to: &states)
            default: continue
            }
        }
        credential = credential ?? password
    }

    /// The origin that needs a credential; `nil` if scheme or host is missing, or if it may not
    /// receive a secret.
    package var origin: Origin? {
        guard let scheme = scheme.flatMap(Origin.Scheme.init(rawValue:)), let authority else {
            return nil
        }
        return try? Origin(scheme: scheme, authority: authority)
    }

    /// Appends a value; an empty one clears the list.
    private static func append(_ value: Secret, to list: inout [String]) {
        if value.isEmpty { list = [] } else { list.append(value.reveal()) }
    }

    /// Handles `url=`, which replaces all parts that came before it.
    private mutating func replaceParts(with url: String) {
        (scheme, authority, username) = (nil, nil, nil)
        let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count >= 3, parts[0].hasSuffix(":"), parts[1].isEmpty else { return }
        scheme = String(parts[0].dropLast())
        // The host ends here for git, too; otherwise an '@' in a query would move it.
        let userAndHost = parts[2].prefix { $0 != "?" && $0 != "#" }.split(
            separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        authority = userAndHost.last.map { String($0) }
        if userAndHost.count == 2 { username = String(userAndHost[0].prefix { $0 != ":" }) }
    }
}

/// git's format of credentials: lines of `key=value`, gitcredentials(7). Only LF ends a line: CR
/// and Unicode line separators are part of a value, as they are for git.
package enum GitCredentialAttributes {
    package struct Attribute: Hashable, Sendable {
        package let key: String
        package let value: Secret
    }

    /// The attributes up to the first empty line or the end; `nil` if a line has no `=`, contains a
    /// NUL or is not UTF-8.
    package static func decode(_ bytes: [UInt8]) -> [Attribute]? {
        var attributes: [Attribute] = []
        for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            if line.isEmpty { break }
            guard let text = String(validating: line, as: UTF8.self), !text.utf8.contains(0),
                let equals = text.utf8.firstIndex(of: UInt8(ascii: "="))
            else { return nil }
            let value = text[text.utf8.index(after: equals)...]
            attributes.append(
                Attribute(key: String(text[..<equals]), value: Secret(String(value))))
        }
        return attributes
    }
}
