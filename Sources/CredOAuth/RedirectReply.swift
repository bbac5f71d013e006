package import CredCore

/// What the authorization server said through the browser. RFC 6749 §4.1.2, RFC 9207.
package enum RedirectReply: Hashable, Sendable {
    case code(Secret)
    /// The server says no.
    case rejected(OAuthRejection)
    /// Not the reply to our request: anybody may have sent it. Why, in words.
    case foreign(String)
    /// A reply to our request that is not to be trusted; why, in words.
    case unusable(String)

    /// - Parameter query: of the URL that the browser was sent to, without the question mark.
    package init(query: String, to request: AuthorizationRequest) {
        guard let fields = FormEncoding.decode(query) else {
            self = .foreign("it is not a form")
            return
        }
        func values(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }
        let states = values("state")
        guard states.contains(request.state) else {
            self = .foreign("its 'state' is \(states.isEmpty ? "missing" : "not ours")")
            return
        }
        // RFC 6749 §3.1: no parameter comes twice.
        let parameters = ["state", "code", "error", "iss", "error_description"]
        if let twice = parameters.first(where: { values($0).count > 1 }) {
            self = .unusable("the reply has '\(twice)' more than once")
        } else if let problem = request.issuer?.problem(with: values("iss").first) {
            self = .unusable(problem)
        } else {
            self.init(
                code: values("code").first, error: values("error").first,
                explanation: values("error_description").first)
        }
    }

    private init(code: String?, error: String?, explanation: String?) {
        switch (code, error) {
        case (_?, _?): self = .unusable("the reply has a code and an error")
        case (nil, let error?):
            self = .rejected(OAuthRejection(status: 302, code: error, explanation: explanation))
        case (let code?, nil) where !code.isEmpty: self = .code(Secret(code))
        case (_, nil): self = .unusable("the reply has neither a code nor an error")
        }
    }
}

extension AuthorizationRequest.ExpectedIssuer {
    /// Compared as text, RFC 9207 §2.4: another server's code must not reach ours, nor ours another.
    fileprivate func problem(with named: String?) -> String? {
        switch (named, naming) {
        case (nil, .perhaps): nil
        case (nil, .always): "the reply does not name its issuer, which '\(identifier)' always does"
        case (let named?, _):
            named == identifier ? nil : "the reply comes from '\(named)', not '\(identifier)'"
        }
    }
}

extension RedirectReply {
    /// What a person pastes: the whole URL that the browser ended at, or the code alone, which a
    /// page showed; the person's own hands then vouch for where it comes from.
    package init(pasted text: String, to request: AuthorizationRequest) {
        let words = text.split { $0 == " " || $0 == "\t" }
        let word = words.count == 1 ? String(words[0]) : ""
        if let mark = word.utf8.firstIndex(of: UInt8(ascii: "?")) {
            let query = word[word.utf8.index(after: mark)...].prefix { $0 != "#" }
            self.init(query: String(query), to: request)
        } else if word.isEmpty || word.firstRange(ofBytes: "://") != nil {
            self = .foreign("it is neither a code nor a URL with a code")
        } else {
            self = .code(Secret(word))
        }
    }
}
