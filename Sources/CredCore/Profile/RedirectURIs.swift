/// Where an authorization server sends the browser back to, as registered with it; never both
/// missing.
package struct RedirectURIs: Hashable, Sendable {
    /// On this machine, where we listen.
    package let local: LoopbackRedirect?
    /// A page elsewhere that shows the code, for a person whose browser is on another machine.
    package let remote: String?

    package init(local: LoopbackRedirect?, remote: String?) {
        self.local = local
        self.remote = remote
    }

    /// What a profile that names none uses: RFC 8252 §7.3 lets every native client have it.
    package static let usual = RedirectURIs(
        local: LoopbackRedirect("http://127.0.0.1/callback"), remote: nil)
}

/// A redirect URI on this machine's loopback. RFC 8252 §7.3.
package struct LoopbackRedirect: Hashable, Sendable {
    package let host: Host
    /// `nil`: any, which the operating system chooses.
    package let port: Int?
    /// As registered.
    private let text: String
    /// Where a port goes in `text`, in bytes from its start.
    private let authorityEnd: Int
    /// As the browser will ask for it, `/` where the URI has none.
    package let path: String

    /// `nil` for anything but plain http on a loopback host.
    package init?(_ text: String) {
        let scheme = "http://"
        guard text.utf8.starts(with: scheme.utf8) else { return nil }
        let rest = text.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        // Port 0 is no port of any URL; registered, it means any.
        let anyPort = authority.hasSuffix(":0") ? authority.dropLast(2) : authority
        guard let parts = try? Host.parse(authority: String(anyPort)), parts.host.isLoopback,
            let url = try? WebURL("\(scheme)\(anyPort)\(rest[authority.endIndex...])")
        else { return nil }
        host = parts.host
        port = parts.port
        path = url.path
        self.text = "\(scheme)\(anyPort)\(rest[authority.endIndex...])"
        authorityEnd = scheme.utf8.count + anyPort.utf8.count
    }

    /// The URI for a login that listens on this port: as registered, with the port where it names
    /// none.
    package func uri(port listening: Int) -> String {
        guard port == nil else { return text }
        let end = text.utf8.index(text.startIndex, offsetBy: authorityEnd)
        return "\(text[..<end]):\(listening)\(text[end...])"
    }
}
