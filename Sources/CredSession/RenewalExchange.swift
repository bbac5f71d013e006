import CredCore
import CredOAuth

extension Renewal {
    /// The file with a new token, saved where there is a place for it.
    func newFile(_ need: Need, _ old: TokenFile?, _ locked: borrowing LockedCache)
        throws(Failure) -> TokenFile
    {
        guard let grant = RenewalGrant(client, old) else { throw .needsPerson(choice) }
        switch grant {
        case .clientCredentials, .password: return try granted(grant, need, old, locked)
        case .refreshToken:
            do throws(Failure) {
                return try refreshed(need, old, locked)
            } catch {
                // A session that has ended is begun anew where the profile says as whom.
                guard error.kind == .loginRequired, let grant = RenewalGrant(client, nil) else {
                    throw error
                }
                let rest = old.map(TokenFile.init(withoutRefreshToken:))
                if let rest { _ = locked.save(rest) }
                return try granted(grant, need, rest, locked)
            }
        }
    }

    /// The file with a token that needs nothing of an older one.
    private func granted(
        _ grant: RenewalGrant, _ need: Need, _ old: TokenFile?, _ locked: borrowing LockedCache
    ) throws(Failure) -> TokenFile {
        let previous = locked.backoff
        let request = try request(grant, need, old, previous, locked)
        switch try request.run(deadline: world.clock.uptime() + Self.patience) {
        case .granted(let response):
            let file = file(
                grant == .clientCredentials ? response.withoutRefreshToken : response,
                at: world.clock.now(), replacing: old, keeping: nil, locked)
            if locked.save(file) == nil {
                world.voice.notice(
                    "no folder takes the token; the next call will ask the server again")
            }
            succeeded(response, after: previous, locked)
            return file
        case .refused(let refusal): throw refused(refusal, request, locked)
        case .busy(let reason, let retryAfter):
            throw busy(reason, retryAfter, after: previous, locked)
        }
    }

    /// A request that is not known to be in vain, once the pause that others agreed on is over.
    ///
    /// May take the time that a person needs for a password manager, which is why the deadline of
    /// the request itself counts from here.
    func request(
        _ grant: RenewalGrant, _ need: Need, _ old: TokenFile?, _ previous: Backoff?,
        _ locked: borrowing LockedCache
    ) throws(Failure) -> TokenRequest {
        let obstacle = previous.flatMap { $0.isActive(at: world.clock.now()) ? $0 : nil }
        if let obstacle, case .busy = obstacle.cause {
            let isBearable = old?.token.map { need.isBearable($0, at: world.clock.now()) } ?? false
            try wait(obstacle, until: world.clock.uptime() + (isBearable ? 0 : Self.patience))
        }
        try check(obstacle, against: grant.session(locked.cache.binding))
        let request = try request(
            grant, cache: MetadataCache(client.server, context.locations, world))
        try check(obstacle, against: request.fingerprint)
        return request
    }

    /// Fails where the same has been refused before.
    private func check(_ obstacle: Backoff?, against fingerprint: @autoclosure () -> String?)
        throws(Failure)
    {
        guard let obstacle, case .refused(let cause, let refused) = obstacle.cause,
            refused == fingerprint()
        else { return }
        let memory = cause == .session ? "which a login ends" : "a moment ago"
        throw .refused(Refusal(cause, "\(obstacle.reason), \(memory)"), choice, .token)
    }

    /// Waits for the end of a pause, or fails where that is after the deadline.
    private func wait(_ backoff: Backoff, until deadline: Int64) throws(Failure) {
        let pause = (backoff.until - world.clock.now()) * 1000
        guard world.clock.uptime() + pause < deadline else {
            throw .backingOff(choice, backoff, world.clock.now())
        }
        world.pause(pause, because: backoff.reason)
    }

    func request(_ grant: RenewalGrant, cache: MetadataCache?) throws(Failure) -> TokenRequest {
        TokenRequest(
            client: client, grant: grant,
            credential: try ClientSecret(context).credential(client),
            lookup: EndpointLookup(client.server, cache: cache, world: world), world: world)
    }

    /// The token file after an answer that came at `receivedAt`.
    /// - Parameter kept: the refresh token that was answered; `nil` for a new session.
    func file(
        _ response: TokenResponse, at receivedAt: UnixTime, replacing old: TokenFile?,
        keeping kept: Secret?, _ locked: borrowing LockedCache
    ) -> TokenFile {
        TokenFile(
            response, lifetime: lifetime(response), receivedAt: receivedAt,
            binding: locked.cache.binding, replacing: old,
            keeping: kept,
            path: old?.path ?? "\(locked.cache.places[0].folder)/token.json")
    }

    /// What the server says, else what its JWT says, else what the profile or the service says.
    func lifetime(_ response: TokenResponse) -> Seconds {
        if let lifetime = response.lifetime { return lifetime }
        let claims = JWTClaims.unverified(response.authorization.credential)
        if let issuedAt = claims?["iat"]?.integer, let expiresAt = claims?["exp"]?.integer {
            return max(UnixTime(expiresAt) - UnixTime(issuedAt), 0)
        }
        // Nothing known: the token is used once.
        return client.defaultLifetime
            ?? KnownService.behind(client.server.identifier)?.usualLifetime ?? 0
    }
}

/// What all learn of an answer.
extension Renewal {
    func succeeded(
        _ response: TokenResponse, after previous: Backoff?, _ locked: borrowing LockedCache
    ) {
        if previous != nil { locked.removeBackoff() }
        guard let granted = response.members["scope"]?.string else { return }
        let missing = Set(client.scopes).subtracting(granted.split(separator: " ").map(String.init))
        guard !missing.isEmpty else { return }
        world.voice.notice(
            "the server did not grant the scope '\(missing.sorted().joined(separator: " "))'")
    }

    func refused(
        _ refusal: Refusal, _ request: TokenRequest, _ locked: borrowing LockedCache
    ) -> Failure {
        let session = refusal.cause == .session ? request.grant.session(locked.cache.binding) : nil
        locked.save(
            .refused(refusal, request: session ?? request.fingerprint, now: world.clock.now()))
        return .refused(refusal, choice, .token)
    }

    func busy(
        _ reason: String, _ retryAfter: Seconds?, after previous: Backoff?,
        _ locked: borrowing LockedCache
    ) -> Failure {
        let next = Backoff.busy(
            reason, retryAfter: retryAfter, after: previous, now: world.clock.now(),
            jitter: world.clock.random(upTo:))
        locked.save(next)
        return .backingOff(choice, next, world.clock.now())
    }
}
