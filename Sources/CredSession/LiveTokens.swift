import CredCore
import CredOAuth

/// What the server of a profile could still be shown, each token once.
struct LiveTokens: Sendable {
    private(set) var refreshTokens: [Secret] = []
    private var access: [Access] = []
    /// There is one that this server may not be told, for it is another one's.
    private(set) var hasForeign = false

    private struct Access: Sendable {
        let token: Secret
        /// When it expires, as far as it is known.
        var end: UnixTime?
    }

    var accessTokens: [Secret] { access.map { $0.token } }

    var isEmpty: Bool { refreshTokens.isEmpty && access.isEmpty }

    /// When the last access token expires; `nil`: nobody knows.
    var accessEnd: UnixTime? {
        access.contains { $0.end == nil } ? nil : access.compactMap { $0.end }.max()
    }

    /// By the clock no access token is good any more.
    func accessHasExpired(at now: UnixTime) -> Bool {
        accessEnd.map { $0 <= now } ?? false
    }

    /// By the clock none of them is good any more.
    func haveExpired(at now: UnixTime) -> Bool {
        refreshTokens.isEmpty && !hasForeign && accessHasExpired(at: now)
    }

    /// Fails as `TokenFiles.load` does.
    init(_ files: TokenFiles) throws(Failure) {
        for record in try files.all(.fail) {
            let refreshToken = TokenRecord.secret("refresh_token", record.members)
            let accessToken = TokenRecord.secret("access_token", record.members)
            guard refreshToken != nil || accessToken != nil else { continue }
            guard record.mayBeShown(to: files.binding) else {
                hasForeign = true
                continue
            }
            if let refreshToken { add(sessionOf: refreshToken, files.journal) }
            if let accessToken { add(access: accessToken, until: record.token?.knownExpiry) }
        }
    }

    /// A refresh token, and what the server has given in its place, one answer after the other.
    private mutating func add(sessionOf refreshToken: Secret, _ journal: Journal) {
        var session = [refreshToken]
        while let last = session.last {
            let answer = journal.answer(to: last)
            if case .granted(let response) = answer?.content {
                add(access: response.authorization.credential, until: nil)
            }
            guard let next = answer?.successor, !session.contains(next) else { break }
            session.append(next)
        }
        // The newest first: a server may know the older ones no more.
        for token in session.reversed() { add(refresh: token) }
    }

    private mutating func add(refresh token: Secret) {
        if !refreshTokens.contains(token) { refreshTokens.append(token) }
    }

    /// Of a token that is in two places, what one of them knows is known.
    private mutating func add(access token: Secret, until end: UnixTime?) {
        if let index = access.firstIndex(where: { $0.token == token }) {
            access[index].end = [access[index].end, end].compactMap { $0 }.max()
        } else {
            access.append(Access(token: token, end: end))
        }
    }
}
