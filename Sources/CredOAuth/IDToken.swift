package import CredCore

/// The claims about the person who logged in. OpenID Connect Core §2.
package struct IDToken: Hashable, Sendable {
    package let claims: JSONObject

    /// The name to show for the person: the first of e-mail, user name, name and subject.
    /// - Parameter sent: the secrets to hide in texts of the server.
    package static func person(_ claims: JSONObject, sent: SentSecrets) -> String? {
        for name in ["email", "preferred_username", "name", "sub"] {
            if let text = claims[name]?.string, !text.isEmpty { return sent.words(text, .name) }
        }
        return nil
    }

    package enum Check: Hashable, Sendable {
        case missing
        case valid(IDToken)
        /// The ID token must not be used; the reason in words.
        case invalid(String)
        /// The ID token belongs to another login, so that the whole token response must be
        /// discarded; the reason in words.
        case foreign(String)
    }

    /// Checks the ID token in a token response. The response came straight from the server over
    /// TLS, which replaces the check of the signature. OpenID Connect Core §3.1.3.7.
    ///
    /// - Parameter nonce: the nonce of the authorization request; `nil` if it had none.
    package static func check(
        _ response: TokenResponse, issuer: ExpectedIssuer?, clientID: String, nonce: String?,
        now: UnixTime
    ) -> Check {
        guard let text = response.members["id_token"]?.string, !text.isEmpty else {
            return .missing
        }
        guard let claims = JWTClaims.unverified(Secret(text)) else {
            return .invalid("it is not a JWT")
        }
        let expectation = ClaimsExpectation(
            .login, issuer: issuer, audience: clientID, authorizedParty: clientID, nonce: nonce,
            sent: response.sent)
        if let problem = expectation.nonceProblem(in: claims) { return .foreign(problem) }
        if let problem = expectation.problem(in: claims, at: now) { return .invalid(problem) }
        return .valid(IDToken(claims: claims))
    }
}

/// The values that the claims of a token must have to be accepted. RFC 7519 §4.1, OpenID Connect
/// Core §3.1.3.7.
package struct ClaimsExpectation: Hashable, Sendable {
    /// The expected `iss`; `nil` accepts any.
    package let issuer: ExpectedIssuer?
    /// The expected `aud`; `nil` accepts any.
    package let audience: String?
    /// The expected `azp`, if the token has one; `nil` accepts any.
    package let authorizedParty: String?
    /// The expected `nonce`; `nil` if the request had none.
    package let nonce: String?
    package let purpose: Purpose
    /// The secrets to hide in texts of the server.
    private let sent: SentSecrets

    /// What the token is for.
    package enum Purpose: Hashable, Sendable {
        /// An access token, used until it expires.
        case access
        /// An ID token that says who logs in now and must not have expired.
        case login
        /// An ID token that says who has logged in; its expiry time is ignored, because it stays
        /// true after that.
        case identity
    }

    package init(
        _ purpose: Purpose, issuer: ExpectedIssuer?, audience: String?,
        authorizedParty: String? = nil, nonce: String? = nil, sent: SentSecrets
    ) {
        self.purpose = purpose
        self.issuer = issuer
        self.audience = audience
        self.authorizedParty = authorizedParty
        self.nonce = nonce
        self.sent = sent
    }

    /// How far this machine's clock and the server's may differ, in seconds. A smaller value would
    /// reject a token issued a moment ago; a larger one would accept a token that no server accepts
    /// any more.
    private static let clockSkew: Seconds = 60

    /// The first problem with the claims, in words; `nil` if there is none.
    package func problem(in claims: JSONObject, at now: UnixTime) -> String? {
        if let problem = nonceProblem(in: claims) ?? expiryProblem(in: claims, at: now) {
            return problem
        }
        if let start = claims["nbf"]?.integer.map(UnixTime.init), start > now + Self.clockSkew {
            return "it is not valid yet: 'nbf' is \((start - now).inWords) from now"
        }
        let stated = claims["iss"]?.string
        if let issuer, !issuer.isNamed(by: stated ?? "") {
            return "its issuer ('iss') is \(quoted(stated)), not '\(issuer.name)'"
        }
        if let audience, !Self.audiences(claims).contains(audience) {
            let stated = Self.audiences(claims).joined(separator: " ")
            return "its audience ('aud') is \(quoted(stated)), not '\(audience)'"
        }
        return authorizedParty.flatMap { problem(authorizedParty: $0, claims) }
    }

    /// The message for a nonce that differs; `nil` if it matches.
    func nonceProblem(in claims: JSONObject) -> String? {
        guard let nonce, claims["nonce"]?.string != nonce else { return nil }
        return "its 'nonce' does not match: it belongs to another login"
    }

    private func expiryProblem(in claims: JSONObject, at now: UnixTime) -> String? {
        let end = claims["exp"]?.integer.map(UnixTime.init)
        switch purpose {
        case .identity: return nil
        case .login where end == nil: return "it has no expiry time ('exp')"
        case .access, .login:
            guard let end, end + Self.clockSkew <= now else { return nil }
            return "it expired \((now - end).inWords) ago"
        }
    }

    /// Checks `azp`, which must be there if there are several audiences.
    private func problem(authorizedParty: String, _ claims: JSONObject) -> String? {
        let stated = claims["azp"]?.string
        guard let stated else {
            return Self.audiences(claims).count > 1
                ? "it has several audiences but no authorized party ('azp')" : nil
        }
        return stated == authorizedParty
            ? nil : "it was issued to the client \(quoted(stated)) ('azp')"
    }

    /// The audiences; the claim is a string or an array of strings. RFC 7519 §4.1.3.
    private static func audiences(_ claims: JSONObject) -> [String] {
        claims["aud"]?.array?.compactMap { $0.string } ?? claims["aud"]?.string.map { [$0] } ?? []
    }

    private func quoted(_ text: String?) -> String {
        guard let text, !text.isEmpty else { return "missing" }
        return "'\(sent.words(text, .sentence))'"
    }
}
