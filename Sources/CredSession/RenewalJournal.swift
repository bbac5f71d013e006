import CredCore
import CredOAuth
import CredSystem

/// The answers to the refresh tokens of one profile, each on disk before anybody reads it.
///
/// A rotating refresh token can be used once: if the answer is lost, so is the login. Therefore room
/// for it is reserved before the request is sent, curl writes it there by itself, and whoever takes
/// the lock next finishes what a killed process began.
///
/// | file | what |
/// |---|---|
/// | `token.pending.ID` | the answer in flight, or what there is of it after its process ended |
/// | `token.spent.ID` | an answer that has come whole, for `token.json` has taken it over or is another tool's |
///
/// ID names the refresh token that the answer is to, so that none is taken for the answer to
/// another. Another tool may write back what it read before a renewal; then the spent token in
/// `token.json` leads to its answer. All is done under the lock.
struct RenewalJournal: Sendable {
    let folder: String
    let binding: TokenBinding

    /// The room for an answer, in bytes: some times what the largest servers send, and little enough
    /// for a small disk. A longer one is written all the same, without the certainty.
    static let roomByteCount = 32_768
    /// How long an answer is kept once it is in `token.json`, in seconds: longer than any program
    /// needs from reading that file to writing it.
    private static let memory: Seconds = 600
    private static let pending = "token.pending."
    private static let spent = "token.spent."

    private func path(_ prefix: String, _ refreshToken: Secret) -> String {
        "\(folder)/\(prefix)\(binding.fingerprint(refreshToken))"
    }

    /// The file of this name is one of ours.
    static func isJournal(_ name: String) -> Bool {
        name.utf8.starts(with: pending.utf8) || name.utf8.starts(with: spent.utf8)
    }

    /// Makes room for the answer to a refresh token that is about to be used.
    ///
    /// Fails with kind `.failed` where there is no room or no permission; then it must not be used.
    func reserve(answerTo refreshToken: Secret) throws(Failure) -> ReservedFile {
        try ReservedFile.make(path(Self.pending, refreshToken), byteCount: Self.roomByteCount)
    }

    struct Answer: Sendable {
        let response: TokenResponse
        let receivedAt: UnixTime
        let path: String
    }

    /// The answer to a refresh token, if it brought an access token.
    func answer(to refreshToken: Secret) -> Answer? {
        firstAnswer(to: refreshToken) { (response, receivedAt, path) in
            guard case .granted(let answer) = TokenEndpoint.outcome(response, now: receivedAt)
            else { return nil }
            return Answer(response: answer, receivedAt: receivedAt, path: path)
        }
    }

    /// The refresh token of the answer to another one, whatever else is in that answer.
    func successor(of refreshToken: Secret) -> Secret? {
        firstAnswer(to: refreshToken) { (response, receivedAt, _) in
            TokenEndpoint.refreshToken(in: response, now: receivedAt)
        }
    }

    /// What came for the refresh token is known, so it is not worth another request.
    func hasAnswer(to refreshToken: Secret) -> Bool {
        answer(to: refreshToken) != nil || successor(of: refreshToken) != nil
    }

    /// What `read` finds in what came, when, and where it lies.
    private func firstAnswer<Found>(
        to refreshToken: Secret, _ read: (HTTPResponse, UnixTime, String) -> Found?
    ) -> Found? {
        for path in [path(Self.pending, refreshToken), path(Self.spent, refreshToken)] {
            if case .content(let content) = File.read(path, .ownFile),
                let response = HTTPResponse(wire: ReservedFile.content(of: content.bytes)),
                let found = read(response, content.modifiedAt, path)
            {
                return found
            }
        }
        return nil
    }

    /// The answer that was expected did not come, or is of no further use.
    func discard(answerTo refreshToken: Secret) {
        File.remove(path(Self.pending, refreshToken))
    }

    /// The answer is in `token.json` now, or stays where an older file may yet lead to it.
    func settle(answerTo refreshToken: Secret) {
        File.rename(path(Self.pending, refreshToken), path(Self.spent, refreshToken))
    }

    /// Removes what nobody needs any more, by the file system's own clock.
    /// - Parameter path: a file that has just been written beside it.
    func sweep(before path: String) {
        guard case .content(let newest) = File.read(path, .ownFile) else { return }
        for name in Directory.names(in: folder) where Self.isJournal(name) {
            let path = "\(folder)/\(name)"
            guard case .content(let content) = File.read(path, .ownFile),
                // A clock that was set back must not keep them for ever.
                abs(newest.modifiedAt - content.modifiedAt) <= Self.memory
            else {
                File.remove(path)
                continue
            }
        }
    }
}

extension TokenCache {
    var journal: RenewalJournal { RenewalJournal(folder: places[0].folder, binding: binding) }
}
