package import CredCore
import CredOAuth

/// The content of a `token.json`: the server's answer as Planet's Python tools store it, and one
/// object of ours, `planet_cred`, which they keep untouched.
///
/// | member | what |
/// |---|---|
/// | `access_token`, `refresh_token`, ... | the answer of the token endpoint |
/// | `_iat`, `_exp` | issue time and expiry for the Python tools, in seconds since 1970 |
/// | `planet_cred.received_at`, `.lifetime` | receipt time and lifetime as we measured them, in seconds; no lifetime if nobody stated one |
/// | `planet_cred.issued_for`, `.endpoints` | what the token was issued for, see `TokenBinding` |
/// | `planet_cred.token_ends` | the last characters of the token that the object describes |
/// | `planet_cred.clock_difference` | how far the server's clock was ahead of ours, in seconds, if they differed |
/// | `planet_cred.rejected` | a server rejected that token |
/// | `planet_cred.refresh_token_expires_at`, `.refresh_token_lifetime` | see `RefreshTokenLife` |
package struct TokenRecord: Sendable {
    /// `nil` if there is no access token, or one that was issued for something else.
    package let token: Token?
    /// `nil` if there is none that was issued for what the profile says now: it must not be sent to
    /// another server.
    package let refreshToken: Secret?
    package let members: JSONObject
    package let path: String
    /// The object `planet_cred`, if it describes the token that is there.
    let record: JSONObject?
    /// Why the tokens must not be sent to the server that the profile names now, in words; `nil` if
    /// they may.
    package let foreign: String?
    /// The access token of a file that is foreign by its issuer alone; it may be looked at.
    let foreignToken: Token?
    /// Whether the file, as it was read, is readable by other users.
    var isReadableByOthers = false
    /// Whether the file is not JSON, and this is one of the tokens that were found in it.
    var isBroken = false

    /// Reads the members of a file that was last written at `modifiedAt`.
    /// - Parameter owner: the profile to which the file belongs; asked for if the file itself does
    ///   not say for which endpoints its tokens were issued.
    init(
        _ members: JSONObject, modifiedAt: UnixTime, binding: TokenBinding, path: String,
        owner: () -> TokenOwner = { .profile }
    ) {
        self.members = members
        self.path = path
        let authorization = members["access_token"]?.string.flatMap {
            Authorization(scheme: "Bearer", credential: $0)
        }
        // Another tool may have written a new token and kept our old object.
        let record = members["planet_cred"]?.object.flatMap { record in
            record["token_ends"]?.string == authorization.map(Self.end) ? record : nil
        }
        self.record = record
        // Without an access token our object describes what is there.
        let stated = authorization == nil ? members["planet_cred"]?.object : record
        foreign = Self.problem(stated, members, binding, owner)
        guard stated?["issued_for"]?.string.map({ $0 == binding.text }) ?? true else {
            (token, foreignToken, refreshToken) = (nil, nil, nil)
            return
        }
        let token = authorization.map { authorization in
            Token(
                authorization: authorization,
                validity: Self.measured(record)
                    ?? Self.stated(members, authorization.credential, modifiedAt: modifiedAt),
                isRejected: record?["rejected"]?.bool ?? false)
        }
        (self.token, foreignToken) = foreign == nil ? (token, nil) : (nil, token)
        refreshToken = foreign == nil ? Self.secret("refresh_token", members) : nil
    }

    /// Why the tokens are not used, for messages; `nil` if they are.
    var reasonNotUsed: String? {
        foreign.map { "the login in '\(path)' is not used: \($0)" }
    }

    /// How far the clock of the server that issued the token was ahead of ours, in seconds; `nil`
    /// if they agreed.
    var clockDifference: Seconds? { record?["clock_difference"]?.integer }

    /// The tokens in the file, which no word of a server may show.
    var secrets: SentSecrets {
        SentSecrets(
            ["access_token", "refresh_token", "id_token", "api_key", "key", "jwt"]
                .compactMap { Self.secret($0, members) })
    }

    /// The token with this name, if there is one.
    static func secret(_ name: String, _ members: JSONObject) -> Secret? {
        members[name]?.string.flatMap { $0.isEmpty ? nil : Secret($0) }
    }

    /// Whether this file, written elsewhere because the home directory was not writable, is newer
    /// than the one at home: it has a newer token, or says that a server rejected the same one.
    func supersedes(_ home: TokenRecord) -> Bool {
        guard let token else { return false }
        if token.authorization == home.token?.authorization { return token.isRejected }
        // The newer of two tokens is the one that expires later. Of two from the same second it is
        // the one elsewhere, because a save at home removes the files in other places.
        guard let end = token.expiresAt, let other = home.token else { return home.token == nil }
        return other.expiresAt.map { $0 <= end } ?? false
    }

    /// The last characters of a token, which identify it. They are stored beside the token itself,
    /// so they need not hide it.
    static func end(of authorization: Authorization) -> String {
        String(Substring(authorization.credential.reveal().utf8.suffix(12)))
    }

    /// The validity as we measured it, which is right even if the clock of this machine is wrong.
    private static func measured(_ record: JSONObject?) -> Token.Validity? {
        guard let receivedAt = record?["received_at"]?.integer else { return nil }
        guard let lifetime = record?["lifetime"]?.integer else {
            return .unstated(since: UnixTime(receivedAt))
        }
        return .between(start: UnixTime(receivedAt), end: UnixTime(receivedAt) + lifetime)
    }

    /// The validity that a file of the Python tools states, read as they read it: the claims of a
    /// JWT, then `_iat` and `_exp`, then `expires_in`; none of these means no expiry. If the issue
    /// time is missing they assume the current time; the file's modification time is closer.
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
    /// The record after a grant: the new answer, together with the members of other tools in the
    /// old file.
    /// - Parameter kept: the refresh token that was used, which stays valid if the answer has no
    ///   other one; `nil` for a new session.
    init(
        _ response: TokenResponse, lifetime: Seconds?, receivedAt: UnixTime, binding: TokenBinding,
        replacing old: TokenRecord?, keeping kept: Secret?, path: String
    ) {
        let expiresAt = receivedAt + (lifetime ?? Token.longestUnstatedLife)
        var members = old?.members ?? JSONObject()
        for name in Self.answerMembers { members[name] = nil }
        if let kept {
            // A server need not repeat what has not changed. RFC 6749 §6 and §5.1.
            members["refresh_token"] = .string(kept.reveal())
            members["scope"] = old?.members["scope"]
        }
        members = members.setting(response.members)
        // For the Python tools, which trust the claims of a JWT before anything else.
        let claims = JWTClaims.unverified(response.authorization.credential)
        members["_iat"] = .integer(claims?["iat"]?.integer ?? receivedAt.seconds)
        members["_exp"] = .integer(claims?["exp"]?.integer ?? expiresAt.seconds)
        var record: JSONObject = [
            "endpoints": .object(binding.endpoints),
            "issued_for": .string(binding.text),
            "received_at": .integer(receivedAt.seconds),
            "token_ends": .string(Self.end(of: response.authorization)),
        ]
        let life = RefreshTokenLife(
            response, receivedAt: receivedAt,
            continuing: kept.flatMap { _ in old?.refreshTokenLife })
        if let life { record = record.setting(life.members) }
        record["lifetime"] = lifetime.map(JSONValue.integer)
        record["clock_difference"] = response.clockDifference.map(JSONValue.integer)
        members["planet_cred"] = .object(record.sorted)
        self.record = record
        self.members = members.sorted
        self.path = path
        (foreign, foreignToken) = (nil, nil)
        refreshToken = Self.secret("refresh_token", members)
        token = Token(
            authorization: response.authorization,
            validity: lifetime == nil
                ? .unstated(since: receivedAt) : .between(start: receivedAt, end: expiresAt))
    }

    /// The record after a server has rejected its access token.
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
        (foreign, foreignToken) = (old.foreign, old.foreignToken)
        refreshToken = old.refreshToken
        self.token = Token(
            authorization: token.authorization, validity: token.validity, isRejected: true)
    }

    /// The record with the refresh token of an answer whose access token is unusable.
    init(_ old: TokenRecord, continuedBy refreshToken: Secret) {
        var (members, record) = (old.members, old.record)
        members["refresh_token"] = .string(refreshToken.reveal())
        // The expiry of the new refresh token is not known.
        members["refresh_expires_in"] = nil
        record?["refresh_token_expires_at"] = nil
        record?["refresh_token_lifetime"] = nil
        if let record { members["planet_cred"] = .object(record) }
        self.members = members
        self.record = record
        self.refreshToken = refreshToken
        path = old.path
        (foreign, foreignToken) = (old.foreign, old.foreignToken)
        token = old.token
    }

    /// The record without a refresh token that the server will never accept again.
    init(withoutRefreshToken old: TokenRecord) {
        var members = old.members
        members["refresh_token"] = nil
        members["refresh_expires_in"] = nil
        self.members = members
        path = old.path
        (foreign, foreignToken) = (old.foreign, old.foreignToken)
        token = old.token
        (refreshToken, record) = (nil, old.record)
    }

    /// Whether the file holds a token or a key of any kind.
    var holdsCredential: Bool {
        Self.credentialNames.contains { members[$0] != nil }
    }

    static let credentialNames = [
        "access_token", "refresh_token", "id_token", "api_key", "key", "jwt",
    ]

    /// The members of an answer that a later answer without them must not inherit.
    static let answerMembers = [
        "access_token", "refresh_token", "id_token", "token_type", "expires_in", "scope",
        "refresh_expires_in",
    ]
}

