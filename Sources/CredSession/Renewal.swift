import CredCore
import CredOAuth
import CredSystem

/// Gets a new token for a client that needs no person: one process asks, all others wait for it.
struct Renewal: Sendable {
    let choice: ProfileChoice
    let client: OAuthClient
    let world: World
    let folders: Folders

    /// How long a caller waits for a token in all, in milliseconds: a server that restarts is back
    /// by then, and a person still believes that something happens.
    private static let patience: Int64 = 30_000
    /// How long a caller waits for another process, which may itself need all its patience, after
    /// a minute for a password manager.
    private static let lockPatience: Int64 = 95_000

    private var profile: ProfileName { choice.profile.name }

    /// A token that meets `need`, from the server or from a process that was quicker.
    /// - Parameter old: the one that does not meet it.
    func token(_ need: Need, insteadOf old: Token?, cache: TokenCache) throws(Failure) -> Token {
        let locking = try cache.whileLocked(
            purpose: "renewing the token of '\(profile)'", deadline: lockDeadline(old, need),
            meanwhile: { () throws(Failure) in
                let file = try cache.load(.countAsMissing, minimumLife: need.minimumLife)
                return try self.settled(file?.token, insteadOf: old, need)
            },
            body: { (locked) throws(Failure) in
                let file = try cache.load(.countAsMissing, minimumLife: need.minimumLife)
                if let token = try self.settled(file?.token, insteadOf: old, need) { return token }
                return try self.renew(need, file, locked, cache)
            })
        switch locking {
        case .done(let token): return token
        case .nowhere(let failure):
            world.notice("no token is kept: \(failure.what): \(failure.because ?? "")")
            return try tokenForOnce(need)
        case .busy(let holder):
            let old = try cache.load(.countAsMissing, minimumLife: need.minimumLife)?.token
            return try bearable(
                old, need,
                otherwise: Failure(
                    .tryAgain, "cannot renew the token of profile '\(profile)'",
                    because: "the lock has been held for too long by \(holder)",
                    remedy: choice.command("token")))
        }
    }

    /// The token that another process has got meanwhile, if it will do. One that is new and still
    /// does not meet the need says that no token would.
    private func settled(_ token: Token?, insteadOf old: Token?, _ need: Need) throws(Failure)
        -> Token?
    {
        guard let token, !need.isRefused(token), !token.isRejected else { return nil }
        if need.isMet(by: token, at: world.now()) { return token }
        let isNew = token.freshness(at: world.now(), minimumLife: nil) == .good
        guard token != old, isNew || token.lifetime == 0 else { return nil }
        return try longEnough(token, need)
    }

    /// No later than while an old token can still be handed out instead.
    private func lockDeadline(_ old: Token?, _ need: Need) -> Int64 {
        var patience = Self.lockPatience
        if let old, need.isBearable(old, at: world.now()), let end = old.expiresAt {
            patience = min(patience, max(end - world.now() - 5, 0) * 1000)
        }
        return world.uptime() + patience
    }

    /// Renews an ageing token unless somebody else does; for a detached process that nobody hears.
    func ahead(cache: TokenCache) throws(Failure) {
        _ = try cache.whileLocked(
            purpose: "renewing the token of '\(profile)' ahead of time",
            deadline: world.uptime()
        ) { (locked) throws(Failure) -> Bool in
            let old = try cache.load(.countAsMissing, minimumLife: nil)
            if old?.token?.freshness(at: world.now(), minimumLife: nil) == .good { return true }
            if locked.backoff?.isActive(at: world.now()) ?? false { return false }
            _ = try self.renew(Need(), old, locked, cache)
            return true
        }
    }

    /// A token that is kept nowhere.
    func tokenForOnce(_ need: Need) throws(Failure) -> Token {
        let request = try request(cache: nil)
        switch try request.run(deadline: world.uptime() + Self.patience) {
        case .granted(let response):
            return try longEnough(
                Token(response, lifetime: lifetime(response), at: world.now()), need)
        case .refused(let refusal): throw .refused(refusal, choice)
        case .busy(let reason, _): throw .busy(choice, reason)
        }
    }

    /// Whatever goes wrong, an old token that a server still takes is better than none; one that a
    /// server did not take is not handed out again.
    private func renew(
        _ need: Need, _ old: TokenFile?, _ locked: borrowing LockedCache, _ cache: TokenCache
    ) throws(Failure) -> Token {
        do throws(Failure) {
            return try newToken(need, old, locked, cache)
        } catch {
            if let old, let token = old.token, need.isRefused(token), !token.isRejected {
                _ = locked.save(TokenFile(rejecting: old, token))
            }
            return try bearable(old?.token, need, otherwise: error)
        }
    }

