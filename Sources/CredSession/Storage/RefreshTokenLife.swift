package import CredCore
import CredOAuth

/// How long a refresh token lasts, where the server says so as Keycloak does: `refresh_expires_in`.
package struct RefreshTokenLife: Hashable, Sendable {
    package let expiresAt: UnixTime
    /// The longest life that an answer of this session gave, in seconds. Each renewal may bring the
    /// full life again; near the end of the session it does not.
    let lifetime: Seconds

    /// A person has a day at most to find the time for a login.
    private static let longestNotice: Seconds = 86_400

    /// In the last quarter of its life, or the last day.
    func isNearlyOver(at now: UnixTime) -> Bool {
        expiresAt - now < min(lifetime / 4, Self.longestNotice)
    }
}

extension RefreshTokenLife {
    /// What an answer says, else what was known of the refresh token that stays good.
    /// - Parameter old: `nil` where the answer begins a session.
    init?(_ response: TokenResponse, receivedAt: UnixTime, continuing old: RefreshTokenLife?) {
        if let lifetime = response.refreshTokenLifetime {
            self.init(
                expiresAt: receivedAt + lifetime, lifetime: max(lifetime, old?.lifetime ?? 0))
        } else if response.refreshToken == nil, let old {
            self = old
        } else {
            return nil
        }
    }

    /// Reads our own record of the token that is in the file.
    init?(record: JSONObject) {
        guard let expiresAt = record["refresh_token_expires_at"]?.integer,
            let lifetime = record["refresh_token_lifetime"]?.integer
        else { return nil }
        self.init(expiresAt: UnixTime(expiresAt), lifetime: lifetime)
    }

    /// Reads what another tool has stored.
    init?(stated members: JSONObject) {
        guard let issuedAt = members["_iat"]?.integer,
            let lifetime = members["refresh_expires_in"]?.integer, lifetime > 0
        else { return nil }
        self.init(expiresAt: UnixTime(issuedAt) + lifetime, lifetime: lifetime)
    }

    /// For our own record.
    var members: JSONObject {
        [
            "refresh_token_expires_at": .integer(expiresAt.seconds),
            "refresh_token_lifetime": .integer(lifetime),
        ]
    }
}

extension TokenRecord {
    /// `nil` where there is no refresh token, or nobody knows its end.
    package var refreshTokenLife: RefreshTokenLife? {
        guard refreshToken != nil else { return nil }
        return record.map(RefreshTokenLife.init(record:)) ?? RefreshTokenLife(stated: members)
    }

    /// What a person should hear whose login is nearly over.
    func endOfLogin(_ choice: ProfileChoice, at now: UnixTime) -> String? {
        guard let life = refreshTokenLife, life.isNearlyOver(at: now) else { return nil }
        let end = life.expiresAt > now ? "ends in \((life.expiresAt - now).inWords)" : "has ended"
        let remedy = choice.loginCommand.map { "; try: \($0)" } ?? ""
        return "the login of profile '\(choice.profile.name)' \(end)\(remedy)"
    }
}
