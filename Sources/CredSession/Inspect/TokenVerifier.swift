import CredCore
import CredOAuth

/// Verifies tokens with the keys that their server publishes.
struct TokenVerifier: Sendable {
    let context: ProfileContext
    let client: OAuthClient
    let lookup: EndpointLookup
    /// The secrets to hide in texts of the server, those in its tokens included.
    let sent: SentSecrets
    /// How far the server's clock is ahead of ours, in seconds, if they differ.
    let clockDifference: Seconds?

    private var choice: ProfileChoice { context.choice }
    private var world: World { context.world }

    /// Verifies both tokens. Fails with kind `.failed` and the reason if a token is not genuine or
    /// was not issued to us, and with `.tryAgain` or `.unavailable` if the keys cannot be fetched.
    ///
    /// - Parameter deadline: in terms of `world.clock.uptime`.
    func run(_ accessToken: Secret, _ idToken: Secret?, deadline: Int64) throws(Failure) {
        let issuer = (client.server.expectedIssuer ?? client.server.issuer)
            .map(ExpectedIssuer.init(behind:))
        // An opaque token is not verified, so no keys are needed.
        guard let access = JSONWebToken(accessToken) else {
            throw notGenuine("access", "it is not a JSON Web Token; only its server can read it")
        }
        let keys = try keys(deadline)
        try check(
            access, "access", keys,
            ClaimsExpectation(.access, issuer: issuer, audience: client.audience, sent: sent))
        guard let idToken else { return }
        guard let id = JSONWebToken(idToken) else {
            throw notGenuine("ID", "it is not a valid JSON Web Token")
        }
        let expectation = ClaimsExpectation(
            .identity, issuer: issuer, audience: client.clientID, authorizedParty: client.clientID,
            sent: sent)
        try check(id, "ID", keys, expectation)
    }

    private func check(
        _ token: JSONWebToken, _ kind: String, _ keys: [JSONWebKey],
        _ expectation: ClaimsExpectation
    ) throws(Failure) {
        switch token.verify(with: keys, world: world) {
        case .valid: break
        case .invalid(let reason): throw notGenuine(kind, reason)
        case .failed(let failure): throw failure
        }
        // Times in the claims are by the server's clock.
        let now = world.clock.now() + (clockDifference ?? 0)
        if let problem = expectation.problem(in: token.claims, at: now) {
            let clock = clockDifference.map { "; \($0.asClockDifference)" } ?? ""
            throw notGenuine(kind, problem + clock)
        }
    }

    private func notGenuine(_ kind: String, _ reason: String) -> Failure {
        Failure(
            .failed, "cannot verify the \(kind) token of profile '\(choice.profile.name)'",
            because: reason, remedy: choice.command("inspect"))
    }

    private func keys(_ deadline: Int64) throws(Failure) -> [JSONWebKey] {
        let found = lookup.run(.keys, deadline: deadline)
        let result = lookup.reach(.keys, found, deadline: deadline) { url in
            KeySetRequest.run(
                at: url, sent: sent,
                certificateAuthorityFile: client.server.certificateAuthorityFile, world: world,
                timeLimit: world.clock.timeLimit(until: deadline))
        }
        switch result {
        case .success(let keys): return keys
        case .busy(let reason, _):
            throw noKeys(.tryAgain, reason, remedy: choice.command("inspect --verify"))
        case .endpointMissing(.unnamed(let reason)), .unusable(let reason):
            throw noKeys(.unavailable, reason)
        case .rejected(let rejection), .endpointMissing(.notFound(let rejection)):
            throw noKeys(.unavailable, rejection.reason)
        case .failed(let failure): throw failure
        }
    }

    private func noKeys(_ kind: Failure.Kind, _ reason: String, remedy: String? = nil) -> Failure {
        Failure(
            kind, "cannot get the server's keys for profile '\(choice.profile.name)'",
            because: reason, remedy: remedy)
    }
}
