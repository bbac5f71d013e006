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
