package import CredCore
import CredOAuth

/// Logs out of a profile: asks the server to revoke the tokens and deletes the local copies. The
/// configuration of the profile stays.
package struct Logout: Sendable {
    private let context: ProfileContext
    private var choice: ProfileChoice { context.choice }
    private var world: World { context.world }
    /// Why the server to ask is not known, in words.
    private let obstacle: String

    package init(_ context: ProfileContext) {
        self.context = context
        obstacle = "no configuration names the profile's server"
    }

    /// The logout of a profile whose configuration cannot be used, with the reason.
    package init(
        _ name: ProfileName, unusable failure: Failure, _ locations: Locations, _ world: World
    ) {
        let choice = ProfileChoice(
            Profile(name: name, method: .none, hosts: []), .option(name))
        context = ProfileContext(choice, locations, world)
        obstacle = failure.asReason
    }

    /// The result of a successful logout.
    package enum Outcome: Hashable, Sendable {
        /// There was no login.
        case nobodyLoggedIn
        case revoked
        /// The server could not be asked to revoke the tokens, but all of them have expired by our
        /// clock.
        case expired
        /// The refresh token is revoked, but the server still accepts the access token; why, and
        /// until when.
        case accessTokenLives(until: UnixTime?, String)
        /// The local token of a client that acts for itself is deleted, but its server cannot
        /// revoke it; why, and until when it accepts the token.
        case forgotten(until: UnixTime?, String)
        /// The local API key is deleted; the service still accepts it.
        case keyForgotten
    }

    private var profile: ProfileName { context.profile }

    /// Logs out. Fails with kind `.unavailable` if a token may still be valid although the local
    /// copy is deleted, and with kind `.failed` if a file could not be removed.
    package func run() throws(Failure) -> Outcome {
        guard choice.storage == .saved else { throw .nothingSaved }
        switch choice.profile.method {
        case .none, .validator: return try forgetStray()
        case .legacy(let login): return try forgetKey(configured: login.key)
        case .apiKey(let key): return try forgetKey(configured: key.key)
        case .oauth(let client): return try logOut(client)
        }
    }

    /// - Parameter configured: the key in the configuration, which stays.
    private func forgetKey(configured: Secret?) throws(Failure) -> Outcome {
        guard configured == nil else { throw .configuredKey(choice) }
        let files = TokenFiles(keyOf: context, fallback: .allowed)
        guard try files.hasSomethingToForget else { return .nobodyLoggedIn }
        return try whileLocked(files) { (locked) throws(Failure) in
            let hadKey = try files.all().contains { $0.holdsCredential }
            try locked.forget()
            return hadKey ? .keyForgotten : .nobodyLoggedIn
        }
    }

    /// Deletes what is saved for an earlier configuration, or for one that cannot be used.
    private func forgetStray() throws(Failure) -> Outcome {
        let files = TokenFiles(keyOf: context, fallback: .allowed)
        guard try files.hasSomethingToForget else { return .nobodyLoggedIn }
        return try whileLocked(files) { (locked) throws(Failure) in
            try locked.forget()
            throw .notTold(profile, obstacle)
        }
    }

    private func logOut(_ client: OAuthClient) throws(Failure) -> Outcome {
        let files = TokenFiles(context, client)
        guard try files.hasSomethingToForget else { return .nobodyLoggedIn }
        // Done before the lock is taken, because a password manager may take a minute.
        let credential = Result { () throws(Failure) in
            try ClientCredentialLoader(context).credential(client)
        }
        let body = { (locked: borrowing LockedFiles) throws(Failure) -> Outcome in
            let tokens = try RevocableTokens(files)
            let telling = tell(tokens, client, credential)
            // Deleted whatever the server answered.
            try locked.forget()
            return try outcome(telling, tokens, client)
        }
        return try whileLocked(files, body) { (failure) throws(Failure) in
            // If no file can be locked no token is renewed either, so the request is safe.
            let isTold = tell(try RevocableTokens(files), client, credential) == .revoked
            throw .notForgotten(choice, failure, isTold ? .revoked : .live)
        }
    }

    /// Asks the server to revoke the tokens; `nil` if there are none. Never fails, because the
    /// local copies are deleted in any case.
    private func tell(
        _ tokens: RevocableTokens, _ client: OAuthClient,
        _ credential: Result<ClientCredential, Failure>
    ) -> RevocationRequest.Outcome? {
        let remaining = tokens.obstacle.map { RevocationRequest.Outcome.notRevoked($0) }
        guard !tokens.isEmpty else { return remaining }
        switch credential {
        case .failure(let failure): return .notRevoked(failure.asReason)
        case .success(let credential):
            let request = RevocationRequest(
                client: client, credential: credential,
                lookup: EndpointLookup(
                    client.server, sent: credential.secrets.adding(tokens.secrets), context),
                world: world)
            let outcome = request.run(tokens)
            return remaining ?? outcome
        }
    }

    private func outcome(
        _ telling: RevocationRequest.Outcome?, _ tokens: RevocableTokens, _ client: OAuthClient
    ) throws(Failure) -> Outcome {
        let now = world.clock.now()
        switch telling {
        case nil: return .nobodyLoggedIn
        case .revoked: return .revoked
        case .accessTokensLive(let reason):
            return tokens.accessHasExpired(at: now)
                ? .revoked : .accessTokenLives(until: tokens.accessEnd, reason)
        case .endpointMissing where tokens.haveExpired(at: now),
            .notRevoked where tokens.haveExpired(at: now):
            return .expired
        case .endpointMissing(let reason) where client.grant == .clientCredentials:
            return .forgotten(until: tokens.accessEnd, reason)
        case .endpointMissing(let reason), .notRevoked(let reason):
            throw .notTold(profile, reason)
        }
    }

    private func whileLocked(
        _ files: TokenFiles, _ body: (borrowing LockedFiles) throws(Failure) -> Outcome,
        ifLockUnavailable: (Failure) throws(Failure) -> Outcome = { (failure) throws(Failure) in
            throw failure
        }
    ) throws(Failure) -> Outcome {
        let locking = try files.whileLocked(
            purpose: "logging out of profile '\(profile)'",
            deadline: world.clock.uptime() + Renewal.lockTimeout, body: body)
        switch locking {
        case .done(let outcome): return outcome
        case .lockUnavailable(let failure): return try ifLockUnavailable(failure)
        case .busy(let holder):
            throw .lockHeld(
                "cannot log out of profile '\(profile)'", by: holder,
                remedy: choice.command("logout"))
        }
    }
}

