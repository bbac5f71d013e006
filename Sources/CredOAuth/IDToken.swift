package import CredCore

/// Who logged in, as the authorization server says it. OpenID Connect Core §2.
package struct IDToken: Hashable, Sendable {
    package let claims: JSONObject

    /// What to call the person: the first of e-mail, user name, name and subject.
    package var person: String? { Self.person(claims) }

    package static func person(_ claims: JSONObject) -> String? {
        for name in ["email", "preferred_username", "name", "sub"] {
            if let text = claims[name]?.string, !text.isEmpty { return text }
        }
        return nil
    }

    package enum Check: Hashable, Sendable {
        case missing
        case valid(IDToken)
        /// Not to be used for anything; why, in words.
        case invalid(String)
        /// It answers another login than ours, so somebody has put it there, and all that came with
        /// it; why, in words.
        case foreign(String)
    }

    /// Checks the ID token of a token answer that came straight from the server over TLS, which
    /// stands for its signature. OpenID Connect Core §3.1.3.7.
    ///
    /// - Parameter nonce: `nil` where none was sent.
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
            .login, issuer: issuer, audience: clientID, authorizedParty: clientID, nonce: nonce)
        if let problem = expectation.nonceProblem(in: claims) { return .foreign(problem) }
        if let problem = expectation.problem(in: claims, at: now) { return .invalid(problem) }
        return .valid(IDToken(claims: claims))
    }
}

/// What the claims of a token must say to be for us, now. RFC 7519 §4.1, OpenID Connect Core
/// §3.1.3.7.
package struct ClaimsExpectation: Hashable, Sendable {
    /// `nil`: whoever issued it.
    package let issuer: ExpectedIssuer?
    /// `nil`: for whomever.
    package let audience: String?
    /// The client that the token was issued to, where it says so.
    package let authorizedParty: String?
    /// What ties the token to our request; `nil` where none was sent.
    package let nonce: String?
    package let purpose: Purpose

    /// What the token is for.
    package enum Purpose: Hashable, Sendable {
        /// To be shown again and again until it expires.
        case access
        /// To tell now who logs in, and until when that holds.
        case login
        /// To tell once who has logged in; it is good for minutes, and no less the server's after.
        case identity
    }

    package init(
        _ purpose: Purpose, issuer: ExpectedIssuer?, audience: String?,
        authorizedParty: String? = nil, nonce: String? = nil
    ) {
        self.purpose = purpose
        self.issuer = issuer
        self.audience = audience
        self.authorizedParty = authorizedParty
        self.nonce = nonce
    }

    /// How far this machine's clock and the server's may be apart, in seconds. Less would refuse a
    /// token issued a moment ago, more would take one for good that no server takes any more.
    private static let clockSkew: Seconds = 60

    /// What is wrong with the claims, in words; `nil`: nothing.
    package func problem(in claims: JSONObject, at now: UnixTime) -> String? {
        if let problem = nonceProblem(in: claims) ?? expiryProblem(in: claims, at: now) {
            return problem
        }
        if let start = claims["nbf"]?.integer.map(UnixTime.init), start > now + Self.clockSkew {
            return "it is not valid yet: 'nbf' is \((start - now).inWords) from now"
        }
        let stated = claims["iss"]?.string
        if let issuer, !issuer.isNamed(by: stated ?? "") {
            return "its issuer ('iss') is \(Self.quoted(stated)), not '\(issuer.name)'"
        }
        if let audience, !Self.audiences(claims).contains(audience) {
            let stated = Self.audiences(claims).joined(separator: " ")
            return "its audience ('aud') is \(Self.quoted(stated)), not '\(audience)'"
        }
        return authorizedParty.flatMap { problem(authorizedParty: $0, claims) }
    }

    /// Why the token answers another request than ours; `nil`: it does not.
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

    /// Of several audiences one must be named as the client.
    private func problem(authorizedParty: String, _ claims: JSONObject) -> String? {
        let stated = claims["azp"]?.string
        guard let stated else {
            return Self.audiences(claims).count > 1
                ? "it has several audiences but no authorized party ('azp')" : nil
        }
        return stated == authorizedParty ? nil : "it was issued to the client '\(stated)' ('azp')"
    }

    /// A text or a list of them, RFC 7519 §4.1.3.
    private static func audiences(_ claims: JSONObject) -> [String] {
        claims["aud"]?.array?.compactMap { $0.string } ?? claims["aud"]?.string.map { [$0] } ?? []
    }

    private static func quoted(_ text: String?) -> String {
        guard let text, !text.isEmpty else { return "missing" }
        return "'\(text)'"
    }
}
