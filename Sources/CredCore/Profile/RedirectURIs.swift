/// Where an authorization server sends the browser back to, as registered with it.
package enum RedirectURIs: Hashable, Sendable {
    /// On this machine, where we listen.
    case local(LoopbackRedirect)
    /// A page elsewhere that shows the code, for a person whose browser is on another machine.
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
    /// `nil`: any, which the operating system chooses.
    package let port: Int?
    /// As the browser will ask for it, `/` where the URI has none.
    package let path: String
    /// As registered, up to where a port goes that the URI does not name.
    private let start: String
    /// As registered, from there on.
    private let end: String

    /// What a profile that names none uses: RFC 8252 §7.3 lets every native client have it.
    package static let standard = LoopbackRedirect(
        host: .loopback, port: nil, path: "/callback", start: "http://127.0.0.1", end: "/callback")

    /// `nil` for anything but plain http on `127.0.0.1`, `[::1]` or `localhost`, the addresses at
    /// which we can listen.
    package init?(_ text: String) {
        let scheme = "http://"
        let bytes = text.utf8
        guard bytes.allSatisfy({ $0 < 0x80 }), bytes.starts(with: scheme.utf8) else { return nil }
        let rest = text.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        // Port 0 is no port of any URL; registered, it means any.
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

    /// The URI for a login that listens on this port: as registered, with the port where it names
    /// none.
    package func uri(port listening: Int) -> String {
        port == nil ? "\(start):\(listening)\(end)" : start + end
    }
}
