package import CredCore
import CredOAuth
import CredSystem

/// What is known of a profile's credential without asking any server.
package struct SessionStatus: Sendable {
    package enum State: Hashable, Sendable {
        /// The profile sends nothing.
        case notNeeded
        case missing
        case apiKey
        case good
        case ageing
        /// It has expired, or will before it could be used.
        case spent
        /// The server refused it.
        case rejected
        /// The file cannot be used; why.
        case unusable(String)
    }

    package let state: State
    package let expiresAt: UnixTime?
    package let path: String?
    package let refreshToken: RefreshToken
    package let scope: String?
    /// In force.
    package let backoff: Backoff?

    package enum RefreshToken: Hashable, Sendable {
        case none
        /// It will do, until then where the server said so.
        case good(until: UnixTime?)
        /// It has been answered, and the next call takes up the answer.
        case answered
        /// The server does not take it any more; its words.
        case refused(String)
    }

    init(
        _ state: State, expiresAt: UnixTime? = nil, path: String? = nil,
        refreshToken: RefreshToken = .none, scope: String? = nil, backoff: Backoff? = nil
    ) {
        self.state = state
        self.expiresAt = expiresAt
        self.path = path
        self.refreshToken = refreshToken
        self.scope = scope
        self.backoff = backoff
    }
}

extension SessionStatus {
    init(_ cache: TokenCache, at now: UnixTime) {
        var obstacle: Backoff?
        do throws(Failure) {
            let file = try cache.load(.fail, minimumLife: nil)
            obstacle = cache.obstacle(for: file, at: now)
            guard let file else {
                self.init(.missing, backoff: obstacle)
                return
            }
            var refreshToken = RefreshToken(file, cache.journal)
            if let refusal = obstacle, case .refused(.session, _) = refusal.cause {
                refreshToken = .refused(refusal.reason)
                obstacle = nil
            }
            self.init(
                Self.state(file.token, at: now), expiresAt: file.token?.knownExpiry,
                path: file.path,
                refreshToken: refreshToken, scope: file.members["scope"]?.string,
                backoff: obstacle)
        } catch {
            self.init(
                .unusable(error.asReason), backoff: cache.obstacle(for: nil, at: now))
        }
    }

    private static func state(_ token: Token?, at now: UnixTime) -> State {
        guard let token else { return .missing }
        if token.isRejected { return .rejected }
        return switch token.freshness(at: now, minimumLife: nil) {
        case .good: .good
        case .ageing: .ageing
        case .spent: .spent
        }
    }
}

extension SessionStatus.RefreshToken {
    fileprivate init(_ file: TokenFile, _ journal: RenewalJournal) {
        guard let refreshToken = file.refreshToken else {
            self = .none
            return
        }
        let answer = journal.answer(to: refreshToken)?.response.authorization
        let isSaved = answer == nil || answer == file.token?.authorization
        self = isSaved ? .good(until: file.refreshTokenLife?.expiresAt) : .answered
    }
}
