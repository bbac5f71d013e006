import CredCore
import CredOAuth
import CredSystem

/// Gets a new token without a person: one process sends the request, and all others wait for its
/// result.
struct Renewal: Sendable {
    let context: ProfileContext
    let client: OAuthClient

    init(_ context: ProfileContext, _ client: OAuthClient) {
        self.context = context
        self.client = client
    }

    /// The timeout for getting a token, in milliseconds: long enough for a server to restart, and
    /// short enough for a person to wait.
    static let timeout: Int64 = 30_000
    /// The timeout for waiting for another process, in milliseconds; that process may need the
    /// whole `timeout`, after a minute for a password manager.
    static let lockTimeout: Int64 = 95_000

    var choice: ProfileChoice { context.choice }
    var profile: ProfileName { context.profile }
    var world: World { context.world }

    /// A token that meets `requirement`, from the server or from another process that was faster.
    /// - Parameter old: the token that does not meet it.
    func token(_ requirement: TokenRequirement, insteadOf old: Token?, _ files: TokenFiles)
        throws(Failure) -> Token
    {
        let locking = try files.whileLocked(
            purpose: "renewing the token of profile '\(profile)'",
            deadline: lockDeadline(old, requirement),
            meanwhile: { () throws(Failure) in
                try self.settled(
                    try self.load(files, requirement)?.token, insteadOf: old, requirement)
            },
            body: { (locked) throws(Failure) in
                let record = try self.load(files, requirement)
                if let token = try self.settled(record?.token, insteadOf: old, requirement) {
                    return token
                }
                return try self.renew(requirement, record, locked)
            })
        switch locking {
        case .done(let token): return token
        case .nowhere(let failure):
            guard client.grant == .clientCredentials else {
                return try bearable(old, requirement, otherwise: .notSent(choice, failure))
            }
            world.voice.notice("the token is not cached: \(failure.asReason)")
            return try tokenForOnce(requirement)
        case .busy(let holder):
            return try bearable(
                try load(files, requirement)?.token, requirement,
                otherwise: .lockHeld(
                    "cannot renew the token of profile '\(profile)'", by: holder,
                    remedy: choice.command("token")))
        }
    }

    /// Renews an ageing token unless another process does; runs in a detached process whose
    /// messages nobody reads.
    func ahead(_ files: TokenFiles) throws(Failure) {
        _ = try files.whileLocked(
            purpose: "renewing the token of profile '\(profile)' ahead of time",
            deadline: world.clock.uptime()
        ) { (locked) throws(Failure) -> Bool in
            let old = try self.load(files, TokenRequirement())
            // After a logout no new token is wanted.
            guard let token = old?.token else { return true }
            let now = world.clock.now()
            if token.freshness(at: now, minimumLife: nil) == .good { return true }
            if files.obstacle(for: old, at: now) != nil { return false }
            _ = try self.renew(TokenRequirement(), old, locked)
            return true
        }
    }

    /// A token that is not saved.
    func tokenForOnce(_ requirement: TokenRequirement) throws(Failure) -> Token {
        guard let grant = RenewalGrant(client, nil) else { throw .needsPerson(choice) }
        let request = try request(grant, metadata: nil)
        switch try request.run(deadline: world.clock.uptime() + Self.timeout) {
        case .granted(let response):
            let now = world.clock.now()
            let token = Token(
                authorization: response.authorization,
                validity: .between(start: now, end: now + client.lifetime(of: response)))
            return try longEnough(token, requirement)
        case .refused(let refusal): throw .refused(refusal, choice, .token)
        case .busy(let reason, _): throw .busy(choice, reason, .token)
        }
    }

    /// The token that another process got meanwhile, if it meets the requirement. Fails if it is
    /// new and does not, because then no token would.
    private func settled(_ token: Token?, insteadOf old: Token?, _ requirement: TokenRequirement)
        throws(Failure)
        -> Token?
    {
        guard let token, !requirement.isRefused(token), !token.isRejected else { return nil }
        let now = world.clock.now()
        if requirement.isMet(by: token, at: now) { return token }
        let isNew = token.freshness(at: now, minimumLife: nil) == .good
        guard token != old, isNew || token.lifetime == 0 else { return nil }
        return try longEnough(token, requirement)
    }

