/// Scheme, host and port of a server that may receive a secret: any host over https, only loopback
/// over http.
package struct Origin: Hashable, Sendable {
    package enum Scheme: String, Hashable, Sendable {
        case https, http

        package var defaultPort: Int {
            switch self {
            case .https: 443
            case .http: 80
            }
        }
    }

    package let scheme: Scheme
    package let host: Host
    package let port: Int

    package init(scheme: Scheme, host: Host, port: Int) throws(Failure) {
        guard scheme == .https || host.isLoopback else {
            throw Failure(
                .profile, "refusing plain http for '\(host)'",
                because: "plain http is only allowed for loopback hosts; use https")
        }
        self.scheme = scheme
        self.host = host
        self.port = port
    }

    /// Reads `host` or `host:port`, as git and URLs write it.
    package init(scheme: Scheme, authority: String) throws(Failure) {
        let parts = try Host.parse(authority: authority)
        try self.init(
            scheme: scheme, host: parts.host, port: parts.port ?? scheme.defaultPort)
    }

    /// Parses a host as people type it: `host`, `host:port`, either with a path, or a URL.
    package init(hostOrURL text: String) throws(Failure) {
        guard text.firstRange(ofBytes: "://") != nil else {
            try self.init(scheme: .https, authority: String(text.prefix { $0 != "/" }))
            return
        }
        guard let url = GitURL(text) else {
            throw Failure(.profile, "programs read the URL in different ways")
        }
        guard let scheme = Scheme(rawValue: url.scheme) else {
            throw Failure(.profile, "credentials are sent only over https, not '\(url.scheme)'")
        }
        try self.init(scheme: scheme, authority: url.authority)
    }

    package var authority: String {
        port == scheme.defaultPort ? "\(host)" : "\(host):\(port)"
    }
}

/// A host name in lower case, an IPv4 address, or an IPv6 address in brackets in the form of RFC
/// 5952.
package struct Host: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package var isLoopback: Bool {
        description == "localhost" || description == "[::1]"
            || (description.utf8.starts(with: "127.".utf8) && IPv4.isAddress(description.utf8))
    }

    /// `127.0.0.1`
    package static let loopback = Host(known: "127.0.0.1")

    /// A constant that is known to be a valid host.
    private init(known text: StaticString) {
        description = "\(text)"
    }

    package init?(_ text: some StringProtocol) {
        self.init(bytes: Array(text.utf8)[...])
    }

    private init?(bytes: ArraySlice<UInt8>) {
        if bytes.first == UInt8(ascii: "["), bytes.last == UInt8(ascii: "]") {
            guard let address = IPv6.canonical(bytes.dropFirst().dropLast()) else { return nil }
            description = "[\(address)]"
            return
        }
        // Only ASCII letters: Unicode's lower case of the Kelvin sign is a plain k.
        let name = bytes.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")) ~= $0 ? $0 | 0x20 : $0 }
        guard Self.isName(name) else { return nil }
        description = String(decoding: name, as: UTF8.self)
    }

    /// Splits `host[:port]`.
    package static func parse(authority: String) throws(Failure) -> (host: Host, port: Int?) {
        let bytes = Array(authority.utf8)
        guard !bytes.contains(UInt8(ascii: "@")) else {
            // The part before it may be a password, so the text is not shown.
            throw Failure(
                .profile, "invalid host name '...'", because: "it contains a user name")
        }
        let afterBracket = bytes.lastIndex(of: UInt8(ascii: "]")) ?? 0
        let colon = bytes[afterBracket...].lastIndex(of: UInt8(ascii: ":"))
        guard let host = Host(bytes: bytes[..<(colon ?? bytes.count)]) else {
            throw Failure(.profile, "invalid host name '\(authority)'")
        }
        guard let colon else { return (host, nil) }
        // Some programs read `0443` in octal.
        guard let port = Int64(digits: bytes[(colon + 1)...]), (1...65535) ~= port,
            bytes[colon + 1] != UInt8(ascii: "0")
        else { throw Failure(.profile, "invalid port in '\(authority)'") }
        return (host, Int(port))
    }

    /// Dot-separated labels of letters, digits, `-` and `_`; a name that ends in a number must be
    /// a whole IPv4 address, for other readers would take `0x7f.1` for one.
    private static func isName(_ name: [UInt8]) -> Bool {
        guard name.count <= 253 else { return false }
        var label = name[...]
        while let dot = label.firstIndex(of: UInt8(ascii: ".")) {
            guard isLabel(label[..<dot]) else { return false }
            label = label[(dot + 1)...]
        }
        guard isLabel(label), let first = label.first else { return false }
        let isNumber = (UInt8(ascii: "0")...UInt8(ascii: "9")) ~= first
        return isNumber ? IPv4.isAddress(name) : true
    }

    private static func isLabel(_ label: ArraySlice<UInt8>) -> Bool {
        guard (1...63) ~= label.count, label.first != UInt8(ascii: "-"),
            label.last != UInt8(ascii: "-")
        else { return false }
        return label.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }
}

extension Host {
    /// Whether the text is `host` or `host:port`.
    static func isAuthority(_ text: String) -> Bool {
        // The error is ignored: it only says why the text is invalid.
        (try? parse(authority: text)) != nil
    }

    /// An IPv4 or IPv6 address rather than a name.
    package var isAddress: Bool {
        description.utf8.first == UInt8(ascii: "[") || IPv4.isAddress(description.utf8)
    }
}
