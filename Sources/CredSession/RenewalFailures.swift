import CredCore

extension Failure {
    /// The server refused the client: something in its configuration is wrong, unless it speaks of
    /// the grant, which is a matter of logging in.
    static func rejected(_ reason: String, _ code: String?, _ choice: ProfileChoice) -> Failure {
        Failure(
            code == "invalid_grant" ? .loginRequired : .profile,
            "cannot get a token for profile '\(choice.profile.name)'", because: reason,
            remedy: choice.correction)
    }

    static func unavailable(_ choice: ProfileChoice, _ reason: String) -> Failure {
        Failure(
            .unavailable, "cannot get a token for profile '\(choice.profile.name)'", because: reason
        )
    }

    static func backingOff(_ choice: ProfileChoice, _ backoff: Backoff, _ now: UnixTime) -> Failure
    {
        let wait = max(backoff.until - now, 1)
        return Failure(
            .tryAgain, "cannot get a token for profile '\(choice.profile.name)'",
            because:
                "\(backoff.reason); nobody asks again before \(backoff.until.rfc3339) (in \(wait.inWords))",
            remedy: "sleep \(wait); planet-cred token --profile \(choice.profile.name)")
    }

    static func tooShort(_ choice: ProfileChoice, life: Seconds, minimumLife: Seconds) -> Failure {
        Failure(
            .unavailable, "no token of profile '\(choice.profile.name)' lives \(minimumLife) s",
            because: "the server issues them for \(life) s",
            remedy:
                "planet-cred token --min-ttl \(max(life / 2, 0)) --profile \(choice.profile.name)")
    }
}

extension ProfileChoice {
    /// What to type to mend the configuration.
    fileprivate var correction: String? {
        switch source {
        case .environmentClient: "export PL_AUTH_CLIENT_ID=... PL_AUTH_CLIENT_SECRET=..."
        default: path.map { "${EDITOR:-vi} \($0)" }
        }
    }
}
