import CredCore
import CredOAuth
import CredSystem

/// The answers to the refresh tokens of one profile, each on disk before anybody reads it.
///
/// A rotating refresh token can be used once: if the answer is lost, so is the login. Therefore room
/// for it is reserved before the request is sent, curl writes it there by itself, and whoever takes
/// the lock next finishes what a killed process began.
///
/// Each file is named after the refresh token that it answers, so that none is taken for the answer
/// to another. Another tool may write back what it read before a renewal; then the answered token in
/// `token.json` leads to its answer. All is done under the lock. The journal is always local, wherever
/// the tokens are kept, for curl writes into it.
struct Journal: Sendable {
    let folder: ProfileFolder
    let binding: TokenBinding

    /// The room for an answer, in bytes: some times what the largest servers send, and little enough
    /// for a small disk. A longer one is written all the same, without the certainty.
    static let roomByteCount = 32_768
    /// How long an answer is kept once it is in `token.json`, in seconds: longer than any program
    /// needs from reading that file to writing it.
    private static let memory: Seconds = 600

    private func pending(_ refreshToken: Secret) -> String {
        folder.pendingAnswer(binding.fingerprint(refreshToken))
    }

    private func saved(_ refreshToken: Secret) -> String {
        folder.savedAnswer(binding.fingerprint(refreshToken))
    }

    /// Makes room for the answer to a refresh token that is about to be used.
    ///
    /// Fails with kind `.failed` where there is no room or no permission; then it must not be used.
    func reserve(answerTo refreshToken: Secret) throws(Failure) -> ReservedFile {
        try ReservedFile.make(pending(refreshToken), byteCount: Self.roomByteCount)
    }

    /// What came for a refresh token, so that it is not worth another request.
    struct Answer: Sendable {
        let content: Content
        let receivedAt: UnixTime
        let path: String

        enum Content: Sendable {
            case granted(TokenResponse)
            /// No access token that we could use, and the next refresh token all the same.
            case continued(by: Secret)
        }

        /// The refresh token that goes on where the answered one ended; `nil` where the answer names
        /// none.
        var successor: Secret? {
            switch content {
            case .granted(let response): response.refreshToken
            case .continued(let next): next
            }
        }
    }

    /// The answer to a refresh token, if it brought anything.
    func answer(to refreshToken: Secret) -> Answer? {
        var continued: Answer?
        for path in [pending(refreshToken), saved(refreshToken)] {
            guard case .content(let content) = File.read(path, .ownFile),
                let response = HTTPResponse(wire: ReservedFile.content(of: content.bytes))
            else { continue }
            let receivedAt = content.modifiedAt
            if case .success(let grant) = TokenEndpoint.result(response, now: receivedAt) {
                return Answer(content: .granted(grant), receivedAt: receivedAt, path: path)
            }
            if continued == nil,
                let next = TokenEndpoint.refreshToken(in: response, now: receivedAt)
            {
                continued = Answer(
                    content: .continued(by: next), receivedAt: receivedAt, path: path)
            }
        }
        return continued
    }

    /// The answer that was expected did not come, or is of no further use.
    func discard(answerTo refreshToken: Secret) {
        File.remove(pending(refreshToken))
    }

    /// The answer is in `token.json` now, or stays where an older file may yet lead to it.
    func settle(answerTo refreshToken: Secret) {
        File.rename(pending(refreshToken), saved(refreshToken))
    }

    /// Removes what nobody needs any more, by the file system's own clock.
    /// - Parameter path: a file that has just been written beside it.
    func sweep(before path: String) {
        guard let now = File.modifiedAt(path) else { return }
        for answer in folder.answers {
            // A clock that was set back must not keep them for ever.
            if let time = File.modifiedAt(answer), abs(now - time) <= Self.memory { continue }
            File.remove(answer)
        }
    }
}
