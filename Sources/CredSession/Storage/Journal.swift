import CredCore
import CredSystem

/// The journal of one profile's refresh tokens: every answer is on disk before it is read.
///
/// A rotating refresh token can be used once: if the answer is lost, so is the login. Therefore
/// disk space for the answer is reserved before the request is sent, curl writes the answer there
/// itself, and the next process with the lock completes an interrupted renewal.
///
/// Each file is named after the refresh token that it answers. If another tool writes back an old
/// `token.json`, the answered refresh token in it leads to its answer. Every function needs the
/// lock. The journal is always a local file, wherever the tokens are stored, because curl writes
/// it.
struct Journal: Sendable {
    let folder: ProfileFolder
    let binding: TokenBinding

    /// The space reserved for an answer, in bytes: several times what the largest servers send, and
    /// little enough for a small disk. A longer answer is still written, but without the guarantee.
    static let roomByteCount = 32_768
    /// How long an answer is kept after it was saved in `token.json`, in seconds: longer than any
    /// program needs between reading and writing that file.
    private static let memory: Seconds = 600

    func pending(_ refreshToken: Secret) -> String {
        folder.pendingAnswer(binding.fingerprint(refreshToken))
    }

    func saved(_ refreshToken: Secret) -> String {
        folder.savedAnswer(binding.fingerprint(refreshToken))
    }

    /// Reserves space for the answer to a refresh token that is about to be sent.
    ///
    /// Fails with kind `.failed` without space or permission; then the token must not be sent.
    func reserve(answerTo refreshToken: Secret) throws(Failure) -> ReservedFile {
        try ReservedFile.make(pending(refreshToken), byteCount: Self.roomByteCount)
    }

    /// Removes an answer that did not arrive, or is no longer needed.
    func discard(answerTo refreshToken: Secret) {
        File.remove(pending(refreshToken))
    }

    /// Marks an answer as saved in `token.json`; it is kept, because an older file may still lead
    /// to it.
    func settle(answerTo refreshToken: Secret) {
        File.rename(pending(refreshToken), saved(refreshToken))
    }

    /// Removes answers that are no longer needed, by the clock of the file system.
    /// - Parameter path: a file that has just been written beside it.
    func sweep(before path: String) {
        guard let now = File.modifiedAt(path) else { return }
        for answer in folder.answers {
            // After a clock was set back they must not be kept forever.
            if let time = File.modifiedAt(answer), abs(now - time) <= Self.memory { continue }
            File.remove(answer)
        }
    }
}
