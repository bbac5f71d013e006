import CredCore
import CredOAuth

/// The tokens of a profile that its server can still be asked to revoke, each once.
struct RevocableTokens: Sendable {
    private(set) var refreshTokens: [Secret] = []
    private var access: [Access] = []
    /// Whether there is a token that must not be sent to this server, because another one issued it.
    private(set) var hasForeign = false

    private struct Access: Sendable {
        let token: Secret
        /// When it expires; `nil` if that is unknown.
        var end: UnixTime?
    }

    var accessTokens: [Secret] { access.map { $0.token } }

    var isEmpty: Bool { refreshTokens.isEmpty && access.isEmpty }

    /// When the last access token expires; `nil` if that is unknown.
    var accessEnd: UnixTime? {
        access.contains { $0.end == nil } ? nil : access.compactMap { $0.end }.max()
    }

    /// Whether all access tokens have expired.
    func accessHasExpired(at now: UnixTime) -> Bool {
        accessEnd.map { $0 <= now } ?? false
    }

    /// Whether nothing is left that a server would still accept.
    func haveExpired(at now: UnixTime) -> Bool {
        refreshTokens.isEmpty && !hasForeign && accessHasExpired(at: now)
    }

    /// Fails as `TokenFiles.load` does, and if an answer in the journal cannot be read.
    init(_ files: TokenFiles) throws(Failure) {
        for record in try files.all(.fail) {
            let refreshToken = TokenRecord.secret("refresh_token", record.members)
            let accessToken = TokenRecord.secret("access_token", record.members)
            guard refreshToken != nil || accessToken != nil else { continue }
            guard record.mayBeShown(to: files.binding) else {
                hasForeign = true
                continue
            }
            if let refreshToken { try add(sessionOf: refreshToken, files.journal) }
            if let accessToken { add(access: accessToken, until: record.token?.knownExpiry) }
        }
    }

    /// Adds a refresh token and all that the server issued in its place, one answer after the other.
    private mutating func add(sessionOf refreshToken: Secret, _ journal: Journal)
        throws(Failure)
    {
        var session = [refreshToken]
        while let last = session.last {
            let answer = try journal.answer(to: last)
            if case .granted(let response) = answer?.content {
                add(access: response.authorization.credential, until: nil)
            }
            guard let next = answer?.successor, !session.contains(next) else { break }
            session.append(next)
        }
        // The newest first: the server may no longer know the older ones.
        for token in session.reversed() { add(refresh: token) }
    }

    private mutating func add(refresh token: Secret) {
        if !refreshTokens.contains(token) { refreshTokens.append(token) }
    }

    /// Adds an access token, or an expiry that was unknown before.
    private mutating func add(access token: Secret, until end: UnixTime?) {
        if let index = access.firstIndex(where: { $0.token == token }) {
            access[index].end = [access[index].end, end].compactMap { $0 }.max()
        } else {
            access.append(Access(token: token, end: end))
        }
    }
}
