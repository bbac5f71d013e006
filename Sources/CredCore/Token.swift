/// An access token with what we know of its life.
package struct Token: Hashable, Sendable {
    package let authorization: Authorization
    package let validity: Validity
    /// The server said, through a 401 to git or to a caller, that it does not take it any more.
    package var isRejected: Bool

    package init(authorization: Authorization, validity: Validity, isRejected: Bool = false) {
        self.authorization = authorization
        self.validity = validity
        self.isRejected = isRejected
    }

    /// From when to when a token is good.
    package enum Validity: Hashable, Sendable {
        case between(start: UnixTime, end: UnixTime)
        /// A file of another tool that names no expiry, which that tool never renews.
        case unlimited
    }

    package var expiresAt: UnixTime? {
        switch validity {
        case .between(_, let end): end
        case .unlimited: nil
        }
    }

    /// When it ends, for others; `nil` where nobody knows: a token without a life is used once, and
    /// counts as spent from its receipt on only among us.
    package var knownExpiry: UnixTime? { lifetime == 0 ? nil : expiresAt }

    /// The whole life, from receipt to expiry; `nil` without an expiry.
    package var lifetime: Seconds? {
        switch validity {
        case .between(let start, let end): end - start
        case .unlimited: nil
        }
    }
}

/// What a token is worth at a moment.
package enum Freshness: String, Hashable, Sendable {
    case good
    /// Good, and past three quarters of its life: hand it out, and renew it in the background.
    case ageing
    /// Not worth handing out while another can be had.
    case expired
}

/// How many seconds a token must still live to be handed out, where the caller names none.
///
/// A token given to git or a job must survive its first requests. Below 30 users see sporadic
/// 401s; far above, short-lived tokens would hardly be served from the cache.
package let defaultMinimumLife: Seconds = 60

extension Token {
    /// - Parameter minimumLife: the caller's `--min-ttl`; without one `defaultMinimumLife`, or a
    ///   quarter of the token's life where that is less.
    package func freshness(at now: UnixTime, minimumLife: Seconds?) -> Freshness {
        if isRejected { return .expired }
        guard case .between(let start, let end) = validity else { return .good }
        let life = end - start
        let needed = minimumLife ?? min(defaultMinimumLife, max(life, 0) / 4)
        guard end - now > needed else { return .expired }
        // A receipt in the future is a clock that was set back: what is left is anybody's guess.
        guard start - now <= Self.clockLeeway else { return .expired }
        return now - start > life / 4 * 3 + life % 4 * 3 / 4 ? .ageing : .good
    }

    /// How far clocks may differ without a word, in seconds.
    private static let clockLeeway: Seconds = 60

    /// Still accepted by a server with the same clock, whatever margin a caller wants.
    package func isAlive(at now: UnixTime) -> Bool {
        guard !isRejected else { return false }
        return expiresAt.map { $0 > now } ?? true
    }
}
