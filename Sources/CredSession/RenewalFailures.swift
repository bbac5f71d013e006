import CredCore

extension Failure {
    /// The refresh token is as good as before: nothing was sent.
    static func notSpent(_ choice: ProfileChoice, _ failure: Failure) -> Failure {
        Failure(
            .failed, "cannot renew the token of profile '\(choice.profile.name)'",
            because: "\(failure.asReason); nothing was sent to the server",
            remedy: failure.remedy ?? choice.lookAtFolder)
    }

    static func needsPerson(_ choice: ProfileChoice) -> Failure {
        let reason =
            switch choice.storage {
            case .saved: "a person must log in"
            case .memoryOnly: "a person must log in, and with --no-save no login is kept"
            }
        return Failure(
            .loginRequired, "profile '\(choice.profile.name)' has no good token",
            because: reason, remedy: choice.loginCommand)
    }

    static func backingOff(_ choice: ProfileChoice, _ backoff: Backoff, _ now: UnixTime) -> Failure
    {
        let wait = max(backoff.until - now, 1)
        return Aim.token.failure(
            .tryAgain, choice,
            because:
                "\(backoff.reason); nobody asks again before \(backoff.until.rfc3339) (in \(wait.inWords))",
            remedy: Aim.token.command(choice).map { "sleep \(wait); \($0)" })
    }

    static func tooShort(_ choice: ProfileChoice, life: Seconds, minimumLife: Seconds) -> Failure {
        Failure(
            .unavailable, "no token of profile '\(choice.profile.name)' lives \(minimumLife) s",
            because: life > 0
                ? "the server issues them for \(life) s"
                : "the server does not say how long they live",
            remedy: choice.command("token --min-ttl \(life / 2)"))
    }
}
