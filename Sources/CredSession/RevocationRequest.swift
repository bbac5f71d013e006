import CredCore
import CredOAuth

/// Tells a server that tokens are not needed any more, with a little patience.
struct RevocationRequest: Sendable {
    let client: OAuthClient
    let credential: ClientCredential
    let lookup: EndpointLookup
    let world: World

    /// What the server made of it.
    enum Outcome: Hashable, Sendable {
        case revoked
        /// The refresh tokens are revoked, and the access tokens are as good as before; why.
        case accessTokensLive(String)
        /// The server has no place to be told; why, in words.
        case nowhere(String)
        /// At least one token is as good as before; why, in words.
        case notRevoked(String)
    }

    /// How long the server may take for all tokens together, in milliseconds: a person waits, and
    /// what is kept here goes in any case.
    private static let patience: Int64 = 10_000
    /// How long a wait that the server asks for is worth it, in seconds.
    private static let longestPause: Seconds = 5

    func run(_ tokens: LiveTokens) -> Outcome {
        let deadline = world.clock.uptime() + Self.patience
        return run(tokens, lookup.run(.revocation, deadline: deadline), deadline)
    }

    private func run(_ tokens: LiveTokens, _ found: EndpointLookup.Outcome, _ deadline: Int64)
        -> Outcome
    {
        switch found {
        case .busy(let reason, _): return .notRevoked(reason)
        case .nowhere(let reason): return .nowhere(reason)
        case .failed(let failure): return .notRevoked(failure.asReason)
        case .found(let url, let origin):
            switch revokeAll(tokens, at: url, deadline) {
            case .told(let outcome): return outcome
            case .misplaced(let reason):
                guard origin == .memory else { return .notRevoked(reason) }
                return run(tokens, lookup.ask(.revocation, deadline: deadline), deadline)
            }
        }
    }

    private enum Telling: Hashable, Sendable {
        case told(Outcome)
        /// There is no revocation endpoint at this address any more.
        case misplaced(String)
    }

    /// Refresh tokens first: with them a thief would get the others. RFC 7009 §2.1. A token that the
    /// server refuses keeps no other from being told; a server that is not there is left alone.
    private func revokeAll(_ tokens: LiveTokens, at url: WebURL, _ deadline: Int64) -> Telling {
        let all =
            tokens.refreshTokens.map { ($0, Revocation.TokenKind.refreshToken) }
            + tokens.accessTokens.map { ($0, .accessToken) }
        var worst = Outcome.revoked
        for (token, kind) in all {
            switch revoke(token, kind, at: url, deadline) {
            case .revoked: continue
            case .misplaced(let reason): return .misplaced(reason)
            case .notTold(let reason): return .told(worst.orWorse(.notRevoked(reason)))
            case .refused(let reason):
                let isSession = kind == .refreshToken || tokens.refreshTokens.isEmpty
                worst = worst.orWorse(
                    isSession ? .notRevoked(reason) : .accessTokensLive(reason))
            }
        }
        return .told(worst)
    }

    private enum Answer: Hashable, Sendable {
        case revoked
        case refused(String)
        case misplaced(String)
        case notTold(String)
    }

    /// Once more after a pause that the server asks for, where that is short.
    private func revoke(
        _ token: Secret, _ kind: Revocation.TokenKind, at url: WebURL, _ deadline: Int64
    ) -> Answer {
        var outcome = send(token, kind, url, deadline)
        if case .busy(let reason, let retryAfter?) = outcome, retryAfter <= Self.longestPause,
            world.clock.uptime() + retryAfter * 1000 < deadline
        {
            world.pause(retryAfter * 1000, because: reason)
            outcome = send(token, kind, url, deadline)
        }
        return switch outcome {
        case .revoked: .revoked
        case .refused(let rejection): .refused(reason(rejection, token))
        case .misplaced(let rejection): .misplaced(reason(rejection, token))
        case .busy(let reason, _): .notTold(reason)
        case .failed(let failure): .notTold(failure.asReason)
        }
    }

    private func send(
        _ token: Secret, _ kind: Revocation.TokenKind, _ url: WebURL, _ deadline: Int64
    ) -> Revocation.Outcome {
        guard world.clock.uptime() < deadline else {
            return .busy("the server takes longer than 10 s", retryAfter: nil)
        }
        return Revocation.revoke(
            token, kind, as: credential, at: url,
            certificateAuthorityFile: client.server.certificateAuthorityFile, world: world,
            timeLimit: world.clock.timeLimit(until: deadline))
    }

    /// A server may repeat what it was sent.
    private func reason(_ rejection: OAuthRejection, _ token: Secret) -> String {
        credential.redacted(rejection.reason).replacing(secret: token)
    }
}

extension RevocationRequest.Outcome {
    /// The worse of two; of two that are as bad, the one that was first.
    fileprivate func orWorse(_ other: Self) -> Self {
        other.severity > severity ? other : self
    }

    private var severity: Int {
        switch self {
        case .revoked: 0
        case .accessTokensLive: 1
        case .nowhere: 2
        case .notRevoked: 3
        }
    }
}
