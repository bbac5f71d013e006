package import CredCore
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
    package let hasRefreshToken: Bool
    package let scope: String?
    /// In force.
    package let backoff: Backoff?

    init(
        _ state: State, expiresAt: UnixTime? = nil, path: String? = nil,
        hasRefreshToken: Bool = false, scope: String? = nil, backoff: Backoff? = nil
    ) {
        self.state = state
        self.expiresAt = expiresAt
        self.path = path
        self.hasRefreshToken = hasRefreshToken
        self.scope = scope
        self.backoff = backoff
    }
}

extension SessionStatus {
    init(_ cache: TokenCache, at now: UnixTime) {
        let backoff = cache.backoff.flatMap { $0.isActive(at: now) ? $0 : nil }
        do throws(Failure) {
            guard let file = try cache.load(.fail, minimumLife: nil) else {
                self.init(.missing, backoff: backoff)
                return
            }
            self.init(
                Self.state(file.token, at: now), expiresAt: file.token?.expiresAt, path: file.path,
                hasRefreshToken: file.refreshToken != nil,
                scope: file.members["scope"]?.string, backoff: backoff)
        } catch {
            self.init(.unusable("\(error.what): \(error.because ?? "")"), backoff: backoff)
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
