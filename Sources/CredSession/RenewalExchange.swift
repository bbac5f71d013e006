import CredCore
import CredOAuth
import CredSystem

extension Renewal {
    /// The file with a new token, saved: from a journal that a killed process left, or from the
    /// server.
    func newFile(
        _ need: Need, _ old: TokenFile?, _ locked: borrowing LockedCache, _ cache: TokenCache
    ) throws(Failure) -> TokenFile {
        let home = cache.places[0].folder
        if client.grant != .clientCredentials,
            case .granted(let response, let receivedAt, let path) = RenewalJournal.left(
                in: home, answering: old?.refreshToken)
        {
            let file = file(response, receivedAt, old, cache)
            if locked.save(file) != nil { File.remove(path) }
            if let token = file.token, need.isMet(by: token, at: world.now()) { return file }
            return try ask(need, file, locked, cache)
        }
        return try ask(need, old, locked, cache)
    }

    /// Asks the server, once the pause that others agreed on is over.
    private func ask(
        _ need: Need, _ old: TokenFile?, _ locked: borrowing LockedCache, _ cache: TokenCache
    ) throws(Failure) -> TokenFile {
        guard let grant = RenewalGrant(client, old) else { throw .needsPerson(choice) }
        let previous = locked.backoff
        if let previous, previous.isBusy(at: world.now()) {
            let isBearable = old?.token.map { need.isBearable($0, at: world.now()) } ?? false
            try wait(previous, until: world.uptime() + (isBearable ? 0 : Self.patience))
        }
        let request = try request(
            grant, cache: MetadataCache(client.server, folders: folders, world: world))
        if let previous, previous.isActive(at: world.now()),
            case .refused(let cause, let fingerprint) = previous.cause,
            fingerprint == request.fingerprint(for: cause)
        {
            throw .refused(Refusal(cause, "\(previous.reason), a moment ago"), choice)
        }
        // Counted from here: the client secret may come from a person's password manager.
        let deadline = world.uptime() + Self.patience
        switch grant {
        case .clientCredentials:
            switch try request.run(deadline: deadline) {
            case .granted(let response):
                let file = file(response.withoutRefreshToken, world.now(), old, cache)
                if locked.save(file) == nil {
                    world.notice(
                        "no folder takes the token; the next call will ask the server again")
                }
                if previous != nil { locked.removeBackoff() }
                reportNarrowScope(response)
                return file
            case .refused(let refusal): throw refused(refusal, request, locked)
            case .busy(let reason, let retryAfter):
                throw busy(reason, retryAfter, previous, locked)
            }
        case .refreshToken(let refreshToken):
            return try refresh(refreshToken, request, old, deadline, previous, locked, cache)
        }
    }

    /// One use of a refresh token, which survives the end of this process at any instant.
    private func refresh(
        _ refreshToken: Secret, _ request: TokenRequest, _ old: TokenFile?, _ deadline: Int64,
        _ previous: Backoff?, _ locked: borrowing LockedCache, _ cache: TokenCache
    ) throws(Failure) -> TokenFile {
        let journal: RenewalJournal
        do throws(Failure) {
            journal = try RenewalJournal(in: cache.places[0].folder, answering: refreshToken)
        } catch {
            throw .notSpent(choice, error)
        }
        let outcome: TokenRequest.Outcome
        do throws(Failure) {
            outcome = try request.run(
                deadline: deadline,
                recording: Recording(output: journal.output, lock: locked.lockDescriptor))
        } catch {
            journal.remove()
            throw error
        }
        switch outcome {
        case .granted(let response):
            let file = file(response, world.now(), old, cache)
            // Where it cannot be saved the journal keeps the answer for the next process.
            if locked.save(file) == nil {
                world.notice("'\(cache.places[0].folder)' cannot take the token; its journal does")
            } else {
                journal.remove()
            }
            if previous != nil { locked.removeBackoff() }
            reportNarrowScope(response)
            return file
        case .refused(let refusal):
            journal.remove()
            // Another tool may have been quicker: what it left is newer than what was refused.
            if refusal.cause == .session, let now = try load(cache, Need()),
                let other = now.refreshToken, other != refreshToken
            {
                if now.token?.freshness(at: world.now(), minimumLife: nil) == .good { return now }
                return try refresh(
                    other, request.with(.refreshToken(other)), now, deadline, previous, locked,
                    cache)
            }
            throw refused(refusal, request, locked)
        case .busy(let reason, let retryAfter):
            journal.remove()
            throw busy(reason, retryAfter, previous, locked)
        }
    }

    private func refused(
        _ refusal: Refusal, _ request: TokenRequest, _ locked: borrowing LockedCache
    ) -> Failure {
        locked.save(
            .refused(refusal, request: request.fingerprint(for: refusal.cause), now: world.now()))
        return .refused(refusal, choice)
    }

    private func busy(
        _ reason: String, _ retryAfter: Seconds?, _ previous: Backoff?,
        _ locked: borrowing LockedCache
    ) -> Failure {
        let next = Backoff.busy(
            reason, retryAfter: retryAfter, after: previous, now: world.now(),
            jitter: world.random(upTo:))
        locked.save(next)
        return .backingOff(choice, next, world.now())
    }

    private func file(
        _ response: TokenResponse, _ receivedAt: UnixTime, _ old: TokenFile?, _ cache: TokenCache
    ) -> TokenFile {
        TokenFile(
            response, lifetime: lifetime(response), receivedAt: receivedAt,
            binding: cache.binding, replacing: old,
            keeping: client.grant == .clientCredentials ? nil : old?.refreshToken,
            path: old?.path ?? "\(cache.places[0].folder)/token.json")
    }

    /// Waits for the end of a pause, or fails where that is after the deadline.
    private func wait(_ backoff: Backoff, until deadline: Int64) throws(Failure) {
        let pause = (backoff.until - world.now()) * 1000
        guard world.uptime() + pause < deadline else {
            throw .backingOff(choice, backoff, world.now())
        }
        world.pause(pause, because: backoff.reason)
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

    func request(_ grant: RenewalGrant, cache: MetadataCache?) throws(Failure) -> TokenRequest {
        let folder = choice.path.flatMap { path in
            path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[..<$0]) }
        }
        let secret = ClientSecret(profile: profile, folder: folder, world: world)
        return TokenRequest(
            client: client, grant: grant, credential: try secret.credential(client),
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
