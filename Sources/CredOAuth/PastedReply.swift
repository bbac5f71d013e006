import CredCore

/// What a person pasted when asked for the URL of the page where the login ends. Only the server's
/// reply to our request can end the login; after anything else the person is asked again.
package enum PastedReply: Hashable, Sendable {
    /// The server's reply to our request.
    case reply(RedirectReply)
    /// An empty line.
    case nothing
    /// The beginning of a URL; its rest may be on the next line.
    case beginning
    /// Something else; what it is, in words.
    case other(String)

    /// What is accepted.
    package enum Wanted: Hashable, Sendable {
        /// A URL, or its query.
        case address
        /// A URL, or the code that a web page displays. A code alone has no `state`: it is trusted
        /// because the person pasted it.
        case addressOrCode
    }

    package init(_ text: String, wanted: Wanted, to request: AuthorizationRequest) {
        let words = Self.withoutMarks(text).split { $0 == " " || $0 == "\t" }
        // A URL that was displayed on several lines is pasted with spaces in it.
        let isAddress = words.contains { Self.query(in: $0) != nil || Self.hasScheme($0) }
        let word = isAddress ? words.joined() : words.count == 1 ? String(words[0]) : nil
        guard let word else {
            self = words.isEmpty ? .nothing : .other("that is not a URL")
            return
        }
        if let query = Self.query(in: word[...]) {
            self.init(query: query, of: word, to: request)
        } else if Self.hasScheme(word[...]) {
            self = .other(Self.isPageToOpen(word, request) ? Self.pageToOpen : Self.noCode)
        } else if wanted == .addressOrCode, RedirectReply.isCode(word) {
            self = .reply(
                RedirectReply(code: word, error: nil, explanation: nil, sent: request.sent))
        } else {
            self = .other("that is not a URL")
        }
    }

    private init(query: String, of address: String, to request: AuthorizationRequest) {
        guard let fields = FormEncoding.decodeRepairing(query) else {
            self = .other("the query of that URL is not valid")
            return
        }
        let names = fields.map { $0.name }
        guard names.contains("code") || names.contains("error") else {
            let isPage =
                names.contains("response_type") || names.contains("redirect_uri")
                || Self.isPageToOpen(address, request)
            // A reply may begin with its state.
            let isCut = !isPage && names.contains("state")
            self = isCut ? .beginning : .other(isPage ? Self.pageToOpen : Self.noCode)
            return
        }
        let states = fields.filter { $0.name == "state" }.map { $0.value }
        let isOurs = states.contains { $0.utf8.elementsEqual(request.state.utf8) }
        if isOurs {
            self = .reply(RedirectReply(query: query, to: request))
        } else if states.allSatisfy({ request.state.utf8.starts(with: $0.utf8) }) {
            self = .beginning
        } else {
            self = .other("that is the URL of another login: its 'state' does not match")
        }
    }

    private static let pageToOpen =
        "that is the URL to open; paste the URL of the last page"
    private static let noCode =
        "that URL contains no code; paste the URL of the last page"

    /// Whether the URL is on the server where the person logs in.
    private static func isPageToOpen(_ address: String, _ request: AuthorizationRequest) -> Bool {
        // The error is ignored: text that is not a URL is not a page either.
        guard let url = try? WebURL(address) else { return false }
        return url.origin == request.url.origin
    }

    private static func hasScheme(_ word: Substring) -> Bool {
        word.firstRange(ofBytes: "://") != nil
    }

    /// What follows the question mark of a URL, or a query that was pasted alone.
    private static func query(in word: Substring) -> String? {
        if let mark = word.utf8.firstIndex(of: UInt8(ascii: "?")) {
            return String(word[word.utf8.index(after: mark)...].prefix { $0 != "#" })
        }
        return word.utf8.contains(UInt8(ascii: "&")) && !hasScheme(word) ? String(word) : nil
    }

    /// The text without what programs put around a URL, or into it: quotes and brackets, a shell's
    /// backslashes, the `&amp;` of a web page, and the marks that a terminal puts around what is
    /// pasted.
    private static func withoutMarks(_ text: String) -> String {
        var text = text.replacing("\u{1B}[200~", by: "").replacing("\u{1B}[201~", by: "")
        let around = Array("\"'`<>()[]{} \t\r".utf8)
        var bytes = Array(text.utf8)[...]
        while let first = bytes.first, around.contains(first) { bytes.removeFirst() }
        while let last = bytes.last, around.contains(last) { bytes.removeLast() }
        text = String(decoding: bytes, as: UTF8.self)
        // A code alone may contain anything.
        guard query(in: text[...]) != nil else { return text }
        return text.replacing("\\", by: "").replacing("&amp;", by: "&")
    }
}

extension String {
    fileprivate func replacing(_ part: StaticString, by other: String) -> String {
        var rest = self[...]
        var replaced = ""
        while let range = rest.firstRange(ofBytes: part) {
            replaced += rest[..<range.lowerBound] + other
            rest = rest[range.upperBound...]
        }
        return replaced + rest
    }
}
