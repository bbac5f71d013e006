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
    /// Whether a `url` has no host or could be read in two ways. Such a request has no origin,
    /// whatever follows.
    private var isAmbiguous = false

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

    /// What the host offers, as far as git says.
    package var offer: AuthenticationOffer { AuthenticationOffer(challenges) }

    /// The origin that needs a credential; `nil` if scheme or host is missing, or if it may not
    /// receive a secret.
    package var origin: Origin? {
        guard !isAmbiguous, let scheme = scheme.flatMap(Origin.Scheme.init(rawValue:)),
            let authority
        else { return nil }
        return try? Origin(scheme: scheme, authority: authority)
    }

    /// The request in one clause, without anything that may be secret: a challenge is reduced to
    /// its scheme.
    /// - Parameter repeatsRefusal: whether a server rejected our previous answer.
    package func words(repeatsRefusal: Bool) -> String {
        let place = authority.map { "\(scheme ?? "no protocol"), host '\($0)'" } ?? "no host"
        let schemes = challenges.map { $0.prefix { $0 != " " } }.joined(separator: ", ")
        let parts = [
            place, username.map { "user name '\($0)'" },
            challenges.isEmpty ? nil : "the server offers \(schemes)",
            capabilities.isEmpty
                ? nil : "git offers \(capabilities.map { $0.rawValue }.joined(separator: ", "))",
            repeatsRefusal ? "the server rejected our first answer" : nil,
        ]
        return "git asks: \(parts.compactMap { $0 }.joined(separator: "; "))"
    }

    /// Why the request has no origin, in words.
    package var problem: String {
        if isAmbiguous { return "programs read the URL in different ways" }
        guard let scheme, let authority else {
            return "the request names no \(scheme == nil ? "protocol" : "host")"
        }
        guard let scheme = Origin.Scheme(rawValue: scheme) else {
            return "credentials are sent only over https, not '\(scheme)'"
        }
        do {
            _ = try Origin(scheme: scheme, authority: authority)
            return "the request is incomplete"
        } catch {
            return error.asReason
        }
    }

    /// Appends a value; an empty one clears the list.
    private static func append(_ value: Secret, to list: inout [String]) {
        if value.isEmpty { list = [] } else { list.append(value.reveal()) }
    }

    /// Handles `url=`, which replaces all parts that came before it.
    private mutating func replaceParts(with text: String) {
        (scheme, authority, username) = (nil, nil, nil)
        guard let url = GitURL(text) else {
            isAmbiguous = true
            return
        }
        (scheme, authority, username) = (url.scheme, url.authority, url.username)
    }
}

/// The parts of the URL in a credential request.
///
/// git, curl and browsers find different hosts in an ill-formed URL: a backslash ends the host for
/// browsers, an `@` after it moves the host for git. Therefore everything before the path must be
/// what RFC 3986 §3.2 allows, and only one `@` and one `:` may precede the host.
struct GitURL: Hashable, Sendable {
    let scheme: String
    /// Host and port as written.
    let authority: String
    let username: String?

    /// `nil` if the text is not a URL, or if two programs could find different hosts in it.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7F }),
            let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
            bytes[colon...].starts(with: "://".utf8)
        else { return nil }
        // git, too, ends the host at these characters.
        let rest = bytes[(colon + 3)...].prefix { !"/?#".utf8.contains($0) }
        let parts = rest.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard parts.count <= 2,
            let host = parts.last.map({ String(decoding: $0, as: UTF8.self) }),
            Host.isAuthority(host)
        else { return nil }
        if parts.count == 2 {
            guard Self.isUser(parts[0]) else { return nil }
            username = String(
                decoding: parts[0].prefix { $0 != UInt8(ascii: ":") }, as: UTF8.self)
        } else {
            username = nil
        }
        scheme = String(decoding: bytes[..<colon], as: UTF8.self)
        authority = host
    }

    /// Whether the bytes are `user` or `user:password`, with other characters percent-encoded. RFC
    /// 3986 §3.2.1.
    private static func isUser(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard bytes.count(where: { $0 == UInt8(ascii: ":") }) <= 1,
            let decoded = PercentEncoding.decode(Array(bytes)),
            decoded.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
        else { return false }
        return bytes.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "-._~!$&'()*+,;=:%".utf8.contains(byte)
            }
        }
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
            guard let attribute = attribute(line) else { return nil }
            attributes.append(attribute)
        }
        return attributes
    }

    private static func attribute(_ line: ArraySlice<UInt8>) -> Attribute? {
        guard let text = String(validating: line, as: UTF8.self), !text.utf8.contains(0),
            let equals = text.utf8.firstIndex(of: UInt8(ascii: "="))
        else { return nil }
        let value = text[text.utf8.index(after: equals)...]
        return Attribute(key: String(text[..<equals]), value: Secret(String(value)))
    }

    /// What is wrong with the first line that is not an attribute; `nil` if every line is one.
    package static func flaw(in bytes: [UInt8]) -> String? {
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
            .prefix { !$0.isEmpty }
        for (index, line) in lines.enumerated() where attribute(line) == nil {
            let name = "line \(index + 1)"
            if line.contains(0) { return "\(name) contains a NUL byte" }
            if line.contains(0x0D) { return "\(name) contains a carriage return (CR)" }
            return String(validating: line, as: UTF8.self) == nil
                ? "\(name) is not UTF-8" : "\(name) is not 'key=value'"
        }
        return nil
    }
}
