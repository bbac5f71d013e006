/// The redirect URIs that are registered for a client.
package enum RedirectURIs: Hashable, Sendable {
    /// On this machine, where planet-cred listens.
    case local(LoopbackRedirect)
    /// A web page that shows the code, for a person whose browser is on another machine.
    case remote(String)
    case both(LoopbackRedirect, remote: String)

    package var local: LoopbackRedirect? {
        switch self {
        case .local(let local), .both(let local, _): local
        case .remote: nil
        }
    }

    package var remote: String? {
        switch self {
        case .remote(let remote), .both(_, let remote): remote
        case .local: nil
        }
    }
}

/// A redirect URI on this machine's loopback. RFC 8252 §7.3.
package struct LoopbackRedirect: Hashable, Sendable {
    package let host: Host
    /// The port; `nil` for any, chosen by the operating system.
    package let port: Int?
    /// The path that the browser requests; `/` if the URI has none.
    package let path: String
    /// The registered URI up to the port.
    private let start: String
    /// The registered URI after the port.
    private let end: String

    /// The default redirect URI; RFC 8252 §7.3 allows it to every native client.
    package static let standard = LoopbackRedirect(
        host: .loopback, port: nil, path: "/callback", start: "http://127.0.0.1", end: "/callback")

    /// Parses a redirect URI; `nil` unless it is plain http on `127.0.0.1`, `[::1]` or `localhost`,
    /// where planet-cred can listen.
    package init?(_ text: String) {
        let scheme = "http://"
        let bytes = text.utf8
        guard bytes.allSatisfy({ $0 < 0x80 }), bytes.starts(with: scheme.utf8) else { return nil }
        let rest = text.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        // A registered port 0 means any port.
        let namesAnyPort = authority.hasSuffix(":0")
        let start = "\(scheme)\(namesAnyPort ? authority.dropLast(2) : authority)"
        let end = String(rest[authority.endIndex...])
        guard let url = try? WebURL(start + end),
            let parts = try? Host.parse(authority: String(start.dropFirst(scheme.count))),
            ["127.0.0.1", "[::1]", "localhost"].contains(parts.host.description),
            parts.port == nil || !namesAnyPort
        else { return nil }
        self.init(host: parts.host, port: parts.port, path: url.path, start: start, end: end)
    }

    private init(host: Host, port: Int?, path: String, start: String, end: String) {
        self.host = host
        self.port = port
        self.path = path
        self.start = start
        self.end = end
    }

    /// The redirect URI of a login that listens on this port: as registered, with the port added if
    /// it names none.
    package func uri(port listening: Int) -> String {
        port == nil ? "\(start):\(listening)\(end)" : start + end
    }
}
