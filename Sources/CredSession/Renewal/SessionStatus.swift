package import CredCore
import CredOAuth
import CredSystem

/// What is known of a profile's credential without asking a server.
package struct SessionStatus: Sendable {
    package enum State: Hashable, Sendable {
        /// The profile sends nothing.
        case notNeeded
        case missing
        case apiKey
        case good
        case ageing
        /// It has expired, or will before it can be used.
        case spent
        /// A server rejected it.
        case rejected
        /// The file cannot be used; the reason.
        case unusable(String)
    }

    package let state: State
    /// Why the saved login is not used, in words; `nil` if it is used, or if nothing is saved.
    package let foreign: String?
    package let expiresAt: UnixTime?
    package let path: String?
    package let refreshToken: RefreshToken
    package let scope: String?
    /// The backoff in force, if any.
    package let backoff: Backoff?

    package enum RefreshToken: Hashable, Sendable {
        case none
        /// It is valid, until then if the server said so.
        case good(until: UnixTime?)
        /// It was used, and the answer is in the journal; the next call recovers it.
        case answered
        /// The server refused it; in its words.
        case refused(String)
    }

    init(
        _ state: State, foreign: String? = nil, expiresAt: UnixTime? = nil, path: String? = nil,
        refreshToken: RefreshToken = .none, scope: String? = nil, backoff: Backoff? = nil
    ) {
        self.state = state
        self.foreign = foreign
        self.expiresAt = expiresAt
        self.path = path
        self.refreshToken = refreshToken
        self.scope = scope
        self.backoff = backoff
    }
}

extension SessionStatus {
    /// - Parameter sent: the secrets of the profile, to be hidden in texts of the server.
    init(_ files: TokenFiles, sent: SentSecrets, at now: UnixTime) {
        var obstacle: Backoff?
        do throws(Failure) {
            let record = try files.load(.fail)
            obstacle = files.obstacle(for: record, at: now)
            guard let record else {
                self.init(.missing, backoff: obstacle)
                return
            }
            var refreshToken = try RefreshToken(record, files.journal)
            if let refusal = obstacle, case .refused(.session, _) = refusal.cause {
                refreshToken = .refused(refusal.reason)
                obstacle = nil
            }
            self.init(
                Self.state(record.token, at: now), foreign: record.foreign,
                expiresAt: record.token?.knownExpiry,
                path: record.path,
                refreshToken: refreshToken,
                scope: record.members["scope"]?.string.map {
                    record.secrets.adding(sent).words($0, .list)
                },
                backoff: obstacle)
        } catch {
            self.init(
                .unusable(error.asReason), backoff: files.obstacle(for: nil, at: now))
        }
    }

    private static func state(_ token: Token?, at now: UnixTime) -> State {
        guard let token else { return .missing }
        if token.isRejected { return .rejected }
        return switch token.freshness(at: now, minimumLife: nil) {
        case .good: .good
        case .ageing: .ageing
        case .expired: .spent
        }
    }
}

extension SessionStatus.RefreshToken {
    fileprivate init(_ record: TokenRecord, _ journal: Journal) throws(Failure) {
        guard let refreshToken = record.refreshToken else {
            self = .none
            return
        }
        let isSaved =
            switch try journal.answer(to: refreshToken)?.content {
            case nil, .continued: true
            case .granted(let answer): answer.authorization == record.token?.authorization
            }
        self = isSaved ? .good(until: record.refreshTokenLife?.expiresAt) : .answered
    }
}
