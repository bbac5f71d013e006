package import CredCore

/// A GET request from this machine to one of its own names. It is not trusted: any program or web
/// page on this machine can send one.
package struct LocalRequest: Sendable {
    /// The part before the first `?`, as sent: visible ASCII that starts with `/`.
    package let path: String
    /// The part after it, as sent; it may contain a code. `nil` without a `?`.
    package let query: Secret?
    /// The connection that waits for the response.
    let connection: Int
}

/// The request line and the fields of a request. A strict subset of RFC 9112 §3 and §5.
struct RequestHeader {
    let method: String
    let path: String
    let query: Secret?
    private let hosts: [String]

    /// The value of `Host`; `nil` unless there is exactly one. RFC 9112 §3.2.
    var onlyHost: String? { hosts.count == 1 ? hosts[0] : nil }

    /// The lines up to the empty one that ends a header, with LF or CR LF as line ends; `nil` if it
    /// is incomplete.
    ///
    /// - Parameter start: the number of bytes that have already been searched.
    static func first(of bytes: [UInt8], searchingFrom start: Int) -> ArraySlice<UInt8>? {
        let end = bytes.indices[max(start - 2, 0)...].first { index in
            guard bytes[index] == 0x0A else { return false }
            let rest = bytes[(index + 1)...]
            return rest.first == 0x0A || rest.starts(with: [0x0D, 0x0A])
        }
        return end.map { bytes[..<$0] }
    }

    /// Parses a header; `nil` if it is not an HTTP/1 request.
    init?(_ header: ArraySlice<UInt8>) {
        let lines = header.split(separator: 0x0A, omittingEmptySubsequences: false)
            .map { $0.last == 0x0D ? $0.dropLast() : $0 }
        let words = (lines.first ?? []).split(separator: 0x20, omittingEmptySubsequences: false)
        guard words.count == 3, words.allSatisfy({ $0.allSatisfy(Self.isVisible) }),
            words[1].first == UInt8(ascii: "/"), words[2].starts(with: "HTTP/1.".utf8)
        else { return nil }
        var hosts: [String] = []
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")),
                line[..<colon].allSatisfy(Self.isVisible), colon > line.startIndex
            else { return nil }
            if String(decoding: line[..<colon], as: UTF8.self).lowercased() == "host" {
                hosts.append(Self.trimmed(line[(colon + 1)...]))
            }
        }
        method = String(decoding: words[0], as: UTF8.self)
        let target = words[1].split(
            separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
        path = String(decoding: target[0], as: UTF8.self)
        query = target.count == 2 ? Secret(String(decoding: target[1], as: UTF8.self)) : nil
        self.hosts = hosts
    }

    private static func isVisible(_ byte: UInt8) -> Bool { (0x21...0x7E) ~= byte }

    private static func trimmed(_ value: ArraySlice<UInt8>) -> String {
        let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        let rest = value.drop(while: isSpace)
        let end = rest.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? rest.startIndex
        return String(decoding: rest[..<end], as: UTF8.self)
    }
}

/// A response to a local request: a page that loads nothing, is not cached and sends no referrer.
package struct LocalPage: Sendable {
    /// 100 to 599.
    package let status: Int
    /// HTML. Inline scripts and styles are allowed, so that it can remove the URL from the history;
    /// the caller must escape all text that is not its own.
    package let body: String
    /// The URL to which it redirects; visible ASCII.
    package let location: String?

    package init(status: Int, location: String? = nil, body: String) {
        self.status = status
        self.location = location
        self.body = body
    }

    /// The bytes of the response. RFC 9112 §4.
    var encoded: [UInt8] {
        var lines = [
            "HTTP/1.1 \(status) \(reason)",
            "Content-Type: text/html; charset=utf-8",
            "Content-Length: \(body.utf8.count)",
            "Content-Security-Policy: \(contentSecurityPolicy)",
            "Cache-Control: no-store",
            "Referrer-Policy: no-referrer",
            "X-Content-Type-Options: nosniff",
            "Connection: close",
        ]
        if let location { lines.append("Location: \(location)") }
        // Required in the response to any other method. RFC 9110 §15.5.6.
        if status == 405 { lines.append("Allow: GET") }
        return Array("\(lines.joined(separator: "\r\n"))\r\n\r\n\(body)".utf8)
    }

    private var contentSecurityPolicy: String {
        "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    }

    private var reason: String {
        switch status {
        case 200: "OK"
        case 302: "Found"
        case 400: "Bad Request"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 431: "Request Header Fields Too Large"
        default: ""
        }
    }
}
