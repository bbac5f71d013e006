import CredCore
import CredOAuth
import CredSystem

/// Gets a new token where no person is needed: one process asks, all others wait for it.
struct Renewal: Sendable {
    let context: ProfileContext
    let client: OAuthClient

    init(_ context: ProfileContext, _ client: OAuthClient) {
        self.context = context
        self.client = client
    }

    var choice: ProfileChoice { context.choice }
    var world: World { context.world }

    /// How long a caller waits for a token in all, in milliseconds: a server that restarts is back
    /// by then, and a person still believes that something happens.
    static let patience: Int64 = 30_000
    /// How long a caller waits for another process, which may itself need all its patience, after
    /// a minute for a password manager.
    static let lockPatience: Int64 = 95_000

    var profile: ProfileName { choice.profile.name }

    /// A token that meets `need`, from the server or from a process that was quicker.
    /// - Parameter old: the one that does not meet it.
    func token(_ need: Need, insteadOf old: Token?, cache: TokenCache) throws(Failure) -> Token {
        let locking = try cache.whileLocked(
            purpose: "renewing the token of '\(profile)'", deadline: lockDeadline(old, need),
            meanwhile: { () throws(Failure) in
                let file = try self.load(cache, need)
                return try self.settled(file?.token, insteadOf: old, need)
            },
            body: { (locked) throws(Failure) in
                let file = try self.load(cache, need)
                if let token = try self.settled(file?.token, insteadOf: old, need) { return token }
                return try self.renew(need, file, locked)
            })
        switch locking {
        case .done(let token): return token
        case .nowhere(let failure):
            guard client.grant == .clientCredentials else {
                return try bearable(old, need, otherwise: .notSpent(choice, failure))
            }
            world.voice.notice("no token is kept: \(failure.asReason)")
            return try tokenForOnce(need)
        case .busy(let holder):
            let old = try load(cache, need)?.token
            return try bearable(
                old, need,
                otherwise: .lockHeld(
                    "cannot renew the token of profile '\(profile)'", by: holder,
                    remedy: choice.command("token")))
        }
    }

    /// The token that another process has got meanwhile, if it will do. One that is new and still
    /// does not meet the need says that no token would.
    private func settled(_ token: Token?, insteadOf old: Token?, _ need: Need) throws(Failure)
        -> Token?
    {
        guard let token, !need.isRefused(token), !token.isRejected else { return nil }
        if need.isMet(by: token, at: world.clock.now()) { return token }
        let isNew = token.freshness(at: world.clock.now(), minimumLife: nil) == .good
        guard token != old, isNew || token.lifetime == 0 else { return nil }
        return try longEnough(token, need)
    }

    /// No later than while an old token can still be handed out instead.
    private func lockDeadline(_ old: Token?, _ need: Need) -> Int64 {
        var patience = Self.lockPatience
        if let old, need.isBearable(old, at: world.clock.now()), let end = old.expiresAt {
            let left = max(end - world.clock.now() - 5, 0)
            // What a broken file says of its end may not be countable in milliseconds.
            if left < patience / 1000 { patience = left * 1000 }
        }
        return world.clock.uptime() + patience
    }

    /// Renews an ageing token unless somebody else does; for a detached process that nobody hears.
    func ahead(cache: TokenCache) throws(Failure) {
        _ = try cache.whileLocked(
            purpose: "renewing the token of '\(profile)' ahead of time",
            deadline: world.clock.uptime()
        ) { (locked) throws(Failure) -> Bool in
            let old = try self.load(cache, Need())
            // Whoever has logged out since wants no new token.
            guard let token = old?.token else { return true }
            if token.freshness(at: world.clock.now(), minimumLife: nil) == .good { return true }
            if cache.obstacle(for: old, at: world.clock.now()) != nil { return false }
            _ = try self.renew(Need(), old, locked)
            return true
        }
    }

    func load(_ cache: TokenCache, _ need: Need) throws(Failure) -> TokenFile? {
        try cache.load(client.brokenFiles, minimumLife: need.minimumLife)
    }

    /// A token that is kept nowhere.
    func tokenForOnce(_ need: Need) throws(Failure) -> Token {
        guard let grant = RenewalGrant(client, nil) else { throw .needsPerson(choice) }
        let request = try request(grant, cache: nil)
        switch try request.run(deadline: world.clock.uptime() + Self.patience) {
        case .granted(let response):
            return try longEnough(
                Token(response, lifetime: lifetime(response), at: world.clock.now()), need)
        case .refused(let refusal): throw .refused(refusal, choice, .token)
        case .busy(let reason, _): throw .busy(choice, reason, .token)
        }
    }

    /// Whatever goes wrong, an old token that a server still takes is better than none; one that a
    /// server did not take is not handed out again.
    private func renew(_ need: Need, _ old: TokenFile?, _ locked: borrowing LockedCache)
        throws(Failure) -> Token
    {
        do throws(Failure) {
            let file = try newFile(need, old, locked)
            guard let token = file.token else { throw .needsPerson(choice) }
            return try longEnough(token, need)
        } catch {
            // What an earlier exchange left may have been saved since, and an older file must not
            // take its place. One that cannot be read now says nothing.
            let file = (try? load(locked.cache, need)) ?? nil
            if let file, let token = file.token, need.isRefused(token), !token.isRejected {
                _ = locked.save(TokenFile(rejecting: file, token))
            }
            return try bearable(file?.token, need, otherwise: error)
        }
    }

    /// The old token, with a word about why, where it is still accepted.
    private func bearable(_ old: Token?, _ need: Need, otherwise failure: Failure) throws(Failure)
        -> Token
    {
        guard let old, need.isBearable(old, at: world.clock.now()) else { throw failure }
        let left = old.expiresAt.map { ($0 - world.clock.now()).inWords } ?? "an unknown time"
        world.voice.notice(
            "using a token that is good for \(left): \(failure.because ?? failure.what)")
        return old
    }

    func longEnough(_ token: Token, _ need: Need) throws(Failure) -> Token {
        guard let minimumLife = need.minimumLife, let life = token.lifetime, life <= minimumLife
        else { return token }
        throw .tooShort(choice, life: life, minimumLife: minimumLife)
    }
}

extension Token {
    fileprivate init(_ response: TokenResponse, lifetime: Seconds, at now: UnixTime) {
        self.init(
            authorization: response.authorization,
            validity: .between(start: now, end: now + lifetime))
    }
}
