/// One entry of a profile's `hosts`: where its credential may go.
package enum HostPattern: Hashable, Sendable {
    /// `host`, which means its scheme's usual port, or `host:port`.
    case exact(Host, port: Int?)
    /// `*.domain`: every host below the domain, not the domain itself, at the usual port.
    case below(domain: Host)

    /// Reads an entry. Fails with kind `.profile`.
    package init(_ text: String) throws(Failure) {
        guard !text.utf8.contains(UInt8(ascii: "/")) else {
            // It may hold a password.
            throw Failure(
                .profile, "a URL cannot stand in 'hosts'",
                because: "an entry is HOST or HOST:PORT, not a URL")
        }
        guard text.utf8.starts(with: "*.".utf8) else {
            let parts = try Host.parse(authority: text)
            self = .exact(parts.host, port: parts.port)
            return
        }
        let domain = text.dropFirst(2)
        guard domain.utf8.contains(UInt8(ascii: ".")), let host = Host(domain), !host.isAddress
        else {
            throw Failure(
                .profile, "'\(text)' cannot stand in 'hosts'",
                because: "'*.' must be followed by a domain of at least two labels")
        }
        self = .below(domain: host)
    }

    package func matches(_ origin: Origin) -> Bool {
        switch self {
        case .exact(let host, let port):
            host == origin.host && (port ?? origin.scheme.defaultPort) == origin.port
        case .below(let domain):
            origin.port == origin.scheme.defaultPort
                && origin.host.description.hasSuffix(".\(domain)")
        }
    }

    package var text: String {
        switch self {
        case .exact(let host, let port): port.map { "\(host):\($0)" } ?? "\(host)"
        case .below(let domain): "*.\(domain)"
        }
    }
}
