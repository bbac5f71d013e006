package import CredCore

/// What a caller wants of a credential.
package struct Need: Sendable {
    /// `--min-ttl`, in seconds; `nil`: whatever is usual.
    package var minimumLife: Seconds?
    package var refused: RefusedToken

    /// A token that a server did not take although it looks good by the clock.
    package enum RefusedToken: Hashable, Sendable {
        case none
        /// The one in the cache when we first looked.
        case latest
        /// The one with this fingerprint.
        case fingerprint(String)
    }

    package init(minimumLife: Seconds? = nil, refused: RefusedToken = .none) {
        self.minimumLife = minimumLife
        self.refused = refused
    }

    /// The token is good enough, whatever happens.
    func isMet(by token: Token, at now: UnixTime) -> Bool {
        !isRefused(token) && token.freshness(at: now, minimumLife: minimumLife) != .expired
    }

    /// The token is better than none: still accepted, and nobody asked for more.
    func isBearable(_ token: Token, at now: UnixTime) -> Bool {
        minimumLife == nil && !isRefused(token) && token.isAlive(at: now)
    }

    func isRefused(_ token: Token) -> Bool {
        switch refused {
        case .none, .latest: false
        case .fingerprint(let fingerprint):
            fingerprint == token.authorization.credential.fingerprint
        }
    }

    /// `.latest` made definite by what is in the cache now.
    func resolved(_ token: Token?) -> Need {
        guard refused == .latest else { return self }
        var need = self
        need.refused =
            token.map { .fingerprint($0.authorization.credential.fingerprint) } ?? .none
        return need
    }
}

extension Failure {
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

    static func tooShort(_ choice: ProfileChoice, life: Seconds, minimumLife: Seconds) -> Failure {
        Failure(
            .unavailable, "no token of profile '\(choice.profile.name)' lives \(minimumLife) s",
            because: life > 0
                ? "the server issues them for \(life) s"
                : "the server does not say how long they live",
            remedy: choice.command("token --min-ttl \(life / 2)"))
    }
}
