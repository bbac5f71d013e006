package import CredCore
package import CredSession

extension Logout.Outcome {
    /// What happened for the profile, in one clause.
    package func sentence(_ profile: ProfileName, now: UnixTime) -> String {
        switch self {
        case .nobodyLoggedIn: "nobody is logged in with profile '\(profile)'"
        case .revoked: "logged out of profile '\(profile)': the server has revoked its tokens"
        case .expired: "logged out of profile '\(profile)': its token had expired already"
        case .accessTokenLives(let end, let reason):
            "logged out of profile '\(profile)': the refresh token is revoked; the access token lives \(Self.until(end, now)), for the server does not revoke it: \(reason)"
        case .forgotten(let end, let reason):
            "forgot the token of profile '\(profile)'; the server was not told and takes it \(Self.until(end, now)): \(reason)"
        case .keyForgotten:
            "forgot the API key of profile '\(profile)'; the service still takes it"
        }
    }

    private static func until(_ end: UnixTime?, _ now: UnixTime) -> String {
        end.map { "until \($0.rfc3339) (\($0.relative(to: now)))" } ?? "until it expires"
    }
}
