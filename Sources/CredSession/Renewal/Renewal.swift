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

    /// Renews an ageing token unless another process does; runs in a detached process whose
    /// messages nobody reads.
    func ahead(_ files: TokenFiles) throws(Failure) {
        _ = try files.whileLocked(
            purpose: "renewing the token of profile '\(profile)' ahead of time",
            deadline: world.clock.uptime()
        ) { (locked) throws(Failure) -> Bool in
            let before = files.backoff
            let old = try self.load(files, TokenRequirement())
            // After a logout no new token is wanted.
            guard let token = old?.token else { return true }
            let now = world.clock.now()
            if token.freshness(at: now, minimumLife: nil) == .good { return true }
            if files.obstacle(for: old, at: now) != nil { return false }
            _ = try self.renew(TokenRequirement(), old, before: before, locked)
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
            let lifetime = client.lifetime(of: response, receivedAt: now)
            let token = Token(
                authorization: response.authorization,
                validity: lifetime.map { .between(start: now, end: now + $0) }
                    ?? .unstated(since: now))
            return try longEnough(token, requirement)
        case .refused(let refusal): throw .refused(refusal, choice, .token)
        case .busy(let reason, _): throw .busy(choice, reason, .token)
        }
    }

    func load(_ files: TokenFiles, _ requirement: TokenRequirement = TokenRequirement())
        throws(Failure) -> TokenRecord?
    {
        try files.load(client.brokenFiles, minimumLife: requirement.minimumLife)
    }

    /// Renews the token; if that fails for any reason, returns the old token if servers still
    /// accept it, but never one that a server rejected.
    /// - Parameter before: the saved backoff when this process began.
    func renew(
        _ requirement: TokenRequirement, _ old: TokenRecord?, before: Backoff?,
        _ locked: borrowing LockedFiles
    ) throws(Failure) -> Token {
        if let token = old?.token, requirement.isRefused(token) {
            note(refusalOf: token, by: requirement.host, locked)
        }
        do throws(Failure) {
            let record = try newRecord(requirement, old, before: before, locked)
            // A token that replaces one that nobody refused ends a series of refusals.
            let isInRow = old?.token.map { $0.isRejected || requirement.isRefused($0) } ?? false
            if !isInRow { locked.removeBrake() }
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
        _ requirement: TokenRequirement, _ old: TokenRecord?, before: Backoff?,
        _ locked: borrowing LockedFiles
    ) throws(Failure) -> TokenRecord {
        guard let grant = RenewalGrant(client, old) else { throw .needsPerson(choice, old) }
        switch grant {
        case .clientCredentials, .password:
            return try granted(grant, requirement, old, before: before, locked)
        case .refreshToken:
            do throws(Failure) {
                return try refreshed(requirement, old, before: before, locked)
            } catch {
                // If the session has ended a new one is started, if the profile has the
                // credentials.
                guard error.kind == .loginRequired, let grant = RenewalGrant(client, nil) else {
                    throw error
                }
                let rest = old.map(TokenRecord.init(withoutRefreshToken:))
                if let rest { _ = locked.save(rest) }
                return try granted(grant, requirement, rest, before: locked.backoff, locked)
            }
        }
    }

    /// The record with a token that does not depend on an older one.
    private func granted(
        _ grant: RenewalGrant, _ requirement: TokenRequirement, _ old: TokenRecord?,
        before: Backoff?, _ locked: borrowing LockedFiles
    ) throws(Failure) -> TokenRecord {
        let request = try request(grant, requirement, old, before: before, locked)
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
            succeeded(response, locked)
            return record
        case .refused(let refusal): throw refused(refusal, request, locked)
        case .busy(let reason, let retryAfter): throw busy(reason, retryAfter, locked)
        }
    }

    /// The request for a token, after any backoff and whatever a password manager takes. Fails if
    /// the server has already refused the same request, or if another process has failed while this
    /// one waited: its failure is that of all who waited for it. Fails with kind `.tokensRefused`
    /// if servers refused the last tokens.
    /// - Parameter before: the saved backoff when this process began.
    func request(
        _ grant: RenewalGrant, _ requirement: TokenRequirement, _ old: TokenRecord?,
        before: Backoff?, _ locked: borrowing LockedFiles
    ) throws(Failure) -> TokenRequest {
        try checkBrake(locked)
        let backoff = locked.backoff
        try shareFailure(backoff, since: before, grant, locked.files)
        let now = world.clock.now()
        if let obstacle = backoff, obstacle.isActive(at: now) {
            if case .busy = obstacle.cause {
                let isBearable = old?.token.map { requirement.isBearable($0, at: now) } ?? false
                try obstacle.wait(
                    until: world.clock.uptime() + (isBearable ? 0 : Self.timeout), context)
            }
            if !obstacle.allowsLook(at: now) { try check(obstacle, grant, locked.files) }
        }
        try ClientCredentialLoader(context).requirePermission(client)
        let metadata = MetadataCache(client.server, context.locations, world)
        let request: TokenRequest
        do throws(Failure) {
            request = try self.request(grant, metadata: metadata)
        } catch {
            if let refusal = Refusal(ofCommand: client.authentication, error),
                let fingerprint = fingerprint(
                    of: grant, refusedFor: refusal.cause, locked.files)
            {
                locked.save(.refused(refusal, request: fingerprint, now: now))
            }
            throw error
        }
        if let backoff, backoff.isActive(at: now), backoff.sent == request.fingerprint {
            try check(backoff, grant, locked.files)
        }
        return request
    }

    private func check(_ backoff: Backoff, _ grant: RenewalGrant, _ files: TokenFiles)
        throws(Failure)
    {
        try backoff.check(against: { fingerprint(of: grant, refusedFor: $0, files) }, choice)
    }

    /// The fingerprint of what was refused: the session, or the request, without running a command
    /// for its secret; `nil` if there is none, or the secret cannot be read.
    func fingerprint(
        of grant: RenewalGrant, refusedFor cause: Refusal.Cause, _ files: TokenFiles
    ) -> String? {
        if cause == .session { return grant.session(files.binding) }
        // The error is ignored: it is reported when the request is made.
        return (try? ClientCredentialLoader(context).distinction(client)).map {
            TokenRequest.fingerprint(client, grant, $0)
        }
    }

    /// Whether a backoff is about the request that would be sent now; a changed profile sends
    /// another one.
    func isCurrent(_ backoff: Backoff, _ record: TokenRecord?, _ files: TokenFiles) -> Bool {
        guard case .refused(let cause, let request) = backoff.cause else { return true }
        return [RenewalGrant(client, record), RenewalGrant(client, nil)].contains { grant in
            grant.map { fingerprint(of: $0, refusedFor: cause, files) == request } ?? false
        }
    }

    func request(_ grant: RenewalGrant, metadata: MetadataCache?) throws(Failure) -> TokenRequest {
        let credential = try ClientCredentialLoader(context).credential(client)
        let sent = credential.secrets.adding(grant.fields(client).compactMap { $0.secret })
        return TokenRequest(
            client: client, grant: grant, credential: credential,
            lookup: EndpointLookup(client.server, cache: metadata, sent: sent, world: world),
            world: world)
    }

    /// The record after an answer that came at `receivedAt`.
    /// - Parameter kept: the refresh token that was sent; `nil` for a new session.
    func record(
        _ response: TokenResponse, at receivedAt: UnixTime, replacing old: TokenRecord?,
        keeping kept: Secret?, _ locked: borrowing LockedFiles
    ) -> TokenRecord {
        TokenRecord(
            response, lifetime: client.lifetime(of: response, receivedAt: receivedAt),
            receivedAt: receivedAt, binding: locked.files.binding, replacing: old, keeping: kept,
            path: old?.path ?? locked.files.home.token)
    }

    /// Updates the files after a successful answer.
    func succeeded(_ response: TokenResponse, _ locked: borrowing LockedFiles) {
        locked.removeBackoff()
        guard let granted = response.grantedScope else { return }
        let missing = Set(client.scopes).subtracting(granted.split(separator: " ").map(String.init))
        guard !missing.isEmpty else { return }
        world.voice.notice(
            "the server did not grant the scope '\(missing.sorted().joined(separator: " "))'")
    }

    func refused(_ refusal: Refusal, _ request: TokenRequest, _ locked: borrowing LockedFiles)
        -> Failure
    {
        let fingerprint = fingerprint(
            of: request.grant, refusedFor: refusal.cause, locked.files)
        if let fingerprint {
            let isOfCommand =
                if case .secret(.command, _) = client.authentication { true } else { false }
            locked.save(
                .refused(
                    refusal, request: fingerprint, sent: isOfCommand ? request.fingerprint : nil,
                    after: locked.backoff, now: world.clock.now()))
        }
        return .refused(refusal, choice, .token)
    }

    func busy(_ reason: String, _ retryAfter: Seconds?, _ locked: borrowing LockedFiles) -> Failure
    {
        let now = world.clock.now()
        let next = Backoff.busy(
            reason, retryAfter: retryAfter, after: locked.backoff, now: now,
            jitter: world.clock.random(upTo:))
        locked.save(next)
        return .backingOff(choice, next, now)
    }
}
