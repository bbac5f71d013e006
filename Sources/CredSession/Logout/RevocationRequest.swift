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
        /// The server names no place to be told; why, in words.
        case endpointMissing(String)
        /// At least one token is as good as before; why, in words.
        case notRevoked(String)
    }

    /// How long the server may take for all tokens together, in milliseconds: a person waits, and
    /// what is kept here goes in any case.
    private static let timeout: Int64 = 10_000
    /// How long a wait that the server asks for is worth it, in seconds.
    private static let longestPause: Seconds = 5

    func run(_ tokens: RevocableTokens) -> Outcome {
        let deadline = world.clock.uptime() + Self.timeout
        let found = lookup.run(.revocation, deadline: deadline)
        let result = lookup.reach(.revocation, found, deadline: deadline) { url in
            revokeAll(tokens, at: url, deadline)
        }
        return switch result {
        case .success(let outcome): outcome
        case .endpointMissing(.unnamed(let reason)): .endpointMissing(reason)
        case .endpointMissing(.notFound(let rejection)), .rejected(let rejection):
            .notRevoked(rejection.reason)
        case .busy(let reason, _), .unusable(let reason): .notRevoked(reason)
        case .failed(let failure): .notRevoked(failure.asReason)
        }
    }

    /// Refresh tokens first: with them a thief would get the others. RFC 7009 §2.1. A token that the
    /// server refuses keeps no other from being told; a server that is not there is left alone.
    private func revokeAll(_ tokens: RevocableTokens, at url: WebURL, _ deadline: Int64)
        -> EndpointResult<Outcome>
    {
        let all =
            tokens.refreshTokens.map { ($0, Revocation.TokenKind.refreshToken) }
            + tokens.accessTokens.map { ($0, .accessToken) }
        var worst = Outcome.revoked
        for (token, kind) in all {
            switch revoke(token, kind, at: url, deadline) {
            case .success(.revoked): continue
            case .endpointMissing(let missing): return .endpointMissing(missing)
            case .busy(let reason, _), .unusable(let reason):
                return .success(worst.orWorse(.notRevoked(reason)))
            case .failed(let failure):
                return .success(worst.orWorse(.notRevoked(failure.asReason)))
            case .rejected(let rejection):
                let isSession = kind == .refreshToken || tokens.refreshTokens.isEmpty
                worst = worst.orWorse(
                    isSession
                        ? .notRevoked(rejection.reason) : .accessTokensLive(rejection.reason))
            }
        }
        return .success(worst)
    }

    /// Once more after a pause that the server asks for, where that is short.
    private func revoke(
        _ token: Secret, _ kind: Revocation.TokenKind, at url: WebURL, _ deadline: Int64
    ) -> EndpointResult<Revocation.Effect> {
        let result = send(token, kind, url, deadline)
        guard case .busy(let reason, let retryAfter?) = result, retryAfter <= Self.longestPause,
            world.clock.uptime() + retryAfter * 1000 < deadline
        else { return result }
        world.pause(retryAfter * 1000, because: reason)
        return send(token, kind, url, deadline)
    }

    private func send(
        _ token: Secret, _ kind: Revocation.TokenKind, _ url: WebURL, _ deadline: Int64
    ) -> EndpointResult<Revocation.Effect> {
        guard world.clock.uptime() < deadline else {
            return .busy("the server did not answer within 10 s", retryAfter: nil)
        }
        return Revocation.revoke(
            token, kind, as: credential, at: url,
            certificateAuthorityFile: client.server.certificateAuthorityFile, world: world,
            timeLimit: world.clock.timeLimit(until: deadline))
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
        case .endpointMissing: 2
        case .notRevoked: 3
        }
    }
}
