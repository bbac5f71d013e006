package import CredCore
import CredOAuth

/// The content of a `token.json`: the server's answer as Planet's Python tools store it, and one
/// object of ours, `planet_cred`, which they keep untouched.
///
/// | member | what |
/// |---|---|
/// | `access_token`, `refresh_token`, ... | the answer of the token endpoint |
/// | `_iat`, `_exp` | receipt and expiry for the Python tools, in seconds since 1970 |
/// | `planet_cred.received_at`, `.lifetime` | receipt and life as we measured them, in seconds |
/// | `planet_cred.issued_for` | what the token was issued for, see `TokenBinding` |
/// | `planet_cred.token_ends` | the end of the token that the object speaks of |
/// | `planet_cred.rejected` | the server did not take that token |
/// | `planet_cred.refresh_token_expires_at`, `.refresh_token_lifetime` | see `RefreshTokenLife` |
package struct TokenRecord: Sendable {
    /// `nil`: there is no access token in it, or one that was issued for something else.
    package let token: Token?
    /// `nil` where there is none for what the profile says now: it must not be sent elsewhere.
    package let refreshToken: Secret?
    package let members: JSONObject
    package let path: String
    /// The object `planet_cred`, where it speaks of the token that is there.
    let record: JSONObject?
    /// As it was read; what we write is for its owner alone.
    var isReadableByOthers = false

    /// Reads the members of a file that was last written at `modifiedAt`.
    init(_ members: JSONObject, modifiedAt: UnixTime, binding: TokenBinding, path: String) {
        self.members = members
        self.path = path
        let authorization = members["access_token"]?.string.flatMap {
            Authorization(scheme: "Bearer", credential: $0)
        }
        // Another tool may have put a new token beside our old record.
        let record = members["planet_cred"]?.object.flatMap { record in
            record["token_ends"]?.string == authorization.map(Self.end) ? record : nil
        }
        self.record = record
        guard record?["issued_for"]?.string.map({ $0 == binding.text }) ?? true else {
            (token, refreshToken) = (nil, nil)
            return
        }
        refreshToken = Self.secret("refresh_token", members)
        token = authorization.map { authorization in
            Token(
                authorization: authorization,
                validity: Self.measured(record)
                    ?? Self.stated(members, authorization.credential, modifiedAt: modifiedAt),
                isRejected: record?["rejected"]?.bool ?? false)
        }
    }

    /// The token of this name, if there is one.
    static func secret(_ name: String, _ members: JSONObject) -> Secret? {
        members[name]?.string.flatMap { $0.isEmpty ? nil : Secret($0) }
    }

    /// Whether this file, kept elsewhere because the home folder could not be written, tells more
    /// than the one at home: a newer token, or that a server refused the same one.
    func supersedes(_ home: TokenRecord) -> Bool {
        guard let token else { return false }
        if token.authorization == home.token?.authorization { return token.isRejected }
        // The newer of two tokens is the one that ends later; of two from the same second it is
        // the one elsewhere, for a save at home clears the other places away.
        guard let end = token.expiresAt, let other = home.token else { return home.token == nil }
        return other.expiresAt.map { $0 <= end } ?? false
    }

    /// Tells one token from the next. It stands beside the token itself, so it need not hide it.
    static func end(of authorization: Authorization) -> String {
        String(authorization.credential.reveal().suffix(12))
    }

    /// Our own measure is right even where this machine's clock is wrong.
    private static func measured(_ record: JSONObject?) -> Token.Validity? {
        guard let receivedAt = record?["received_at"]?.integer,
            let lifetime = record?["lifetime"]?.integer
        else { return nil }
        return .between(start: UnixTime(receivedAt), end: UnixTime(receivedAt) + lifetime)
    }

    /// What a file of the Python tools says, read as they read it: the claims of a JWT, then
    /// `_iat` and `_exp`, then `expires_in`; nothing of it means no expiry. They take the current
    /// time where the issue time is missing; the file's own time is nearer to the truth.
    private static func stated(
        _ members: JSONObject, _ token: Secret, modifiedAt: UnixTime
    ) -> Token.Validity {
        let claims = JWTClaims.unverified(token)
        let issuedAt = claims?["iat"]?.integer ?? members["_iat"]?.integer ?? modifiedAt.seconds
        if let expiresAt = claims?["exp"]?.integer ?? members["_exp"]?.integer {
            return .between(
                start: UnixTime(issuedAt), end: min(UnixTime(expiresAt), .lastOfCalendar))
        }
        guard let lifetime = members["expires_in"]?.integer, lifetime > 0 else { return .unlimited }
        return .between(start: UnixTime(issuedAt), end: UnixTime(issuedAt) + lifetime)
    }
}

