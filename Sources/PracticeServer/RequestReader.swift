/// Reads HTTP/1.1 requests. RFC 9112
struct RequestReader: ~Copyable {
    /// Above this, a body is refused: no honest request of a test is larger.
    private static let maximumBodyByteCount = 16 << 20
    private static let maximumHeadByteCount = 64 << 10

    var stream: ByteStream

    /// The next request of a connection, `nil` if the client closed it.
    mutating func next() throws(ConnectionEnd) -> PracticeServer.Request? {
        var line = ""
        // RFC 9112 §2.2: empty lines before the request are skipped.
        while line.isEmpty {
            guard let next = try stream.line(maximumByteCount: Self.maximumHeadByteCount) else {
                return nil
            }
            line = next
        }
        let parts = line.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[0].isEmpty else { throw .malformed("request line") }
        let version: PracticeServer.Request.Version
        switch parts[2] {
        case "HTTP/1.1": version = .http11
        case "HTTP/1.0": version = .http10
        default: throw .malformed("HTTP version")
        }
        // A client that uses this server as a proxy names another server. RFC 9110 §9.3.6
        let isConnect = parts[0] == "CONNECT"
        guard let target = isConnect ? parts[1] : Self.originForm(parts[1]) else {
            throw .malformed("target")
        }
        let question = target.firstIndex(of: "?")
        let headers = try headers()
        let body = try body(headers)
        return PracticeServer.Request(
            method: String(parts[0]), path: String(target[..<(question ?? target.endIndex)]),
            query: question.map { String(target[target.index(after: $0)...]) },
            headers: headers, body: body, time: .now, version: version)
    }

    /// Path and query, also of the absolute form that goes to proxies.
    private static func originForm(_ target: Substring) -> Substring? {
        if target.hasPrefix("/") { return target }
        guard target.hasPrefix("http://") else { return nil }
        let rest = target.dropFirst("http://".count)
        return rest.firstIndex(of: "/").map { rest[$0...] } ?? "/"
    }

    private mutating func headers() throws(ConnectionEnd) -> PracticeServer.Headers {
        var headers: PracticeServer.Headers = [:]
        var remaining = Self.maximumHeadByteCount
        while let line = try stream.line(maximumByteCount: remaining) {
            if line.isEmpty { return headers }
            remaining -= line.utf8.count
            guard remaining > 0 else { throw .refused(.plain(431, "the header is too large")) }
            guard let colon = line.firstIndex(of: ":"), colon > line.startIndex,
                !line[..<colon].contains(where: \.isWhitespace)
            else { throw .malformed("header line") }
            headers.append(String(line[..<colon]), line[line.index(after: colon)...].trimmed)
        }
        throw .disconnected
    }

    private mutating func body(_ headers: PracticeServer.Headers) throws(ConnectionEnd) -> [UInt8] {
        let codings = headers.values(of: "Transfer-Encoding")
        let lengths = Set(headers.values(of: "Content-Length"))
        if codings.isEmpty && lengths.isEmpty { return [] }
        guard codings.isEmpty || lengths.isEmpty, lengths.count <= 1 else {
            throw .malformed("body length")
        }
        var byteCount: Int?
        if let length = lengths.first {
            guard length.utf8.allSatisfy({ (0x30...0x39).contains($0) }), !length.isEmpty else {
                throw .malformed("body length")
            }
            // Too many digits for an integer are too many bytes as well.
            byteCount = Int(length) ?? .max
        } else if codings.map({ $0.lowercased() }) != ["chunked"] {
            throw .refused(.plain(501, "only chunked is implemented"))
        }
        try Self.checkSize(byteCount ?? 0)
        if headers["Expect"]?.lowercased() == "100-continue", stream.isEmpty {
            try stream.socket.send(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)[...])
        }
        guard let byteCount else { return try chunks() }
        return try stream.bytes(count: byteCount)
    }

    /// RFC 9112 §7.1; extensions and trailers are dropped.
    private mutating func chunks() throws(ConnectionEnd) -> [UInt8] {
        var body: [UInt8] = []
        while true {
            guard let line = try stream.line(maximumByteCount: 1024) else { throw .disconnected }
            let digits = line.prefix { $0 != ";" }.trimmed
            guard digits.utf8.count < 16, digits.first?.isHexDigit == true,
                let count = Int(digits, radix: 16)
            else { throw .malformed("chunk") }
            guard count > 0 else {
                _ = try headers()
                return body
            }
            try Self.checkSize(body.count + count)
            body += try stream.bytes(count: count)
            guard try stream.line(maximumByteCount: 2) == "" else { throw .malformed("chunk") }
        }
    }

    private static func checkSize(_ byteCount: Int) throws(ConnectionEnd) {
        guard byteCount <= maximumBodyByteCount else {
            throw .refused(.plain(413, "the body is larger than 16 MiB"))
        }
    }
}

extension ConnectionEnd {
    fileprivate static func malformed(_ what: String) -> ConnectionEnd {
        .refused(.plain(400, "malformed \(what)"))
    }
}
