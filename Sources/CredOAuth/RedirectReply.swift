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

    init(code: String?, error: String?, explanation: String?, sent: SentSecrets) {
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
    static func isCode(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x20...0x7E) ~= $0 }
    }
}
