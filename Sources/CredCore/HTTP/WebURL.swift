/// An absolute URL that may receive a secret: https, or http on loopback, without user information
/// and without anything that two programs could parse differently. A strict subset of RFC 3986.
package struct WebURL: Hashable, Sendable, CustomStringConvertible {
    package let origin: Origin
    /// The path as written; `/` if the URL has none.
    package let path: String
    /// The query without the question mark.
    package let query: String?
    /// The fragment without the `#`. Only the URL of a web page may have one, never an endpoint.
    package let fragment: String?

    package init(origin: Origin, path: String, query: String? = nil, fragment: String? = nil) {
        self.origin = origin
        self.path = path
        self.query = query
        self.fragment = fragment
    }

    /// Parses the URL of a web page, which may have a fragment. Fails like `init(_:)`.
    package init(page text: String) throws(Failure) {
        let mark = text.utf8.firstIndex(of: UInt8(ascii: "#")) ?? text.endIndex
        let url = try WebURL(String(text[..<mark]))
        let fragment = text[mark...].dropFirst()
        guard fragment.utf8.allSatisfy(Self.isUsual) else {
            throw Self.malformed(text, "it contains a character that is not allowed in a URL")
        }
        self.init(
            origin: url.origin, path: url.path, query: url.query,
            fragment: mark == text.endIndex ? nil : String(fragment))
    }

    /// Parses the URL of an endpoint. Fails with kind `.profile` and a message that names the
    /// problem.
    package init(_ text: String) throws(Failure) {
        let bytes = Array(text.utf8)
        guard bytes.allSatisfy(Self.isUsual) else {
            throw Self.malformed(text, "it contains a character that is not allowed in a URL")
        }
        guard !bytes.contains(UInt8(ascii: "#")) else {
            throw Self.malformed(text, "it contains a fragment ('#')")
        }
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
            bytes[colon...].starts(with: "://".utf8),
            let scheme = Origin.Scheme(rawValue: Self.text(bytes[..<colon]).lowercased())
        else { throw Self.malformed(text, "it does not start with https://") }
        let rest = bytes[(colon + 3)...]
        let pathStart =
            rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
        guard !rest[..<pathStart].contains(UInt8(ascii: "@")) else {
            throw Self.malformed(text, "it contains a user name")
        }
        guard PercentEncoding.isWellFormed(rest[pathStart...]) else {
            throw Self.malformed(text, "a '%' is not followed by two hexadecimal digits")
        }
        do {
            origin = try Origin(scheme: scheme, authority: Self.text(rest[..<pathStart]))
        } catch {
            // In 'https://user:pass/word@host' a password is where the host should be.
            guard !text.utf8.contains(UInt8(ascii: "@")) else {
                throw Self.malformed(text, error.because ?? "it has no valid host name")
            }
            throw error
        }
        let resource = rest[pathStart...]
        let mark = resource.firstIndex(of: UInt8(ascii: "?"))
        let path = resource[..<(mark ?? resource.endIndex)]
        self.path = path.isEmpty ? "/" : Self.text(path)
        query = mark.map { Self.text(resource[($0 + 1)...]) }
        fragment = nil
    }

    /// The text of bytes that are known to be ASCII.
    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self)
    }

    package var description: String {
        withoutQuery + (query.map { "?\($0)" } ?? "") + (fragment.map { "#\($0)" } ?? "")
    }

    /// The URL without the query, which may contain private data.
    package var withoutQuery: String {
        "\(origin.scheme.rawValue)://\(origin.authority)\(path)"
    }

    /// Whether the byte is visible ASCII and none of the characters outside RFC 3986 that browsers
    /// and libraries treat differently.
    private static func isUsual(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\\"),
            UInt8(ascii: "^"), UInt8(ascii: "`"), UInt8(ascii: "{"), UInt8(ascii: "|"),
            UInt8(ascii: "}"):
            false
        default: (0x21...0x7E) ~= byte
        }
    }

    /// The error for invalid text; shows it without query and fragment, and not at all if it may
    /// contain a password.
    private static func malformed(_ text: String, _ problem: String) -> Failure {
        let start = text.unicodeScalars.prefix { $0 != "?" && $0 != "#" }
        let shown = text.utf8.contains(UInt8(ascii: "@")) ? "..." : String(start)
        return Failure(.profile, "invalid URL '\(shown)'", because: problem)
    }
}

extension WebURL {
    /// The curl(1) command that shows what is at this URL.
    /// - Parameters:
    ///   - option: what curl is to show.
    ///   - certificateAuthorityFile: to trust instead of the system's.
    package func curlCommand(_ option: String, certificateAuthorityFile: String?) -> String {
        let trust = certificateAuthorityFile.map { ["--cacert", $0.shellQuoted] } ?? []
        return (["curl", option] + trust + [description.shellQuoted]).joined(separator: " ")
    }
}
