package import CredCore
package import CredSystem

/// What a caller requires of a credential.
package struct TokenRequirement: Sendable {
    /// How long the token must remain valid (`--min-ttl`), in seconds; `nil` for the default.
    package var minimumLife: Seconds?
    package var refused: RefusedToken
    /// The host that refused it, for messages.
    package var host: String?
    /// The process that asks, if what it was given before says which token was refused.
    package var caller: CallingProcess?

    /// A token that a server rejected although it has not expired.
    package enum RefusedToken: Hashable, Sendable {
        case none
        /// The one that was cached when we first looked.
        case latest
        /// The one with this fingerprint.
        case fingerprint(String)
        /// The cached one, if the caller was given it a moment ago (`--hook`).
        case handedToCaller
    }

    package init(minimumLife: Seconds? = nil, refused: RefusedToken = .none) {
        self.minimumLife = minimumLife
        self.refused = refused
    }

    /// Whether the token meets the requirement.
    func isMet(by token: Token, at now: UnixTime) -> Bool {
        !isRefused(token) && token.freshness(at: now, minimumLife: minimumLife) != .expired
    }

    /// Whether the token may be used if no better one can be had: servers still accept it, and the
    /// caller did not ask for a longer lifetime.
    func isBearable(_ token: Token, at now: UnixTime) -> Bool {
        minimumLife == nil && !isRefused(token) && token.isAlive(at: now)
    }

    func isRefused(_ token: Token) -> Bool {
        switch refused {
        case .none, .latest, .handedToCaller: false
        case .fingerprint(let fingerprint):
            fingerprint == token.authorization.credential.fingerprint
        }
    }

    /// The same requirement with the fingerprint of the refused token, if it is the cached one.
    func resolved(_ token: Token?, _ handed: HandedTokens?) -> TokenRequirement {
        guard let cached = token?.authorization.credential.fingerprint else {
            return refused == .latest || refused == .handedToCaller ? with(.none) : self
        }
        switch refused {
        case .none: return self
        case .latest: return with(.fingerprint(cached))
        case .fingerprint(let given):
            // A caller that comes back means what it got the last time, whatever it was given
            // first.
            guard given != cached, let caller, let handed,
                handed.isRefused(cached, by: caller, .rejected)
            else { return self }
            return with(.fingerprint(cached))
        case .handedToCaller:
            guard let caller, let handed, handed.isRefused(cached, by: caller, .hook)
            else { return with(.none) }
            return with(.fingerprint(cached))
        }
    }

    private func with(_ refused: RefusedToken) -> TokenRequirement {
        var requirement = self
        requirement.refused = refused
        return requirement
    }
}

extension Failure {
    /// - Parameter record: what is saved, if anything.
    static func needsPerson(_ choice: ProfileChoice, _ record: TokenRecord? = nil) -> Failure {
        if case .oauth(let client) = choice.profile.method, client.authentication == .privateKey {
            return .privateKeyUnsupported(choice.profile.name)
        }
        let reason =
            switch choice.storage {
            case .saved:
                record?.reasonNotUsed ?? "an interactive login is required"
            case .memoryOnly: "an interactive login is required, and --no-save does not keep one"
            }
        return Failure(
            .loginRequired, "profile '\(choice.profile.name)' has no valid token",
            because: reason,
            remedy: record?.foreign == nil ? choice.loginCommand : choice.loginBesideOthers)
    }

    static func tooShort(_ choice: ProfileChoice, life: Seconds, minimumLife: Seconds) -> Failure {
        Failure(
            .unavailable,
            "cannot get a token valid for \(minimumLife) s with profile '\(choice.profile.name)'",
            because: life > 0
                ? "the server issues tokens valid for \(life) s"
                : "the server does not say how long its tokens are valid",
            remedy: choice.command(life > 0 ? "token --min-ttl \(life / 2)" : "token"))
    }
}