    /// The deadline for the lock; no later than the expiry of an old token that could be used
    /// instead.
    private func lockDeadline(_ old: Token?, _ requirement: TokenRequirement) -> Int64 {
        var timeout = Self.lockTimeout
        let now = world.clock.now()
        if let old, requirement.isBearable(old, at: now), let end = old.expiresAt {
            let left = max(end - now - 5, 0)
            // A broken file may contain a time that overflows in milliseconds.
            if left < timeout / 1000 { timeout = left * 1000 }
        }
        return world.clock.uptime() + timeout
    }

    func load(_ files: TokenFiles, _ requirement: TokenRequirement = TokenRequirement())
        throws(Failure) -> TokenRecord?
    {
        try files.load(client.brokenFiles, minimumLife: requirement.minimumLife)
    }

    /// Renews the token; if that fails for any reason, returns the old token if servers still
    /// accept it, but never one that a server rejected.
    private func renew(
        _ requirement: TokenRequirement, _ old: TokenRecord?, _ locked: borrowing LockedFiles
    )
        throws(Failure) -> Token
    {
        do throws(Failure) {
            let record = try newRecord(requirement, old, locked)
            guard let token = record.token else { throw .needsPerson(choice) }
            return try longEnough(token, requirement)
        } catch {
            // The answer of an interrupted renewal may have been saved since, and an older record
            // must not replace it. The error is ignored: a file that cannot be read now decides
            // nothing.
            let record = (try? load(locked.files, requirement)) ?? nil
            if let record, let token = record.token, requirement.isRefused(token), !token.isRejected
            {
                _ = locked.save(TokenRecord(rejecting: record, token))
            }
            return try bearable(record?.token, requirement, otherwise: error)
        }
    }

    /// The record with a new token, saved if there is a place for it.
    private func newRecord(
        _ requirement: TokenRequirement, _ old: TokenRecord?, _ locked: borrowing LockedFiles
    )
        throws(Failure) -> TokenRecord
    {
        guard let grant = RenewalGrant(client, old) else { throw .needsPerson(choice) }
        switch grant {
        case .clientCredentials, .password: return try granted(grant, requirement, old, locked)
        case .refreshToken:
            do throws(Failure) {
                return try refreshed(requirement, old, locked)
            } catch {
                // If the session has ended a new one is started, if the profile has the
                // credentials.
                guard error.kind == .loginRequired, let grant = RenewalGrant(client, nil) else {
                    throw error
                }
                let rest = old.map(TokenRecord.init(withoutRefreshToken:))
                if let rest { _ = locked.save(rest) }
                return try granted(grant, requirement, rest, locked)
            }
        }
    }

    /// The record with a token that does not depend on an older one.
    private func granted(
        _ grant: RenewalGrant, _ requirement: TokenRequirement, _ old: TokenRecord?,
        _ locked: borrowing LockedFiles
    ) throws(Failure) -> TokenRecord {
        let previous = locked.backoff
        let request = try request(grant, requirement, old, previous, locked)
        switch try request.run(deadline: world.clock.uptime() + Self.timeout) {
        case .granted(let response):
            let record = record(
                grant == .clientCredentials ? response.withoutRefreshToken : response,
                at: world.clock.now(), replacing: old, keeping: nil, locked)
            if locked.save(record) == nil {
                world.voice.notice(
                    "cannot write the token to any directory; the next call will ask the server again"
                )
            }
            succeeded(response, after: previous, locked)
            return record
        case .refused(let refusal): throw refused(refusal, request, locked)
        case .busy(let reason, let retryAfter):
            throw busy(reason, retryAfter, after: previous, locked)
        }
    }

