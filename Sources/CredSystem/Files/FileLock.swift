import CLinux
package import CredCore

/// An advisory lock of a whole file, `flock(2)`. The kernel lets go of it when the process ends,
/// however it ends. The file is never removed: two processes would then lock two different files.
package struct FileLock: ~Copyable {
    private let lock: Lock
    private var descriptor: Int32 { lock.descriptor.number }
    private let path: String

    /// Opens the file and makes it if need be; takes nothing yet. Fails with kind `.failed`.
    package init(_ path: String) throws(Failure) {
        let flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
        let number = openFile(path, flags, mode: 0o600)
        guard number >= 0 else {
            throw Failure(.failed, "cannot open '\(path)'", because: SystemError.last.reason)
        }
        lock = Lock(number)
        self.path = path
    }

    /// Opens a lock file that is there; `nil` without one, or where it cannot be opened.
    package init?(existing path: String) {
        let number = openFile(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard number >= 0 else { return nil }
        lock = Lock(number)
        self.path = path
    }

    /// Lets go at once, although a child that is just starting may have the file open for an instant
    /// longer: closing it alone would only let go when the last one closes.
    private final class Lock {
        let descriptor: Descriptor

        init(_ number: Int32) { descriptor = Descriptor(number) }

        deinit { flock(descriptor.number, LOCK_UN) }
    }

    /// Takes the lock, or answers `false` at once if another process holds it.
    ///
    /// Fails with kind `.failed` where the file system cannot lock: going on without a lock could
    /// spend a refresh token twice.
    package func tryAcquire() throws(Failure) -> Bool {
        if retrying({ flock(descriptor, LOCK_EX | LOCK_NB) }) == 0 { return true }
        let error = SystemError.last
        if error.code == EWOULDBLOCK { return false }
        throw Failure(
            .failed, "cannot lock '\(path)'",
            because: "the file system says '\(error.reason)'",
            remedy: Self.otherFolder)
    }

    /// What to type to have locks in a folder where they work.
    package static let otherFolder = "export PLANET_CRED_LOCK_DIR=/tmp/planet-cred-locks-$(id -u)"

    /// For the one child that may hold the lock with us.
    package var descriptorNumber: Int32 { descriptor }

    /// Whether another process holds the lock. Looking does not keep out others who look.
    package var isHeldElsewhere: Bool {
        guard retrying({ flock(descriptor, LOCK_SH | LOCK_NB) }) != 0 else {
            flock(descriptor, LOCK_UN)
            return false
        }
        return linux_errno() == EWOULDBLOCK
    }

    /// How long the word is, in bytes; a shorter one is filled up with spaces. Truncating the file
    /// instead makes some file systems write it to disk at once, a millisecond for every renewal.
    private static let wordByteCount = 160

    /// Leaves word for whoever waits. Only ever used in messages, so failing is no harm.
    package func leaveWord(_ text: String) {
        let word = Array(text.utf8.prefix(Self.wordByteCount))
        guard lseek(descriptor, 0, SEEK_SET) == 0 else { return }
        _ = lock.descriptor.write(
            word + Array(repeating: UInt8(ascii: " "), count: Self.wordByteCount - word.count))
    }

    /// What the holder left.
    package var word: String {
        guard case .content(let content) = File.read(path, .ownFile, limit: 4096) else { return "" }
        let end = content.bytes.lastIndex { $0 != UInt8(ascii: " ") }.map { $0 + 1 } ?? 0
        return String(decoding: content.bytes[..<end], as: UTF8.self)
    }
}
