package import CredCore
import CredSystem

/// Hands out the credential of one chosen profile.
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

    /// What a need comes to.
    package enum Outcome: Sendable {
        /// One that meets it; `nil` for a profile that sends none.
        case credential(Credential?)
        /// A person must log in, or is at it elsewhere; the failure of who does not wait for that.
        case needsLogin(Failure)
    }

    package func outcome(_ need: Need) throws(Failure) -> Outcome {
        do throws(Failure) {
            return .credential(try found(need))
        } catch {
            guard error.kind == .loginRequired else { throw error }
            guard choice.storage == .saved,
                let holder = context.locations.loginHolder(choice.profile.name)
            else {
                return .needsLogin(error)
            }
            return .needsLogin(.othersLogIn(choice, holder: holder))
        }
    }

    /// A credential that meets `need`; `nil` for a profile that sends none.
    package func credential(_ need: Need = Need()) throws(Failure) -> Credential? {
        switch try outcome(need) {
        case .credential(let credential): return credential
        case .needsLogin(let failure): throw failure
        }
    }

    private func found(_ need: Need) throws(Failure) -> Credential? {
        switch choice.profile.method {
        case .none: return nil
        case .apiKey(let key): return try notRefused(try apiKey(key), need)
        case .legacy(let login): return try notRefused(try legacyKey(login), need)
        case .validator:
            throw Failure(
                .profile, "profile '\(choice.profile.name)' has no credential",
                because: "its type checks tokens of others")
        case .oauth(let client):
            let token = try token(client, need)
            return Credential(.accessToken, token.authorization, expiresAt: token.knownExpiry)
        }
    }

    private func token(_ client: OAuthClient, _ need: Need) throws(Failure) -> Token {
        let renewal = Renewal(context, client)
        guard let cache = cache(client) else {
            return try renewal.tokenForOnce(need)
        }
        let file = try cache.load(client.brokenFiles, minimumLife: need.minimumLife)
        if let file, file.isReadableByOthers { world.protect(file.path) }
        let need = need.resolved(file?.token)
        if let token = file?.token {
            let now = world.clock.now()
            if need.isMet(by: token, at: now) {
                if let notice = file?.endOfLogin(choice, at: now) { world.voice.notice(notice) }
                if RenewalGrant(client, file) != nil { renewAhead(token, file, cache) }
                return token
            }
            if let minimumLife = need.minimumLife, let life = token.lifetime, life <= minimumLife,
                !need.isRefused(token), token.freshness(at: now, minimumLife: nil) == .good
            {
                throw .tooShort(choice, life: life, minimumLife: minimumLife)
            }
        }
        guard RenewalGrant(client, file) != nil else { return try bearable(file?.token, need) }
        return try renewal.token(need, insteadOf: file?.token, cache: cache)
    }

    /// While a token is good nobody waits for its renewal: past three quarters of its life one
    /// detached process gets the next one.
    private func renewAhead(_ token: Token, _ file: TokenFile?, _ cache: TokenCache) {
        guard let arguments = choice.arguments,
            token.freshness(at: world.clock.now(), minimumLife: nil) != .good,
            cache.obstacle(for: file, at: world.clock.now()) == nil, cache.isIdle
        else { return }
        world.engines.startInBackground(arguments)
    }

    /// The work of that detached process.
    package func renewAhead() throws(Failure) {
        guard case .oauth(let client) = choice.profile.method, let cache = cache(client) else {
            return
        }
        let renewal = Renewal(context, client)
        try renewal.ahead(cache: cache)
    }

    /// Remembers that a server did not take this access token. Another one in the cache stays.
    package func reject(_ secret: Secret) throws(Failure) {
        guard case .oauth(let client) = choice.profile.method, let cache = cache(client),
            try isCached(secret, cache, client) != nil
        else { return }
        _ = try cache.whileLocked(
            purpose: "dropping a token of '\(choice.profile.name)'",
            deadline: world.clock.uptime() + Self.rejectionPatience
        ) { (locked) throws(Failure) -> Bool in
            guard let (file, token) = try isCached(secret, cache, client) else { return false }
            return locked.save(TokenFile(rejecting: file, token)) != nil
        }
    }

    /// git waits for the end of `erase`, and what it says is of use only to the next command.
    private static let rejectionPatience: Int64 = 5000

    private func isCached(_ secret: Secret, _ cache: TokenCache, _ client: OAuthClient)
        throws(Failure) -> (TokenFile, Token)?
    {
        guard let file = try cache.load(client.brokenFiles, minimumLife: nil),
            let token = file.token, token.authorization.credential == secret
        else { return nil }
        return (file, token)
    }

    /// What is known without asking any server.
    package func status() -> SessionStatus {
        switch choice.profile.method {
        case .none, .validator: return SessionStatus(.notNeeded)
        case .apiKey(let key): return SessionStatus((try? apiKey(key)) == nil ? .missing : .apiKey)
        case .legacy(let login):
            return SessionStatus((try? legacyKey(login)) == nil ? .missing : .apiKey)
        case .oauth(let client):
            guard let cache = cache(client) else { return SessionStatus(.missing) }
            return SessionStatus(cache, at: world.clock.now())
        }
    }

    private func cache(_ client: OAuthClient) -> TokenCache? {
        switch choice.storage {
        case .memoryOnly: nil
        case .saved:
            TokenCache(context, client)
        }
    }

    /// A token that only a person could replace.
    private func bearable(_ token: Token?, _ need: Need) throws(Failure) -> Token {
        if let token, need.isBearable(token, at: world.clock.now()) { return token }
        throw .needsPerson(choice)
    }

    /// There is no other key to get instead.
    private func notRefused(_ key: Credential, _ need: Need) throws(Failure) -> Credential {
        guard case .none = need.refused else {
            throw Failure(
                .loginRequired, "the API key of profile '\(choice.profile.name)' was refused",
                because: "a key cannot be renewed",
                remedy: choice.path.map { "${EDITOR:-vi} \($0.shellQuoted)" })
        }
        return key
    }

    private func apiKey(_ key: APIKey) throws(Failure) -> Credential {
        if let text = key.key?.reveal(),
            let authorization = Authorization(scheme: key.scheme, credential: text)
        {
            return Credential(.apiKey, authorization)
        }
        let stored = storedKey()
        guard let text = stored["api_key"]?.string,
            let authorization = Authorization(
                scheme: stored["bearer_token_prefix"]?.string ?? key.scheme, credential: text)
        else { throw .noKey(choice, "neither its file nor 'token.json' holds one") }
        return Credential(.apiKey, authorization)
    }

    private func legacyKey(_ login: LegacyLogin) throws(Failure) -> Credential {
        guard let text = login.key?.reveal() ?? storedKey()["key"]?.string,
            let authorization = Authorization(scheme: APIKey.planetScheme, credential: text)
        else {
            throw .noKey(choice, "nobody has logged in")
        }
        return Credential(.apiKey, authorization)
    }

    /// `token.json` of a profile with a key: no expiry, no lock.
    private func storedKey() -> JSONObject {
        let path = "\(context.locations.profile(choice.profile.name))/token.json"
        guard choice.storage == .saved, case .content(let content) = File.read(path, .ownFile),
            // A file without a usable key is told like no file.
            let object = try? JSONValue(parsing: content.bytes).object
        else { return JSONObject() }
        if content.isReadableByOthers { world.protect(path) }
        return object
    }
}

extension Failure {
    fileprivate static func noKey(_ choice: ProfileChoice, _ reason: String) -> Failure {
        Failure(
            .loginRequired, "profile '\(choice.profile.name)' has no API key", because: reason,
            remedy: choice.loginCommand)
    }
}
