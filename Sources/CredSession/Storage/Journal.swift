import CredCore
import CredOAuth
import CredSystem

/// The journal of one profile's refresh tokens: every answer is on disk before it is read.
///
/// A rotating refresh token can be used once: if the answer is lost, so is the login. Therefore
/// disk space for the answer is reserved before the request is sent, curl writes the answer there
/// itself, and the next process with the lock completes an interrupted renewal.
///
/// Each file is named after the refresh token that it answers, and creating it is the claim to send
/// that token: it excludes other hosts where the locks of the file system do not. If another tool
/// writes back an old `token.json`, the answered refresh token in it leads to its answer.
///
/// Every function needs the lock. The journal is always a local file, wherever the tokens are
/// stored, because curl writes it.
struct Journal: Sendable {
    let folder: ProfileFolder
    let binding: TokenBinding
    /// The directory of `refresh.lock`, in which one byte is locked for each refresh token. It is
    /// not the profile's directory, and so the lock holds even if that is replaced during a
    /// renewal.
    let lockFolder: String

    /// The space reserved for an answer, in bytes: several times what the largest servers send, and
    /// little enough for a small disk. A longer answer is still written, but without the guarantee.
    static let roomByteCount = 32_768
    /// How long one claim may take, in seconds: the time limit of a renewal and that of its last
    /// request. If it were shorter, another host could send a refresh token that is already on its
    /// way.
    static let claimLifetime: Seconds = Renewal.timeout / 1000 + 5
    /// How long an answer is kept after it was saved in `token.json`, in seconds: longer than any
    /// program needs between reading and writing that file.
    private static let memory: Seconds = 600
    /// The maximum number of answers kept: more than ten minutes of one renewal a minute.
    private static let keptAnswers = 24

    func path(_ refreshToken: Secret) -> String {
        folder.answer(binding.fingerprint(refreshToken))
    }

    /// The right to send a refresh token, and the file for the answer.
    struct Claim: ~Copyable {
        private let file: ReservedFile
        private let lock: ByteLock

        fileprivate init(_ file: consuming ReservedFile, _ lock: consuming ByteLock) {
            self.file = file
            self.lock = lock
        }

        /// How curl records the answer, and holds these locks and ours while it does.
        func recording(_ locks: [Int32]) -> Recording {
            file.recording(locks + (lock.descriptorNumber.map { [$0] } ?? []))
        }

        /// Releases the unused space and syncs the answer to disk.
        func finish() { file.finish() }

        /// Gives up the claim, because no answer came or it is no longer needed.
        func discard() { file.remove() }
    }

    enum Turn: ~Copyable {
        case ours(Claim)
        /// Another process is sending the refresh token; which one, if it is known.
        case others(LockHolder?)
    }

    /// Claims a refresh token that is about to be sent, and reserves space for the answer.
    ///
    /// Fails with kind `.failed` without space or permission; then the token must not be sent.
    /// - Parameter seen: what the journal had when the caller last looked for an answer.
    func claim(
        _ refreshToken: Secret, _ purpose: String, seen: Recorded?,
        _ locked: borrowing LockedFiles
    ) throws(Failure) -> Turn {
        let terms = ReservedFile.Terms(
            byteCount: Self.roomByteCount, lifetime: Self.claimLifetime,
            now: locked.files.world.clock.now(), purpose: purpose)
        let circumstances = ReservedFile.Circumstances(
            isAnswered: seen?.isUselessSuccess ?? false, seen: seen?.bytes ?? [],
            lastHolderDied: locked.lastHolderDied, fileSystemTime: locked.fileSystemTime)
        let claim = try ReservedFile.claim(path(refreshToken), terms, circumstances) {
            moveAway(answerTo: refreshToken)
        }
        switch consume claim {
        case .held(let holder): return .others(holder)
        case .granted(let file):
            // The error is ignored: this lock is an additional one, for a rare case.
            try? Directory.makePrivate(lockFolder)
            let lock = ByteLock("\(lockFolder)/refresh.lock", offset: offset(of: refreshToken))
            guard lock.tryAcquire() else {
                file.remove()
                return .others(nil)
            }
            return .ours(Claim(file, lock))
        }
    }

    /// The byte of a refresh token in the file of locks.
    private func offset(of refreshToken: Secret) -> Int64 {
        // The last 15 hexadecimal digits: not negative, and of the token itself.
        Int64(binding.fingerprint(refreshToken).suffix(15), radix: 16) ?? 0
    }

    /// Removes an answer that is no longer needed.
    func discard(answerTo refreshToken: Secret) {
        File.remove(path(refreshToken))
    }

    /// Removes answers that are no longer needed, by the clock of the file system.
    /// - Parameter path: a file that has just been written beside it.
    func sweep(before path: String) {
        guard let now = File.modifiedAt(path) else { return }
        let answers = folder.answers
            .map { (path: $0, age: File.modifiedAt($0).map { abs(now - $0) } ?? 0) }
            .sorted { $0.age < $1.age }
        for (index, answer) in answers.enumerated() {
            // After a clock was set back they must not be kept forever.
            guard index >= Self.keptAnswers || answer.age > Self.memory else { continue }
            File.remove(answer.path)
        }
    }
}