    private func newToken(
        _ need: Need, _ old: TokenFile?, _ locked: borrowing LockedCache, _ cache: TokenCache
    ) throws(Failure) -> Token {
        let previous = locked.backoff
        let backoff = previous.flatMap { $0.isActive(at: world.now()) ? $0 : nil }
        if let backoff, case .busy = backoff.cause {
            let isBearable = old?.token.map { need.isBearable($0, at: world.now()) } ?? false
            try wait(backoff, until: world.uptime() + (isBearable ? 0 : Self.patience))
        }
        let request = try request(
            cache: MetadataCache(client.server, folders: folders, world: world))
        if let backoff, case .refused(let cause, request.fingerprint) = backoff.cause {
            throw .refused(Refusal(cause, "\(backoff.reason), a moment ago"), choice)
        }
        // Counted from here: the client secret may come from a person's password manager.
        let deadline = world.uptime() + Self.patience
        switch try request.run(deadline: deadline) {
        case .granted(let response):
            let (lifetime, now) = (lifetime(response), world.now())
            let file = TokenFile(
                response.withoutRefreshToken, lifetime: lifetime, receivedAt: now,
                binding: cache.binding, replacing: old,
                path: old?.path ?? "\(cache.places[0].folder)/token.json")
            _ = locked.save(file)
            if previous != nil { locked.removeBackoff() }
            reportNarrowScope(response)
            return try longEnough(Token(response, lifetime: lifetime, at: now), need)
        case .refused(let refusal):
            locked.save(.refused(refusal, request: request.fingerprint, now: world.now()))
            throw .refused(refusal, choice)
        case .busy(let reason, let retryAfter):
            let next = Backoff.busy(
                reason, retryAfter: retryAfter, after: previous, now: world.now(),
                jitter: world.random(upTo:))
            locked.save(next)
            throw .backingOff(choice, next, world.now())
        }
    }

    /// Waits for the end of a pause, or fails where that is after the deadline.
    private func wait(_ backoff: Backoff, until deadline: Int64) throws(Failure) {
        let pause = (backoff.until - world.now()) * 1000
        guard world.uptime() + pause < deadline else {
            throw .backingOff(choice, backoff, world.now())
        }
        world.pause(pause, because: backoff.reason)
    }

    /// The old token, with a word about why, where it is still accepted.
    private func bearable(_ old: Token?, _ need: Need, otherwise failure: Failure) throws(Failure)
        -> Token
    {
        guard let old, need.isBearable(old, at: world.now()) else { throw failure }
        let left = old.expiresAt.map { ($0 - world.now()).inWords } ?? "an unknown time"
        world.notice("using a token that is good for \(left): \(failure.because ?? failure.what)")
        return old
    }

    private func longEnough(_ token: Token, _ need: Need) throws(Failure) -> Token {
        guard let minimumLife = need.minimumLife, let life = token.lifetime, life <= minimumLife
        else { return token }
        throw .tooShort(choice, life: life, minimumLife: minimumLife)
    }

    /// What the server says, else what its JWT says, else what the profile or the service says.
    private func lifetime(_ response: TokenResponse) -> Seconds {
        if let lifetime = response.lifetime { return lifetime }
        let claims = JWTClaims.unverified(response.authorization.credential)
        if let issuedAt = claims?["iat"]?.integer, let expiresAt = claims?["exp"]?.integer {
            return max(UnixTime(expiresAt) - UnixTime(issuedAt), 0)
        }
        // Nothing known: the token is used once.
        return client.defaultLifetime
            ?? KnownService.behind(client.server.identifier)?.usualLifetime ?? 0
    }

    private func request(cache: MetadataCache?) throws(Failure) -> TokenRequest {
        let folder = choice.path.flatMap { path in
            path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[..<$0]) }
        }
        let secret = ClientSecret(profile: profile, folder: folder, world: world)
        return TokenRequest(
            client: client, credential: try secret.credential(client),
            lookup: EndpointLookup(client.server, cache: cache, world: world), world: world)
    }

    private func reportNarrowScope(_ response: TokenResponse) {
        guard let granted = response.members["scope"]?.string else { return }
        let missing = Set(client.scopes).subtracting(granted.split(separator: " ").map(String.init))
        guard !missing.isEmpty else { return }
        world.notice(
            "the server did not grant the scope '\(missing.sorted().joined(separator: " "))'")
    }
}

extension Token {
    fileprivate init(_ response: TokenResponse, lifetime: Seconds, at now: UnixTime) {
        self.init(
            authorization: response.authorization,
            validity: .between(start: now, end: now + lifetime))
    }
}
