import CredCore

extension HTTPResponse {
    /// Why a web page is no answer to us, in one clause; `nil` for what is no page.
    ///
    /// A network that wants a person to log in first answers so in place of every server. Only
    /// for answers that are no JSON object: some servers send theirs as `text/html`.
    /// - Parameter url: who was asked; `nil` if nobody knows any more.
    func webPage(from url: WebURL?) -> String? {
        let type = header("content-type")?.lowercased() ?? ""
        // White space, and a byte order mark.
        let start = body.first { ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
        guard type.utf8.starts(with: "text/html".utf8) || start == UInt8(ascii: "<") else {
            return nil
        }
        let server = url.map { "'\($0.withoutQuery)'" } ?? "the server"
        return "\(server) answers with a web page, as a network does that wants a login first"
    }
}