    /// The request for a token, after any backoff and whatever a password manager takes. Fails if the
    /// server has already refused the same request.
    func request(
        _ grant: RenewalGrant, _ requirement: TokenRequirement, _ old: TokenRecord?,
        _ previous: Backoff?,
        _ locked: borrowing LockedFiles
    ) throws(Failure) -> TokenRequest {
        let now = world.clock.now()
        let obstacle = previous.flatMap { $0.isActive(at: now) ? $0 : nil }
        if let obstacle, case .busy = obstacle.cause {
            let isBearable = old?.token.map { requirement.isBearable($0, at: now) } ?? false
            try obstacle.wait(
                until: world.clock.uptime() + (isBearable ? 0 : Self.timeout), context)
        }
        try obstacle?.check(against: grant.session(locked.files.binding), choice)
        let metadata = MetadataCache(client.server, context.locations, world)
        let request = try request(grant, metadata: metadata)
        try obstacle?.check(against: request.fingerprint, choice)
        return request
    }

    func request(_ grant: RenewalGrant, metadata: MetadataCache?) throws(Failure) -> TokenRequest {
        TokenRequest(
            client: client, grant: grant,
            credential: try ClientCredentialLoader(context).credential(client),
            lookup: EndpointLookup(client.server, cache: metadata, world: world), world: world)
    }

    /// The record after an answer that came at `receivedAt`.
    /// - Parameter kept: the refresh token that was sent; `nil` for a new session.
    func record(
        _ response: TokenResponse, at receivedAt: UnixTime, replacing old: TokenRecord?,
        keeping kept: Secret?, _ locked: borrowing LockedFiles
    ) -> TokenRecord {
        TokenRecord(
            response, lifetime: client.lifetime(of: response), receivedAt: receivedAt,
            binding: locked.files.binding, replacing: old, keeping: kept,
            path: old?.path ?? locked.files.home.token)
    }

    /// Updates the files after a successful answer.
    func succeeded(
        _ response: TokenResponse, after previous: Backoff?, _ locked: borrowing LockedFiles
    ) {
        if previous != nil { locked.removeBackoff() }
        guard let granted = response.members["scope"]?.string else { return }
        let missing = Set(client.scopes).subtracting(granted.split(separator: " ").map(String.init))
        guard !missing.isEmpty else { return }
        world.voice.notice(
            "the server did not grant the scope '\(missing.sorted().joined(separator: " "))'")
    }

    func refused(_ refusal: Refusal, _ request: TokenRequest, _ locked: borrowing LockedFiles)
        -> Failure
    {
        let session = refusal.cause == .session ? request.grant.session(locked.files.binding) : nil
        locked.save(
            .refused(
                refusal, request: session ?? request.fingerprint, now: world.clock.now()))
        return .refused(refusal, choice, .token)
    }

    func busy(
        _ reason: String, _ retryAfter: Seconds?, after previous: Backoff?,
        _ locked: borrowing LockedFiles
    ) -> Failure {
        let now = world.clock.now()
        let next = Backoff.busy(
            reason, retryAfter: retryAfter, after: previous, now: now,
            jitter: world.clock.random(upTo:))
        locked.save(next)
        return .backingOff(choice, next, now)
    }

    /// The old token, with a message about the reason, if servers still accept it.
    private func bearable(
        _ old: Token?, _ requirement: TokenRequirement, otherwise failure: Failure
    ) throws(Failure)
        -> Token
    {
        let now = world.clock.now()
        guard let old, requirement.isBearable(old, at: now) else { throw failure }
        let left = old.expiresAt.map { ($0 - now).inWords } ?? "an unknown time"
        world.voice.notice(
            "using a token that is still valid for \(left): \(failure.because ?? failure.what)")
        return old
    }

    private func longEnough(_ token: Token, _ requirement: TokenRequirement) throws(Failure)
        -> Token
    {
        guard let minimumLife = requirement.minimumLife, let life = token.lifetime,
            life <= minimumLife
        else { return token }
        throw .tooShort(choice, life: life, minimumLife: minimumLife)
    }
}
