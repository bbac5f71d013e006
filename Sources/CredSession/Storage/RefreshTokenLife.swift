package import CredCore
import CredOAuth

/// When a refresh token expires, if the server says so as Keycloak does: `refresh_expires_in`.
package struct RefreshTokenLife: Hashable, Sendable {
    package let expiresAt: UnixTime
    /// The longest lifetime that any answer of this session gave, in seconds. Every renewal may
    /// start the full lifetime again, except near the end of the session.
    let lifetime: Seconds

    /// How early a user is warned at most, in seconds: a day is enough to find time for a login.
    private static let longestNotice: Seconds = 86_400

    /// Whether it is in the last quarter of its lifetime and in its last day.
    func isNearlyOver(at now: UnixTime) -> Bool {
        expiresAt - now < min(lifetime / 4, Self.longestNotice)
    }
}

extension RefreshTokenLife {
    /// What an answer says, else what is known of the refresh token that stays valid.
    /// - Parameter old: `nil` if the answer begins a session.
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

    /// Reads the `planet_cred` object of a token file.
    init?(record: JSONObject) {
        guard let expiresAt = record["refresh_token_expires_at"]?.integer,
            let lifetime = record["refresh_token_lifetime"]?.integer
        else { return nil }
        self.init(expiresAt: UnixTime(expiresAt), lifetime: lifetime)
    }

    /// Reads what another tool has stored in a token file.
    init?(stated members: JSONObject) {
        guard let issuedAt = members["_iat"]?.integer,
            let lifetime = members["refresh_expires_in"]?.integer, lifetime > 0
        else { return nil }
        self.init(expiresAt: UnixTime(issuedAt) + lifetime, lifetime: lifetime)
    }

    /// The members to write into the `planet_cred` object.
    var members: JSONObject {
        [
            "refresh_token_expires_at": .integer(expiresAt.seconds),
            "refresh_token_lifetime": .integer(lifetime),
        ]
    }
}
