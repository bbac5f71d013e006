import CredCore
import CredOAuth

/// The tokens of a profile that its server can still be asked to revoke, each once.
struct RevocableTokens: Sendable {
    private(set) var refreshTokens: [Secret] = []
    private var access: [Access] = []
    /// Why a token may remain that cannot be, or must not be, sent to the server; `nil` if none
    /// does.
    private(set) var obstacle: String?
    /// Why a refresh token remains in a token file that must not be sent to the server; `nil` if
    /// none does.
    private(set) var foreignLogin: String?
    /// The files of the journal that contain some of these tokens.
    private(set) var answers: [String] = []

    private struct Access: Sendable {
        let token: Secret
        /// When it expires; `nil` if that is unknown.
        var end: UnixTime?
    }

    var accessTokens: [Secret] { access.map { $0.token } }

    /// The secrets to hide in texts of the server once it has been asked to revoke the tokens.
    var secrets: SentSecrets { SentSecrets(refreshTokens + accessTokens) }

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
        refreshTokens.isEmpty && obstacle == nil && accessHasExpired(at: now)
    }

    /// Everything in the token files and in the journal, whether or not a token file leads to it.
    /// Fails as `TokenFiles.all` does, and if an answer in the journal cannot be read.
    init(_ files: TokenFiles) throws(Failure) {
        for record in try files.all() {
            let refreshToken = TokenRecord.secret("refresh_token", record.members)
            let accessToken = TokenRecord.secret("access_token", record.members)
            guard refreshToken != nil || accessToken != nil else { continue }
            if let reason = record.foreign {
                obstacle = reason
                if refreshToken != nil { foreignLogin = reason }
                continue
            }
            if let refreshToken { try add(sessionOf: refreshToken, files.journal) }
            if let accessToken { add(access: accessToken, until: record.token?.knownExpiry) }
        }
        try add(answersIn: files)
    }

    private static let foreign =
        "a token was issued by a different server or to a different client than the profile now names"

    /// Adds a refresh token and all that the server issued in its place, one answer after the
    /// other.
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

    /// Adds what is in the journal and was not found from a token file, the newest first.
    private mutating func add(answersIn files: TokenFiles) throws(Failure) {
        let (binding, now) = (files.binding, files.world.clock.now())
        var answers: [SavedAnswer] = []
        for path in files.home.answers {
            if let answer = try SavedAnswer(path, files.journal) { answers.append(answer) }
        }
        answers.sort { $0.receivedAt > $1.receivedAt }
        for answer in answers {
            // A token that was itself answered is no longer valid, and came from this server.
            let ends = answer.refreshTokens.filter { token in
                !answers.contains { $0.path != answer.path && $0.answers(token, binding) }
            }
            let isOurs =
                answer.isFromSameParty(as: binding) || ends.count < answer.refreshTokens.count
                || ends.contains { refreshTokens.contains($0) }
            guard isOurs else {
                obstacle = obstacle ?? Self.foreign
                continue
            }
            self.answers.append(answer.path)
            for token in ends { add(refresh: token) }
            if let end = answer.accessEnd, end <= now { continue }
            for token in answer.accessTokens { add(access: token, until: answer.accessEnd) }
        }
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

    /// The refresh tokens alone, without those for which `isKept` is true.
    func refreshTokens(without isKept: (Secret) -> Bool) -> RevocableTokens {
        var rest = self
        rest.access = []
        rest.refreshTokens.removeAll(where: isKept)
        // An older token file may still lead to the answer with one that is kept.
        if rest.refreshTokens.count < refreshTokens.count { rest.answers = [] }
        return rest
    }
}
