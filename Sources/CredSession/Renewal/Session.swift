package import CredCore
import CredSystem

/// Returns the credential of one selected profile: from the token files if it is valid, otherwise
/// from the server.
package struct Session: Sendable {
    private let context: ProfileContext
    private var choice: ProfileChoice { context.choice }
    private var world: World { context.world }

    package init(_ context: ProfileContext) {
        self.context = context
        let choice = context.choice
        context.world.voice.trace {
            .profile(name: choice.profile.name.description, source: choice.source.description)
        }
    }

    /// The result of a request for a credential.
    package enum Outcome: Sendable {
        /// A credential that meets the requirement; `nil` for a profile that sends none.
        case credential(Credential?)
        /// A login is required, or in progress in another process; the failure to report if the
        /// caller does not wait for it.
        case needsLogin(Failure)
    }

    package func outcome(_ requirement: TokenRequirement) throws(Failure) -> Outcome {
        do throws(Failure) {
            return .credential(try found(requirement))
        } catch {
            guard error.kind == .loginRequired else { throw error }
            guard choice.storage == .saved,
                let holder = context.locations.loginHolder(
                    choice.profile.name, world.clock.random)
            else {
                return .needsLogin(error)
            }
            return .needsLogin(.othersLogIn(choice, holder: holder))
        }
    }

    /// A credential that meets `requirement`; `nil` for a profile that sends none.
    package func credential(_ requirement: TokenRequirement = TokenRequirement()) throws(Failure)
        -> Credential?
    {
        switch try outcome(requirement) {
        case .credential(let credential): return credential
        case .needsLogin(let failure): throw failure
        }
    }

    private func found(_ requirement: TokenRequirement) throws(Failure) -> Credential? {
        switch choice.profile.method {
        case .none: return nil
        case .apiKey(let key): return try notRefused(try apiKey(key), requirement)
        case .legacy(let login): return try notRefused(try legacyKey(login), requirement)
        case .validator:
            throw Failure(
                .profile, "profile '\(choice.profile.name)' has no credential",
                because: "its client_type 'oidc_client_validator' only validates tokens")
        case .oauth(let client):
            let token = try token(client, requirement)
            return Credential(.accessToken, token.authorization, expiresAt: token.knownExpiry)
        }
    }

    private func token(_ client: OAuthClient, _ requirement: TokenRequirement) throws(Failure)
        -> Token
    {
        let renewal = Renewal(context, client)
        switch TokenStore(context, client) {
        case .memory: return try renewal.tokenForOnce(requirement)
        case .files(let files):
            let handed = requirement.caller == nil ? nil : HandedTokens(files)
            let record = try renewal.load(files, requirement)
            record?.protect(world.voice)
            let resolved = requirement.resolved(record?.token, handed)
            let token = try token(client, resolved, record, files, renewal)
            if let caller = requirement.caller, let handed {
                let occasion: HandedTokens.Occasion =
                    requirement.refused != .handedToCaller
                    ? .rejected : resolved.refused == .none ? .hook : .hookAgain
                handed.add(token.authorization.credential.fingerprint, to: caller, occasion)
            }
            return token
        }
    }

    private func token(
        _ client: OAuthClient, _ requirement: TokenRequirement, _ record: TokenRecord?,
        _ files: TokenFiles, _ renewal: Renewal
    ) throws(Failure) -> Token {
        if let token = record?.token {
            let now = world.clock.now()
            if requirement.isMet(by: token, at: now) {
                if let notice = record?.endOfLogin(choice, at: now) { world.voice.notice(notice) }
                if RenewalGrant(client, record) != nil { renewAhead(token, record, files) }
                return token
            }
            if let minimumLife = requirement.minimumLife, let life = token.lifetime,
                life <= minimumLife,
                !requirement.isRefused(token), token.freshness(at: now, minimumLife: nil) == .good
            {
                throw .tooShort(choice, life: life, minimumLife: minimumLife)
            }
        }
        guard RenewalGrant(client, record) != nil else {
            return try bearable(record, requirement)
        }
        return try renewal.token(requirement, insteadOf: record?.token, files)
    }

    /// Starts a detached process that renews a token past three quarters of its lifetime, so that
    /// no caller waits for a renewal while the token is valid.
    private func renewAhead(_ token: Token, _ record: TokenRecord?, _ files: TokenFiles) {
        guard let arguments = choice.arguments,
            token.freshness(at: world.clock.now(), minimumLife: nil) != .good,
            files.obstacle(for: record, at: world.clock.now()) == nil, files.isIdle
        else { return }
        world.engines.startInBackground(arguments)
    }

    /// Renews an ageing token: the work of that detached process.
    package func renewAhead() throws(Failure) {
        guard case .oauth(let client) = choice.profile.method,
            case .files(let files) = TokenStore(context, client)
        else { return }
        try Renewal(context, client).ahead(files)
    }

    /// Records that a server rejected this access token. A different cached token is left alone.
    /// - Parameter host: the server, for messages.
    package func reject(_ secret: Secret, by host: String? = nil) throws(Failure) {
        guard case .oauth(let client) = choice.profile.method,
            case .files(let files) = TokenStore(context, client),
            try cached(secret, files, client) != nil
        else { return }
        _ = try files.whileLocked(
            purpose: "dropping a token of profile '\(choice.profile.name)'",
            deadline: world.clock.uptime() + Self.rejectionTimeout
        ) { (locked) throws(Failure) -> Bool in
            guard let (record, token) = try cached(secret, files, client) else { return false }
            Renewal(context, client).note(refusalOf: token, by: host, locked)
            return locked.save(TokenRecord(rejecting: record, token)) != nil
        }
    }

    /// Records that a server accepted this access token, which ends a series of refusals.
    package func accept(_ secret: Secret) throws(Failure) {
        guard case .oauth(let client) = choice.profile.method,
            case .files(let files) = TokenStore(context, client), files.brake != nil,
            try cached(secret, files, client) != nil
        else { return }
        _ = try files.whileLocked(
            purpose: "noting that a token of profile '\(choice.profile.name)' was accepted",
            deadline: world.clock.uptime() + Self.rejectionTimeout
        ) { (locked) throws(Failure) -> Bool in
            if try cached(secret, files, client) != nil { locked.removeBrake() }
            return true
        }
    }

    /// How long `reject` waits for the lock, in milliseconds: git waits for the end of `erase`,
    /// which only helps the next command.
    private static let rejectionTimeout: Int64 = 5000

    private func cached(_ secret: Secret, _ files: TokenFiles, _ client: OAuthClient)
        throws(Failure) -> (TokenRecord, Token)?
    {
        guard let record = try files.load(client.brokenFiles), let token = record.token,
            token.authorization.credential == secret
        else { return nil }
        return (record, token)
    }

    /// What is known without asking a server.
    package func status() -> SessionStatus {
        switch choice.profile.method {
        case .none, .validator: return SessionStatus(.notNeeded)
        case .apiKey(let key):
            return status(isStored: key.key == nil) { () throws(Failure) in try apiKey(key) }
        case .legacy(let login):
            return status(isStored: login.key == nil) { () throws(Failure) in try legacyKey(login) }
        case .oauth(let client):
            switch TokenStore(context, client) {
            case .memory:
                return SessionStatus(
                    .missing, of: SessionStatus.Owner(configuredFor: client),
                    needsLogin: RenewalGrant(client, nil) == nil)
            case .files(let files):
                let renewal = Renewal(context, client)
                let now = world.clock.now()
                var status = SessionStatus(files, client, at: now) {
                    renewal.isCurrent($0, $1, files)
                }
                status.brake = renewal.brake(files, at: now)
                return status
            }
        }
    }

    /// The status of a key.
    /// - Parameter isStored: whether it is in `token.json`, not in the profile.
    private func status(isStored: Bool, _ key: () throws(Failure) -> Credential) -> SessionStatus {
        do throws(Failure) {
            let secret = try key().authorization.credential
            let record = isStored ? try TokenStore(keyOf: context).load(.fail) : nil
            return SessionStatus(
                .apiKey, of: SessionStatus.Owner(of: secret, record), path: record?.path)
        } catch {
            // A broken file needs a login as well.
            if isStored, !isStoredKeyReadable {
                return SessionStatus(.unusable(error.asReason), needsLogin: true)
            }
            return error.kind == .loginRequired
                ? SessionStatus(.missing, needsLogin: isStored)
                : SessionStatus(.unusable(error.asReason))
        }
    }

    /// The token, if it may still be used; else the failure that names the login.
    private func bearable(_ record: TokenRecord?, _ requirement: TokenRequirement) throws(Failure)
        -> Token
    {
        if let token = record?.token, requirement.isBearable(token, at: world.clock.now()) {
            return token
        }
        throw .needsPerson(choice, record)
    }

    /// The key, unless a server rejected it: a key cannot be renewed.
    private func notRefused(_ key: Credential, _ requirement: TokenRequirement) throws(Failure)
        -> Credential
    {
        switch requirement.refused {
        case .none, .handedToCaller: return key
        case .latest, .fingerprint:
            throw Failure(
                .loginRequired, "the API key of profile '\(choice.profile.name)' was rejected",
                because: "an API key cannot be renewed",
                remedy: choice.path.map { "${EDITOR:-vi} \($0.shellQuoted)" })
        }
    }

    private func apiKey(_ key: APIKey) throws(Failure) -> Credential {
        if let text = key.key?.reveal(),
            let authorization = Authorization(scheme: key.scheme, credential: text)
        {
            context.warnOfConfiguration()
            return Credential(.apiKey, authorization)
        }
        let stored = try storedKey()
        guard let text = stored["api_key"]?.string,
            let authorization = Authorization(
                scheme: stored["bearer_token_prefix"]?.string ?? key.scheme, credential: text)
        else { throw .noKey(choice, "neither its configuration nor 'token.json' contains one") }
        return Credential(.apiKey, authorization)
    }

    private func legacyKey(_ login: LegacyLogin) throws(Failure) -> Credential {
        let key: String?
        if let own = login.key { key = own.reveal() } else { key = try storedKey()["key"]?.string }
        guard let text = key,
            let authorization = Authorization(scheme: APIKey.planetScheme, credential: text)
        else {
            throw .noKey(choice, "not logged in")
        }
        return Credential(.apiKey, authorization)
    }

    private var isStoredKeyReadable: Bool {
        do throws(Failure) { _ = try TokenStore(keyOf: context).load(.fail) } catch { return false }
        return true
    }

    /// The members of the `token.json` of a profile with a key, which has no expiry and needs no
    /// lock; none if there is no file. Fails as `TokenFiles.load` does.
    private func storedKey() throws(Failure) -> JSONObject {
        let record = try TokenStore(keyOf: context).load(.fail)
        record?.protect(world.voice)
        return record?.members ?? JSONObject()
    }
}

extension Failure {
    fileprivate static func noKey(_ choice: ProfileChoice, _ reason: String) -> Failure {
        Failure(
            .loginRequired, "profile '\(choice.profile.name)' has no API key", because: reason,
            remedy: choice.loginCommand)
    }
}
