import CredCore

extension Failure {
    static func busy(_ choice: ProfileChoice, _ reason: String) -> Failure {
        Failure(
            .tryAgain, "cannot get a token for profile '\(choice.profile.name)'", because: reason)
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
