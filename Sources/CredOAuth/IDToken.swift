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
    }

    /// Checks the ID token of a token answer that came straight from the server over TLS, which
    /// stands for its signature. OpenID Connect Core §3.1.3.7.
    ///
    /// - Parameter nonce: `nil` where none was sent.
    package static func check(
        _ response: TokenResponse, issuer: String?, clientID: String, nonce: String?, now: UnixTime
    ) -> Check {
        guard let text = response.members["id_token"]?.string, !text.isEmpty else {
            return .missing
        }
        guard let claims = JWTClaims.unverified(Secret(text)) else {
            return .invalid("it is not a JWT")
        }
        if let issuer, claims["iss"]?.string != issuer {
            return .invalid("its 'iss' is '\(claims["iss"]?.string ?? "missing")'")
        }
        let audiences = claims["aud"]?.array?.compactMap(\.string) ?? []
        guard claims["aud"]?.string == clientID || audiences.contains(clientID) else {
            return .invalid("its 'aud' is not '\(clientID)'")
        }
        if audiences.count > 1, claims["azp"]?.string != clientID {
            return .invalid("its 'azp' is not '\(clientID)'")
        }
        guard let expiresAt = claims["exp"]?.integer, UnixTime(expiresAt) > now else {
            return .invalid("it has expired, or does not say when it does")
        }
        guard nonce == nil || claims["nonce"]?.string == nonce else {
            return .invalid("its 'nonce' is not ours")
        }
        return .valid(IDToken(claims: claims))
    }
}
