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
                because: "the 'token_type' of the server's answer is '\(type)', not 'Bearer'")
        }
        guard let token = members["access_token"]?.string,
            let authorization = Authorization(scheme: "Bearer", credential: token)
        else {
            throw Failure(
                .unavailable, "cannot use the server's token",
                because:
                    "'access_token' of the server's answer is missing, empty or holds a character no header may hold"
            )
        }
        self.members = members
        self.authorization = authorization
        lifetime = members["expires_in"]?.lifetime
        guard lifetime.map({ $0 > 0 }) ?? true else {
            throw Failure(
                .unavailable, "cannot use the server's token",
                because: "the server's token has expired already ('expires_in' is \(lifetime ?? 0))"
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

/// An error answer of an authorization server. RFC 6749 §5.2.
package struct OAuthRejection: Hashable, Sendable {
    package let status: Int
    /// `invalid_client`; `nil` where the server gave no code. To decide by, as the server sent it:
    /// `reason` is what to show.
    package let code: String?
    package let explanation: String?
    private let shownCode: String?

    package init(status: Int, code: String?, explanation: String?) {
        self.init(status: status, code: code, shownAs: code, explanation: explanation)
    }

    private init(status: Int, code: String?, shownAs shownCode: String?, explanation: String?) {
        self.status = status
        self.code = code
        self.shownCode = shownCode
        self.explanation = explanation
    }

    /// What trouble the server is in, which may be over later; `nil`: it means its no. RFC 6749
    /// §4.1.2.1 has these codes for replies through a browser; other endpoints use them as well.
    ///
    /// Without the explanation, which may repeat what the server was sent.
    package var trouble: String? {
        guard let code, ["server_error", "temporarily_unavailable"].contains(code) else {
            return nil
        }
        return "the server answered '\(code)'"
    }

    /// The same, should the server have repeated secrets that it was sent.
    func hiding(_ secrets: [Secret]) -> OAuthRejection {
        OAuthRejection(
            status: status, code: code, shownAs: shownCode?.hiding(secrets),
            explanation: explanation?.hiding(secrets))
    }

    /// The server's words in one clause.
    package var reason: String {
        let answer = shownCode.map { "'\($0)'" } ?? "HTTP status \(status)"
        return explanation.map { "the server answered \(answer): \($0)" }
            ?? "the server answered \(answer)"
    }
}