extension TokenRecord {
    /// The file after a grant: the new answer, and what other tools keep in the old file.
    /// - Parameter kept: the refresh token that was answered, which stays good if the answer brings
    ///   no other; `nil` for a new session.
    init(
        _ response: TokenResponse, lifetime: Seconds, receivedAt: UnixTime, binding: TokenBinding,
        replacing old: TokenRecord?, keeping kept: Secret?, path: String
    ) {
        let expiresAt = receivedAt + lifetime
        var members = old?.members ?? JSONObject()
        for name in Self.answerMembers { members[name] = nil }
        if let kept {
            // What stays as it was is not sent again. RFC 6749 §6 and §5.1.
            members["refresh_token"] = .string(kept.reveal())
            members["scope"] = old?.members["scope"]
        }
        for member in response.members.members { members[member.name] = member.value }
        // For the Python tools, which believe the claims of a JWT before anything else.
        let claims = JWTClaims.unverified(response.authorization.credential)
        members["_iat"] = .integer(claims?["iat"]?.integer ?? receivedAt.seconds)
        members["_exp"] = .integer(claims?["exp"]?.integer ?? expiresAt.seconds)
        var record: JSONObject = [
            "issued_for": .string(binding.text),
            "lifetime": .integer(lifetime),
            "received_at": .integer(receivedAt.seconds),
            "token_ends": .string(Self.end(of: response.authorization)),
        ]
        let life = RefreshTokenLife(
            response, receivedAt: receivedAt,
            continuing: kept.flatMap { _ in old?.refreshTokenLife })
        for member in life?.members.members ?? [] { record[member.name] = member.value }
        members["planet_cred"] = .object(record.sorted)
        self.record = record
        self.members = members.sorted
        self.path = path
        refreshToken = Self.secret("refresh_token", members)
        token = Token(
            authorization: response.authorization,
            validity: .between(start: receivedAt, end: expiresAt))
    }

    /// The file once the server has said that it does not take the access token in it.
    init(rejecting old: TokenRecord, _ token: Token) {
        var record = old.members["planet_cred"]?.object ?? JSONObject()
        let end = Self.end(of: token.authorization)
        if record["token_ends"]?.string != end { record = JSONObject() }
        record["token_ends"] = .string(end)
        record["rejected"] = .bool(true)
        var members = old.members
        members["planet_cred"] = .object(record.sorted)
        self.members = members.sorted
        self.record = record
        path = old.path
        refreshToken = old.refreshToken
        self.token = Token(
            authorization: token.authorization, validity: token.validity, isRejected: true)
    }

    /// The file with the refresh token of an answer that brought no access token for us to use.
    init(_ old: TokenRecord, continuedBy refreshToken: Secret) {
        var (members, record) = (old.members, old.record)
        members["refresh_token"] = .string(refreshToken.reveal())
        // That answer says nothing of how long this one lasts.
        members["refresh_expires_in"] = nil
        record?["refresh_token_expires_at"] = nil
        record?["refresh_token_lifetime"] = nil
        if let record { members["planet_cred"] = .object(record) }
        self.members = members
        self.record = record
        self.refreshToken = refreshToken
        path = old.path
        token = old.token
    }

    /// The file without a refresh token that the server has refused for good.
    init(withoutRefreshToken old: TokenRecord) {
        var members = old.members
        members["refresh_token"] = nil
        members["refresh_expires_in"] = nil
        self.members = members
        path = old.path
        token = old.token
        (refreshToken, record) = (nil, old.record)
    }

    var bytes: [UInt8] { Array(JSONValue.object(members).text(.indented).utf8) }

    /// A token or a key is in the file, of whatever kind.
    var holdsCredential: Bool {
        ["access_token", "refresh_token", "id_token", "api_key", "key", "jwt"]
            .contains { members[$0] != nil }
    }

    /// The file without any credential in it and what belongs to one; `nil` where nothing remains.
    var bytesOfOthers: [UInt8]? {
        var rest = members
        for name in Self.credentialMembers { rest[name] = nil }
        guard !rest.members.isEmpty else { return nil }
        return Array(JSONValue.object(rest).text(.indented).utf8)
    }

    /// Whether the server that the profile names now may be told what is in the file.
    func mayBeShown(to binding: TokenBinding) -> Bool {
        guard let record = members["planet_cred"]?.object,
            let issuedFor = record["issued_for"]?.string
        else { return true }
        // Another tool may have put a new token beside our old record.
        if let text = members["access_token"]?.string,
            let authorization = Authorization(scheme: "Bearer", credential: text),
            record["token_ends"]?.string != Self.end(of: authorization)
        {
            return true
        }
        return binding.isSameParty(as: issuedFor)
    }

    /// The answers of token endpoints, those of Keycloak too, the times that the Python tools add,
    /// and the keys of profiles without OAuth.
    private static let credentialMembers =
        answerMembers + [
            "session_state", "not-before-policy", "_iat", "_exp", "planet_cred", "api_key",
            "bearer_token_prefix", "key", "jwt",
        ]

    /// Members of an answer that a later answer without them must not inherit.
    private static let answerMembers = [
        "access_token", "refresh_token", "id_token", "token_type", "expires_in", "scope",
        "refresh_expires_in",
    ]
}

extension OAuthClient {
    /// How long a new token lives: what the server says, else what its JWT says, else what the
    /// profile or the service says.
    func lifetime(of response: TokenResponse) -> Seconds {
        if let lifetime = response.lifetime { return lifetime }
        let claims = JWTClaims.unverified(response.authorization.credential)
        if let issuedAt = claims?["iat"]?.integer, let expiresAt = claims?["exp"]?.integer {
            return max(UnixTime(expiresAt) - UnixTime(issuedAt), 0)
        }
        // Nothing known: the token is used once.
        return defaultLifetime ?? KnownService.behind(server.identifier)?.usualLifetime ?? 0
    }
}