extension OAuthClient {
    /// The lifetime of a token that was received at this time, in seconds: what the server says,
    /// else what its JWT says, else the default of the profile or the service; `nil` if nobody
    /// says.
    func lifetime(of response: TokenResponse, receivedAt: UnixTime) -> Seconds? {
        if let lifetime = response.lifetime { return lifetime }
        let claims = JWTClaims.unverified(response.authorization.credential)
        let end = claims?["exp"]?.integer.map(UnixTime.init)
        if let issuedAt = claims?["iat"]?.integer, let end {
            return max(end - UnixTime(issuedAt), 0)
        }
        let now = receivedAt + (response.clockDifference ?? 0)
        if let end, end > now { return end - now }
        // A damaged answer may have lost its lifetime: its token is used once.
        if response.oddity != nil { return defaultLifetime ?? 0 }
        return defaultLifetime ?? KnownService.behind(server.identifier)?.defaultLifetime
    }
}

extension TokenRecord {
    /// `nil` if there is no refresh token, or its expiry is unknown.
    package var refreshTokenLife: RefreshTokenLife? {
        guard refreshToken != nil else { return nil }
        return record.map(RefreshTokenLife.init(record:)) ?? RefreshTokenLife(stated: members)
    }

    /// The warning for a user whose login ends soon; `nil` if it does not.
    func endOfLogin(_ choice: ProfileChoice, at now: UnixTime) -> String? {
        guard let life = refreshTokenLife, life.isNearlyOver(at: now) else { return nil }
        let end =
            life.expiresAt > now ? "expires in \((life.expiresAt - now).inWords)" : "has expired"
        let remedy = choice.loginCommand.map { "; try: \($0)" } ?? ""
        return "the login of profile '\(choice.profile.name)' \(end)\(remedy)"
    }
}
