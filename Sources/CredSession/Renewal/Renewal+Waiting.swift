import CredCore
import CredSystem

/// Waits for the process that renews the token: for its token, or for its failure.
extension Renewal {
    /// A token that meets `requirement`, from the server or from another process that was faster.
    /// - Parameter old: the token that does not meet it.
    func token(_ requirement: TokenRequirement, insteadOf old: Token?, _ files: TokenFiles)
        throws(Failure) -> Token
    {
        let before = files.backoff
        let locking = try files.whileLocked(
            purpose: "renewing the token of profile '\(profile)'",
            deadline: waitDeadline(old, requirement),
            meanwhile: { () throws(Failure) in
                try self.result(of: files, insteadOf: old, since: before, requirement)
            },
            body: { (locked) throws(Failure) in
                let record = try self.load(files, requirement)
                if let token = try self.settled(record?.token, insteadOf: old, requirement) {
                    return token
                }
                return try self.renew(requirement, record, before: before, locked)
            })
        switch locking {
        case .done(let token): return token
        case .lockUnavailable(let failure):
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

    /// The token of the process that holds the lock; `nil` if it is not done yet. Fails if it
    /// failed.
    private func result(
        of files: TokenFiles, insteadOf old: Token?, since before: Backoff?,
        _ requirement: TokenRequirement
    ) throws(Failure) -> Token? {
        let record = try load(files, requirement)
        if let token = try settled(record?.token, insteadOf: old, requirement) { return token }
        guard let grant = RenewalGrant(client, record) else { return nil }
        do throws(Failure) {
            try shareFailure(files.backoff, since: before, grant, files)
            return nil
        } catch {
            return try bearable(record?.token, requirement, otherwise: error)
        }
    }

    /// Fails if another process has failed to send the same request since this one began. Otherwise
    /// each of a hundred waiting processes would try in its turn, and the last would wait for them
    /// all.
    /// - Parameter backoff: what is saved now.
    func shareFailure(
        _ backoff: Backoff?, since before: Backoff?, _ grant: RenewalGrant, _ files: TokenFiles
    ) throws(Failure) {
        guard let backoff, backoff != before else { return }
        if case .busy = backoff.cause {
            throw .backingOff(choice, backoff, world.clock.now())
        }
        try backoff.check(against: { fingerprint(of: grant, refusedFor: $0, files) }, choice)
    }

    /// The token that another process got meanwhile, if it meets the requirement. Fails if it is
    /// new and does not, because then no token would.
    private func settled(_ token: Token?, insteadOf old: Token?, _ requirement: TokenRequirement)
        throws(Failure) -> Token?
    {
        guard let token, !requirement.isRefused(token), !token.isRejected else { return nil }
        let now = world.clock.now()
        if requirement.isMet(by: token, at: now) { return token }
        let isNew = token.freshness(at: now, minimumLife: nil) == .good
        guard token != old, isNew || token.lifetime == 0 else { return nil }
        return try longEnough(token, requirement)
    }

    /// How long to wait for a better token if the old one is still valid, in milliseconds.
    private static let politeTimeout: Int64 = 2000

    /// The deadline for waiting for another process: short if the old token can be used instead.
    func waitDeadline(_ old: Token?, _ requirement: TokenRequirement) -> Int64 {
        let isBearable = old.map { requirement.isBearable($0, at: world.clock.now()) } ?? false
        return world.clock.uptime() + (isBearable ? Self.politeTimeout : Self.lockTimeout)
    }

    /// The old token, with a message about the reason, if servers still accept it.
    func bearable(_ old: Token?, _ requirement: TokenRequirement, otherwise failure: Failure)
        throws(Failure) -> Token
    {
        let now = world.clock.now()
        guard let old, requirement.isBearable(old, at: now) else { throw failure }
        let left = old.expiresAt.map { ($0 - now).inWords } ?? "an unknown time"
        world.voice.notice(
            "using a token that is still valid for \(left): \(failure.because ?? failure.what)")
        return old
    }

    func longEnough(_ token: Token, _ requirement: TokenRequirement) throws(Failure) -> Token {
        guard let minimumLife = requirement.minimumLife, let life = token.lifetime,
            life <= minimumLife
        else { return token }
        throw .tooShort(choice, life: life, minimumLife: minimumLife)
    }
}
