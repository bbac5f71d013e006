import CredCore
import CredOAuth

/// Asks a server to revoke tokens, and tries again once if the server is busy.
struct RevocationRequest: Sendable {
    let client: OAuthClient
    let credential: ClientCredential
    let lookup: EndpointLookup
    let world: World
    var limits = Limits.ofLogout

    /// How long the revocation may take.
    struct Limits: Sendable {
        /// The timeout for all tokens together, in milliseconds.
        let timeout: Int64
        /// The longest pause that is accepted from the server, in seconds.
        let longestPause: Seconds

        /// Short, because a person waits and the local copies are deleted in any case.
        static let ofLogout = Limits(timeout: 10_000, longestPause: 5)
        /// Hardly noticeable, because the person wants to log in.
        static let ofLogin = Limits(timeout: 2000, longestPause: 0)
    }

    /// The server's answer for all tokens.
    enum Outcome: Hashable, Sendable {
        case revoked
        /// The refresh tokens are revoked, but the access tokens may still be valid; why.
        case accessTokensLive(String)
        /// The server has no revocation endpoint; the reason in words.
        case endpointMissing(String)
        /// At least one token may still be valid; the reason in words.
        case notRevoked(String)
    }

    func run(_ tokens: RevocableTokens) -> Outcome {
        let deadline = world.clock.uptime() + limits.timeout
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

    /// Revokes the refresh tokens first, because a thief could get new access tokens with them. RFC
    /// 7009 §2.1. Continues after a token that the server refuses, but not if the server cannot be
    /// reached.
    private func revokeAll(_ tokens: RevocableTokens, at url: WebURL, _ deadline: Int64)
        -> EndpointResult<Outcome>
    {
        let all =
            tokens.refreshTokens.map { ($0, Revocation.TokenKind.refreshToken) }
            + tokens.accessTokens.map { ($0, .accessToken) }
        var worst = Outcome.revoked
        for (token, kind) in all {
            // There may be dozens of access tokens in the journal, and a slow server.
            if kind == .accessToken, !tokens.refreshTokens.isEmpty, world.clock.uptime() >= deadline
            {
                return .success(worst.orWorse(.accessTokensLive(noAnswer)))
            }
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

    private var noAnswer: String {
        "the server did not answer within \(limits.timeout / 1000) s"
    }

    /// Revokes one token; tries again once if the server asks for a short pause.
    private func revoke(
        _ token: Secret, _ kind: Revocation.TokenKind, at url: WebURL, _ deadline: Int64
    ) -> EndpointResult<Revocation.Effect> {
        let result = send(token, kind, url, deadline)
        guard case .busy(let reason, let retryAfter?) = result, retryAfter <= limits.longestPause,
            world.clock.uptime() + retryAfter * 1000 < deadline
        else { return result }
        world.pause(retryAfter * 1000, because: reason)
        return send(token, kind, url, deadline)
    }

    private func send(
        _ token: Secret, _ kind: Revocation.TokenKind, _ url: WebURL, _ deadline: Int64
    ) -> EndpointResult<Revocation.Effect> {
        guard world.clock.uptime() < deadline else {
            return .busy(noAnswer, retryAfter: nil)
        }
        return Revocation.revoke(
            token, kind, as: credential, at: url,
            certificateAuthorityFile: client.server.certificateAuthorityFile, world: world,
            timeLimit: world.clock.timeLimit(until: deadline))
    }
}

extension RevocationRequest.Outcome {
    /// The worse of two outcomes; the first one if they are equally bad.
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
