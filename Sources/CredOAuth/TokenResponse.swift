package import CredCore

/// A successful answer of the token endpoint. RFC 6749 §5.1.
package struct TokenResponse: Hashable, Sendable {
    /// The answer as received.
    package private(set) var members: JSONObject
    package let authorization: Authorization
    /// In seconds; `nil` where the server did not say. Never more than `longestLifetime`.
    package let lifetime: Seconds?

    /// Longer is a mistake: ten years.
    package static let longestLifetime: Seconds = 315_360_000

    /// Fails with kind `.unavailable` for an answer that holds no token that we could use.
    init(_ members: JSONObject) throws(Failure) {
        guard let type = members["token_type"]?.string, type.lowercased() == "bearer" else {
            let type = members["token_type"]?.string ?? "missing"
            throw Failure(
                .unavailable, "cannot use the server's token",
                because: "'token_type' in the server's answer is '\(type)', not 'Bearer'")
        }
        guard let token = members["access_token"]?.string,
            let authorization = Authorization(scheme: "Bearer", credential: token)
        else {
            throw Failure(
                .unavailable, "cannot use the server's token",
                because:
                    "'access_token' in the server's answer is missing, is empty or contains a character that is not allowed in an HTTP header"
            )
        }
        self.members = members
        self.authorization = authorization
        lifetime = members["expires_in"]?.lifetime
        guard lifetime.map({ $0 > 0 }) ?? true else {
            throw Failure(
                .unavailable, "cannot use the server's token",
                because: "the server's token has already expired ('expires_in' is \(lifetime ?? 0))"
            )
        }
    }

    package var refreshToken: Secret? {
        members["refresh_token"]?.string.flatMap { $0.isEmpty ? nil : Secret($0) }
    }

    /// How long the refresh token lasts, in seconds, as Keycloak says it; `nil` where the server did
    /// not say, or said 0, by which Keycloak means for ever.
    package var refreshTokenLifetime: Seconds? {
        members["refresh_expires_in"]?.lifetime.flatMap { $0 > 0 ? $0 : nil }
    }

    /// The same answer to a client that acts for itself: it asks anew instead of refreshing.
    /// RFC 6749 §4.4.3.
    package var withoutRefreshToken: TokenResponse {
        var response = self
        response.members["refresh_token"] = nil
        response.members["refresh_expires_in"] = nil
        return response
    }

    /// The same answer with an ID token that is not to be used.
    package var withoutIDToken: TokenResponse {
        var response = self
        response.members["id_token"] = nil
        return response
    }
}

extension JSONValue {
    /// A number of seconds in any notation, at most ten years; some servers write it as a string.
    var lifetime: Seconds? {
        // A text that is no number is no time.
        let number = string.flatMap { try? JSONValue(parsing: Array($0.utf8)) } ?? self
        return number.integer.map { min($0, TokenResponse.longestLifetime) }
    }
}
