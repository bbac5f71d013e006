/// A complete response of a server.
package struct HTTPResponse: Hashable, Sendable {
    package struct Header: Hashable, Sendable {
        /// In lower case.
        package let name: String
        package let value: String
    }

    package let status: Int
    package let headers: [Header]
    package let body: [UInt8]
    /// Whether the body is known to be all that the server sent. A body without a length that was
    /// recorded before its end was seen is not.
    package let isComplete: Bool

    /// The maximum size of a response, in bytes. A token response has about 2 KB; of a larger one
    /// than this only the start is read and kept.
    package static let maximumByteCount = 4 << 20

    package init(status: Int, headers: [Header], body: [UInt8], isComplete: Bool = true) {
        self.status = status
        self.headers = headers
        self.body = body
        self.isComplete = isComplete
    }

    /// The first header called `name`, which is in lower case.
    package func header(_ name: String) -> String? {
        headers.first { $0.name == name }?.value
    }

    /// How far the server's clock is ahead of ours, in seconds, by the response's `Date`; `nil` if
    /// it does not say, or if the two agree within a minute. RFC 9110 §6.6.1.
    /// - Parameter now: when the response arrived, by our clock.
    package func clockDifference(at now: UnixTime) -> Seconds? {
        let date = header("date").flatMap { UnixTime(httpDate: $0, now: now) }
        return date.flatMap { abs($0 - now) > 60 ? $0 - now : nil }
    }

    /// Whether the end of the body is known from the transport.
    package enum End: Hashable, Sendable {
        case seen
        /// Only a `Content-Length` can tell.
        case unseen
    }

    /// Parses header blocks and body as received; skips the blocks of 1xx responses, removes
    /// trailer fields and undoes compression. `nil` if the bytes do not start with a complete
    /// header block. RFC 9112 §2, RFC 9110 §15.2.
    package init?(wire bytes: [UInt8], _ end: End = .unseen) {
        guard let (status, headers, rest) = Self.parts(of: bytes) else { return nil }
        let codings = headers.filter { $0.name == "content-encoding" }.map { $0.value }
        let body = Array(TrailerFields.removed(from: rest))
        self.init(
            status: status, headers: headers, body: ContentCoding.removed(from: body, codings),
            isComplete: end == .seen || Self.length(headers) == Int64(rest.count))
    }

    /// Whether the bytes are a complete response with status 200, so that nothing that arrives
    /// later can change it: by its own `Content-Length`, or because its body is a JSON object. RFC
    /// 9112 §6.3.
    ///
    /// `false` if the body is empty: then there is no hurry, and it may be a proxy's own response.
    package static func isWhole(_ bytes: [UInt8]) -> Bool {
        guard let (status, headers, rest) = parts(of: bytes), status == 200 else { return false }
        if let length = length(headers) { return length > 0 && Int64(rest.count) == length }
        // A connection that stays open marks no end.
        guard !headers.contains(where: { $0.name == "content-length" }),
            rest.last(where: { !TrailerFields.isSpace($0) }) == UInt8(ascii: "}")
        else { return false }
        return (try? JSONValue(parsing: Array(rest)))?.object != nil
    }

    /// The length of the body in bytes; `nil` if it is not told, or not in a way to rely on.
    private static func length(_ headers: [Header]) -> Int64? {
        let lengths = headers.filter { $0.name == "content-length" }
        guard lengths.count == 1, !headers.contains(where: { $0.name == "transfer-encoding" })
        else { return nil }
        return Int64(digits: lengths[0].value.utf8)
    }

    /// The status and headers of the final response, and the bytes that follow.
    private static func parts(of bytes: [UInt8])
        -> (status: Int, headers: [Header], rest: ArraySlice<UInt8>)?
    {
        var rest = bytes[...]
        while true {
            guard let block = headerBlock(&rest), let status = status(block.first) else {
                return nil
            }
            if (100...199) ~= status { continue }
            return (status, block.dropFirst().compactMap(header), rest)
        }
    }

    /// Removes the lines up to the first empty one from the front of `rest` and returns them.
    private static func headerBlock(_ rest: inout ArraySlice<UInt8>) -> [String]? {
        var lines: [String] = []
        while let end = rest.firstIndex(of: 0x0A) {
            var line = rest[rest.startIndex..<end]
            if line.last == 0x0D { line.removeLast() }
            rest = rest[(end + 1)...]
            if line.isEmpty { return lines }
            lines.append(String(decoding: line, as: UTF8.self))
        }
        return nil
    }

    /// The status in a line such as `HTTP/1.1 200 OK` or `HTTP/2 200`.
    private static func status(_ line: String?) -> Int? {
        guard let words = line?.split(separator: " "), words.count >= 2,
            words[0].hasPrefix("HTTP/"), words[1].utf8.count == 3
        else { return nil }
        return Int64(digits: words[1].utf8).map(Int.init)
    }

    private static func header(_ line: String) -> Header? {
        let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let value = parts[1].utf8.drop { $0 == 0x20 || $0 == 0x09 }
        let end = value.lastIndex { $0 != 0x20 && $0 != 0x09 }.map(value.index(after:))
        return Header(
            name: parts[0].lowercased(),
            value: String(Substring(value[..<(end ?? value.startIndex)])))
    }
}

/// The result of sending one request.
package enum TransportResult: Hashable, Sendable {
    case answered(HTTPResponse)
    /// The server did not receive the request, so sending it again is harmless. The reason in
    /// words.
    case unreachable(String)
    /// The server may have received the request, but the response is lost. The reason in words.
    case interrupted(String)
    /// Trying again would not help: curl is missing, or TLS failed.
    case impossible(Failure)
}

/// Trailer fields, which a server sends after a body in chunks or in HTTP/2 frames. RFC 9110 §6.5.
/// `curl --include` writes them directly after the last byte of the body.
enum TrailerFields {
    /// The body without the trailer fields after it.
    ///
    /// Their start can only be recognised after a JSON object; any other body is returned
    /// unchanged.
    static func removed(from body: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard let end = endOfObject(body) else { return body }
        let rest = body[end...].drop(while: isSpace)
        guard !rest.isEmpty, rest.split(separator: 0x0A).allSatisfy(isFieldLine) else {
            return body
        }
        return body[..<end]
    }

    /// The position after the brace that closes the JSON object at the start.
    private static func endOfObject(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.first(where: { !isSpace($0) }) == UInt8(ascii: "{") else { return nil }
        var depth = 0
        var isInString = false
        var isEscaped = false
        for (index, byte) in zip(bytes.indices, bytes) {
            if isInString {
                if byte == UInt8(ascii: "\""), !isEscaped { isInString = false }
                isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "}"):
                depth -= 1
                if depth == 0 { return index + 1 }
            default: break
            }
        }
        return nil
    }

    static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }

    /// Whether the line is empty or has the form `name: value`. RFC 9110 §5.6.2.
    private static func isFieldLine(_ line: ArraySlice<UInt8>) -> Bool {
        if line.allSatisfy(isSpace) { return true }
        let name = line.prefix { $0 != UInt8(ascii: ":") }
        return !name.isEmpty && name.count < line.count && name.allSatisfy(isTokenCharacter)
    }

    /// Whether a name of a field or of a scheme may contain the byte. RFC 9110 §5.6.2.
    static func isTokenCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
