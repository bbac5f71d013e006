/// An access token and its validity.
package struct Token: Hashable, Sendable {
    package let authorization: Authorization
    package let validity: Validity
    /// Whether the server rejected the token, as git or a caller reported after a 401.
    package var isRejected: Bool

    package init(authorization: Authorization, validity: Validity, isRejected: Bool = false) {
        self.authorization = authorization
        self.validity = validity
        self.isRejected = isRejected
    }

    /// The period in which a token is valid.
    package enum Validity: Hashable, Sendable {
        case between(start: UnixTime, end: UnixTime)
        /// The server issued the token at this time and did not say how long it is valid. It is
        /// used until a server rejects it, but at most for `longestUnstatedLife`.
        case unstated(since: UnixTime)
        /// A token file of another tool without an expiry; that tool never renews the token.
        case unlimited
    }

    /// When we received it, or when it was issued; `nil` if that is not known.
    package var receivedAt: UnixTime? {
        switch validity {
        case .between(let start, _), .unstated(let start): start
        case .unlimited: nil
        }
    }

    package var expiresAt: UnixTime? {
        switch validity {
        case .between(_, let end): end
        case .unstated(let start): start + Self.longestUnstatedLife
        case .unlimited: nil
        }
    }

    /// The expiry time to report; `nil` if it is not known. For a token without a lifetime it is
    /// not reported: how long that is used is our own rule.
    package var knownExpiry: UnixTime? { lifetime == 0 ? nil : expiresAt }

    /// The lifetime from receipt to expiry, in seconds; `nil` without an expiry, and 0 if the
    /// server did not state it.
    package var lifetime: Seconds? {
        switch validity {
        case .between(let start, let end): end - start
        case .unstated: 0
        case .unlimited: nil
        }
    }

    /// How long a token without a known lifetime is used at most, in seconds. A new token for each
    /// call would flood the server with the requests of a job; most servers issue tokens for an
    /// hour.
    package static let longestUnstatedLife: Seconds = 3600
}

/// Whether a token may still be used, or should be renewed.
package enum Freshness: String, Hashable, Sendable {
    case good
    /// Valid, but past three quarters of its lifetime: returned, and renewed in the background.
    case ageing
    /// Not to be returned if another one can be had.
    case expired
}

/// How long a returned token must still be valid, in seconds, if the caller does not say.
///
/// A token given to git or a job must survive its first requests. Below 30 users see sporadic
/// 401s; far above, short-lived tokens would hardly be served from the cache.
package let defaultMinimumLife: Seconds = 60

extension Token {
    /// - Parameter minimumLife: the caller's `--min-ttl`; the default is `defaultMinimumLife`, or a
    ///   quarter of the token's lifetime if that is less.
    package func freshness(at now: UnixTime, minimumLife: Seconds?) -> Freshness {
        if isRejected { return .expired }
        let (start, end): (UnixTime, UnixTime)
        switch validity {
        case .unlimited: return .good
        case .between(let from, let to): (start, end) = (from, to)
        case .unstated(let since):
            // Nobody knows whether it will be valid for that long.
            guard case nil = minimumLife else { return .expired }
            (start, end) = (since, since + Self.longestUnstatedLife)
        }
        let life = end - start
        let needed = minimumLife ?? min(defaultMinimumLife, max(life, 0) / 4)
        guard end - now > needed else { return .expired }
        // The clock was set back: the remaining time is not known.
        guard start - now <= Self.clockLeeway else { return .expired }
        return now - start > life / 4 * 3 + life % 4 * 3 / 4 ? .ageing : .good
    }

    /// How far clocks may differ without consequences, in seconds.
    private static let clockLeeway: Seconds = 60

    /// Whether a server with the same clock still accepts the token, whatever margin the caller
    /// wants.
    package func isAlive(at now: UnixTime) -> Bool {
        guard !isRejected else { return false }
        return expiresAt.map { $0 > now } ?? true
    }
}
