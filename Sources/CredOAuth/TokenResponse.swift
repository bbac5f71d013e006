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

    /// How far the server's clock is ahead of ours, in seconds; `nil` if it agrees or is not known.
    package internal(set) var clockDifference: Seconds?

    /// What was wrong with the answer, in words; `nil` for a JSON object.
    package let oddity: String?

    /// The maximum lifetime, ten years in seconds; a larger value is taken to be a mistake.
    package static let longestLifetime: Seconds = 315_360_000

    /// Reads a response; fails with kind `.unavailable` if it contains no usable token.
    /// - Parameters:
    ///   - sent: the secrets of the request.
    ///   - stated: the type of the tokens according to the profile, whatever the answer says.
    ///   - oddity: what was wrong with the answer, in words.
    init(
        _ answer: JSONObject, sent: SentSecrets, typedAs stated: StatedTokenType?,
        oddity: String? = nil
    ) throws(Failure) {
        var members = answer.keepingText(of: Self.tokenNames)
        for name in Self.otherNames where !members.has(name) { members[name] = nil }
        let tokens = Self.tokenNames.compactMap { members.text($0).map { Secret($0) } }
        let secrets = sent.adding(tokens)
        guard let token = members.text("access_token") else {
            throw Self.unusable(Self.withoutToken(answer, secrets))
        }
        switch stated {
        case nil: try Self.checkType(members, secrets)
        // For other tools that read it.
        case .bearer:
            if members.text("token_type") == nil { members["token_type"] = .string("Bearer") }
        }
        guard let authorization = Authorization(scheme: "Bearer", credential: token) else {
            throw Self.unusable(
                "'access_token' in the server's answer contains a character that is not allowed in an HTTP header"
            )
        }
        self.sent = secrets
        self.members = secrets.hidden(
            in: members, except: Self.tokenNames)
        grantedScope = members.text("scope")
        self.authorization = authorization
        self.oddity = oddity
        lifetime = members["expires_in"]?.lifetime
        guard lifetime.map({ $0 > 0 }) ?? true else {
            throw Self.unusable(
                "the server's token has already expired ('expires_in' is \(lifetime ?? 0))")
        }
    }

    /// Checks that the token is a bearer token. RFC 6749 §7.1.
    private static func checkType(_ members: JSONObject, _ sent: SentSecrets) throws(Failure) {
        let type = members.text("token_type")
        if type?.lowercased() == "bearer" { return }
        let problem =
            type.map { "is '\(sent.words($0, .name))', not 'Bearer'" }
            ?? (members.has("token_type") ? "is not a string" : "is missing")
        throw unusable(
            "'token_type' in the server's answer \(problem); if it is a bearer token all the same, the profile can say so: \"planet_cred\": { \"token_type\": \"Bearer\" }"
        )
    }

    /// What is wrong with an answer that has no token: the server's own words, if it has any.
    private static func withoutToken(_ answer: JSONObject, _ sent: SentSecrets) -> String {
        let problem = "'access_token' in the server's answer is missing or empty"
        guard let words = ErrorExplanation.text(in: answer) else { return problem }
        return "the server answered without a token: \(sent.words(words, .sentence))"
    }

    private static func unusable(_ problem: String) -> Failure {
        Failure(.unavailable, "cannot use the server's token", because: problem)
    }

    /// The members that must stay as they are, whatever they contain.
    private static let tokenNames = ["access_token", "refresh_token", "id_token"]
    /// The other members that are left out if they have no value.
    private static let otherNames = ["token_type", "expires_in", "scope", "refresh_expires_in"]

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
