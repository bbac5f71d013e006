package import CredCore

/// The authorization server's reply, which the browser delivers. RFC 6749 §4.1.2, RFC 9207.
package enum RedirectReply: Hashable, Sendable {
    case code(Secret)
    /// The server refused.
    case rejected(OAuthRejection)
    /// Not a reply to our request: anybody may have sent it. The reason in words.
    case foreign(String)
    /// A reply to our request that must not be trusted; the reason in words.
    case unusable(String)

    /// - Parameter query: the query of the URL that the browser was redirected to, without the
    ///   question mark.
    package init(query: String, to request: AuthorizationRequest) {
        guard let fields = FormEncoding.decodeRepairing(query) else {
            self = .foreign("it is not a valid query string")
            return
        }
        func values(_ name: String) -> [String] {
            fields.filter { $0.name == name }.map { $0.value }
        }
        let states = values("state")
        guard states.contains(where: { $0.utf8.elementsEqual(request.state.utf8) }) else {
            self = .foreign("its 'state' \(states.isEmpty ? "is missing" : "does not match")")
            return
        }
        // A parameter must not occur twice, RFC 6749 §3.1.
        let parameters = ["state", "code", "error", "iss", "error_description"]
        if let twice = parameters.first(where: { values($0).count > 1 }) {
            self = .unusable("the reply contains '\(twice)' more than once")
        } else if let problem = request.issuer?.problem(
            withReplyOf: values("iss").first, sent: request.sent)
        {
            self = .unusable(problem)
        } else {
            self.init(
                code: values("code").first, error: values("error").first,
                explanation: values("error_description").first, sent: request.sent)
        }
    }

    private init(code: String?, error: String?, explanation: String?, sent: SentSecrets) {
        switch (code, error) {
        case (_?, _?): self = .unusable("the reply contains both a code and an error")
        case (nil, let error?) where !error.isEmpty:
            self = .rejected(
                OAuthRejection(
                    status: 302, code: error, explanation: explanation, sent: sent))
        case (let code?, nil) where Self.isCode(code): self = .code(Secret(code))
        case (_, _): self = .unusable("the reply contains neither a code nor an error")
        }
    }
}

extension RedirectReply {
    /// Whether the text consists of visible ASCII and spaces. RFC 6749 §A.11.
    private static func isCode(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x20...0x7E) ~= $0 }
    }

    /// Reads what a person pasted from the browser's address bar: the URL or its query; `nil` for
    /// anything else.
    package init?(pastedAddress text: String, to request: AuthorizationRequest) {
        let word = Self.word(text)
        if let mark = word.utf8.firstIndex(of: UInt8(ascii: "?")) {
            let query = word[word.utf8.index(after: mark)...].prefix { $0 != "#" }
            self.init(query: String(query), to: request)
        } else if word.utf8.contains(UInt8(ascii: "&")), word.firstRange(ofBytes: "://") == nil {
            self.init(query: String(word), to: request)
        } else {
            return nil
        }
    }

    /// Reads the pasted URL, or the code alone as a web page displays it. A code alone has no
    /// `state`: it is trusted because the person pasted it.
    package init(pasted text: String, to request: AuthorizationRequest) {
        let word = Self.word(text)
        if let reply = RedirectReply(pastedAddress: text, to: request) {
            self = reply
        } else if !Self.isCode(String(word)) || word.firstRange(ofBytes: "://") != nil {
            self = .foreign("it is neither a code nor a URL that contains one")
        } else {
            self.init(code: String(word), error: nil, explanation: nil, sent: request.sent)
        }
    }

    /// The only word of a line; empty if there is none or more than one.
    private static func word(_ text: String) -> Substring {
        let words = text.split { $0 == " " || $0 == "\t" }
        return words.count == 1 ? words[0] : ""
    }
}