extension Failure {
    fileprivate static var nothingSaved: Failure {
        Failure(
            .usage, "nothing to log out of with --no-save",
            because: "tokens are cached in the home directory, which is neither read nor written",
            remedy: "planet-cred logout")
    }

    fileprivate static func configuredKey(_ choice: ProfileChoice) -> Failure {
        let isVariable = choice.source == .environmentKey
        return Failure(
            .failed, "cannot delete the API key of profile '\(choice.profile.name)'",
            because: isVariable
                ? "it is in the environment variable PL_API_KEY"
                : "it is in the configuration '\(choice.path ?? "standard input")'",
            remedy: isVariable
                ? "unset PL_API_KEY" : choice.path.map { "${EDITOR:-vi} \($0.shellQuoted)" })
    }

    /// Whether the server still accepts tokens that could not be deleted.
    fileprivate enum Remains {
        case revoked, live
    }

    fileprivate static func notForgotten(
        _ choice: ProfileChoice, _ cause: Failure, _ remains: Remains
    ) -> Failure {
        let state =
            switch remains {
            case .revoked: "the server has revoked them"
            case .live: "they could not be revoked either"
            }
        return Failure(
            .failed, "cannot delete the tokens of profile '\(choice.profile.name)'",
            because: "\(cause.asReason); \(state)",
            remedy: cause.remedy ?? choice.lookAtFolder)
    }

    fileprivate static func notTold(_ profile: ProfileName, _ reason: String) -> Failure {
        Failure(
            .unavailable, "could not revoke the tokens of profile '\(profile)'",
            // The reason may come from a server and have any length.
            because:
                "\(reason.prefix(300)); the local copies are deleted, but the server may still accept them"
        )
    }
}
