/// The codings in which a server sends a body. RFC 9110 §8.4.
///
/// We ask for no coding and undo gzip and deflate ourselves. `curl --compressed` would drop the
/// body where a server names a coding that is none (`Content-Encoding: utf-8`) or that it did not
/// use, and a dropped answer to a refresh token is a lost login.
enum ContentCoding {
    /// The maximum number of codings that are undone, one after the other.
    private static let maximumDepth = 4

    /// The body without its codings; a body that does not have the named ones stays as it is.
    /// - Parameter names: the values of `Content-Encoding`, in order.
    static func removed(from body: [UInt8], _ names: [String]) -> [UInt8] {
        let limit = HTTPResponse.maximumByteCount
        var body = body
        let codings = names.flatMap { $0.split(separator: ",") }.suffix(maximumDepth)
        for coding in codings.reversed() where named("deflate", coding) {
            guard !looksLikeText(body) else { continue }
            let content =
                Inflate.zlib(body, limit: limit) ?? Inflate.plain(body[...], limit: limit)
            if !content.isEmpty { body = content }
        }
        // No text starts with the bytes of gzip, so the server need not name it.
        for _ in 0..<maximumDepth {
            guard let content = Inflate.gzip(body, limit: limit) else { break }
            body = content
        }
        return body
    }

    private static func named(_ name: String, _ coding: Substring) -> Bool {
        coding.utf8.filter { $0 != 0x20 && $0 != 0x09 }
            .elementsEqual(name.utf8) { $0 | 0x20 == $1 }
    }

    /// Whether the body starts like JSON or a page, as no compressed body does.
    private static func looksLikeText(_ body: [UInt8]) -> Bool {
        let start = body.first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
        return start.map { "{[\"<".utf8.contains($0) } ?? true
    }
}
