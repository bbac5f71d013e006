/// An absolute URL that may be told a secret: https, or http on loopback; no user information, no
/// fragment, and nothing that two programs could read in two ways. RFC 3986, a strict part of it.
package struct WebURL: Hashable, Sendable, CustomStringConvertible {
    package let origin: Origin
    /// As written, or `/` where the URL had none.
    package let path: String
    /// Without the question mark.
    package let query: String?

    package init(origin: Origin, path: String, query: String? = nil) {
        self.origin = origin
        self.path = path
        self.query = query
    }

    /// Fails with kind `.profile` and a sentence that says what is wrong with `text`.
    package init(_ text: String) throws(Failure) {
        let bytes = text.utf8
        guard bytes.allSatisfy({ (0x21...0x7E) ~= $0 && !Self.unusual.contains($0) }) else {
            throw Self.malformed(text, "it holds a character that no URL may hold")
        }
        guard !bytes.contains(UInt8(ascii: "#")) else {
            throw Self.malformed(text, "it has a fragment")
        }
        guard let schemeEnd = text.firstRange(ofBytes: "://"),
            let scheme = Origin.Scheme(rawValue: text[..<schemeEnd.lowerBound].lowercased())
        else { throw Self.malformed(text, "it does not start with https://") }
        let rest = text[schemeEnd.upperBound...]
        let pathStart = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        guard !rest[..<pathStart].utf8.contains(UInt8(ascii: "@")) else {
            throw Self.malformed(text, "it holds a user name")
        }
        guard PercentEncoding.decode(Array(rest[pathStart...].utf8)) != nil else {
            throw Self.malformed(text, "a '%' is not followed by two digits")
        }
        do {
            origin = try Origin(scheme: scheme, authority: String(rest[..<pathStart]))
        } catch {
            // 'https://user:pass/word@host' has a password where the host should stand.
            guard !text.utf8.contains(UInt8(ascii: "@")) else {
                throw Self.malformed(text, error.because ?? "it does not name a host")
            }
            throw error
        }
        let parts = rest[pathStart...].split(
            separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = parts[0].isEmpty ? "/" : String(parts[0])
        query = parts.count == 2 ? String(parts[1]) : nil
    }

    package var description: String {
        let resource = query.map { "\(path)?\($0)" } ?? path
        return "\(origin.scheme.rawValue)://\(origin.authority)\(resource)"
    }

    /// Without the query, which may hold what is nobody else's business.
    package var withoutQuery: String {
        "\(origin.scheme.rawValue)://\(origin.authority)\(path)"
    }

    /// Characters outside RFC 3986 that browsers and libraries disagree about.
    private static let unusual = Array("\"<>\\^`{|}".utf8)

    /// Shows the text up to its query or fragment, and nothing of a text that may hold a password.
    private static func malformed(_ text: String, _ problem: String) -> Failure {
        let start = text.unicodeScalars.prefix { $0 != "?" && $0 != "#" }
        let shown = text.utf8.contains(UInt8(ascii: "@")) ? "..." : String(start)
        return Failure(.profile, "'\(shown)' is not a usable URL", because: problem)
    }
}
