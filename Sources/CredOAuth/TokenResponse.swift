package import CredCore

/// A successful response of the token endpoint. RFC 6749 §5.1.
package struct TokenResponse: Hashable, Sendable {
    /// The members: the tokens as received, and all others without the secrets that were sent,
    /// because they are shown later.
    package private(set) var members: JSONObject
    /// The secrets to hide in texts of the server, such as the claims of its ID token.
    package let sent: SentSecrets
    /// The scope exactly as received; not to be shown.
    package let grantedScope: String?
    package let authorization: Authorization
    /// The lifetime of the access token in seconds, at most `longestLifetime`; `nil` if the server
    /// gave none.
    package let lifetime: Seconds?

    /// What was wrong with the answer, in words; `nil` for a JSON object.
    let oddity: String?

    /// The maximum lifetime, ten years in seconds; a larger value is taken to be a mistake.
    package static let longestLifetime: Seconds = 315_360_000

    /// Reads a response; fails with kind `.unavailable` if it contains no usable token.
    /// - Parameters:
    ///   - sent: the secrets of the request.
    ///   - oddity: what was wrong with the answer, in words.
    init(_ members: JSONObject, sent: SentSecrets, oddity: String? = nil) throws(Failure) {
        let tokens = Self.tokenNames.compactMap { members[$0]?.string.map { Secret($0) } }
        let secrets = sent.adding(tokens)
        guard let type = members["token_type"]?.string, type.lowercased() == "bearer" else {
            let type =
                members["token_type"]?.string.map { secrets.words($0, .name) } ?? "missing"
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
        self.sent = secrets
        self.members = secrets.hidden(in: members, except: Self.tokenNames)
        grantedScope = members["scope"]?.string
        self.authorization = authorization
        self.oddity = oddity
        lifetime = members["expires_in"]?.lifetime
        guard lifetime.map({ $0 > 0 }) ?? true else {
            throw Failure(
                .unavailable, "cannot use the server's token",
                because: "the server's token has already expired ('expires_in' is \(lifetime ?? 0))"
            )
        }
    }

    /// The members that must stay as they are, whatever they contain.
    private static let tokenNames = ["access_token", "refresh_token", "id_token"]

    package var refreshToken: Secret? {
        members["refresh_token"]?.string.flatMap { $0.isEmpty ? nil : Secret($0) }
    }

    /// The lifetime of the refresh token in seconds, a Keycloak extension; `nil` if the server gave
    /// none, or 0, which in Keycloak means that it does not expire.
    package var refreshTokenLifetime: Seconds? {
        members["refresh_expires_in"]?.lifetime.flatMap { $0 > 0 ? $0 : nil }
    }

    /// The same response without a refresh token, for a client that acts for itself and requests a
    /// new token instead. RFC 6749 §4.4.3.
    package var withoutRefreshToken: TokenResponse {
        var response = self
        response.members["refresh_token"] = nil
        response.members["refresh_expires_in"] = nil
        return response
    }

    /// The same response without its ID token, which must not be used.
    package var withoutIDToken: TokenResponse {
        var response = self
        response.members["id_token"] = nil
        return response
    }
}

extension JSONValue {
    /// The value as seconds, at most ten years; some servers send it as a string.
    var lifetime: Seconds? {
        // The error is ignored: a string that is not a number is no lifetime.
        let number = string.flatMap { try? JSONValue(parsing: Array($0.utf8)) } ?? self
        return number.integer.map { min($0, TokenResponse.longestLifetime) }
    }
}
