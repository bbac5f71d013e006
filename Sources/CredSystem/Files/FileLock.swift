import CLinux
package import CredCore

/// An advisory lock on a file, `flock(2)`. The kernel releases it when the process ends, however it
/// ends. The file is never removed, because two processes could then lock two different files.
package struct FileLock: ~Copyable {
    private let lock: Lock
    private var descriptor: Int32 { lock.descriptor.number }
    private let path: String

    /// Opens the file, or creates it, without taking the lock. Fails with kind `.failed`.
    package init(_ path: String) throws(Failure) {
        let flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
        let number = openFile(path, flags, mode: 0o600)
        guard number >= 0 else {
            throw Failure(.failed, "cannot open '\(path)'", because: SystemError.last.reason)
        }
        lock = Lock(number)
        self.path = path
    }

    /// Opens an existing lock file; `nil` if it does not exist or cannot be opened.
    package init?(existing path: String) {
        let number = openFile(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard number >= 0 else { return nil }
        lock = Lock(number)
        self.path = path
    }

    /// Unlocks explicitly: a child that is just starting may have the file open for a moment, and
    /// closing it would release the lock only after that.
    private final class Lock {
        let descriptor: Descriptor

        init(_ number: Int32) { descriptor = Descriptor(number) }

        deinit { flock(descriptor.number, LOCK_UN) }
    }

    /// Takes the lock; returns `false` at once if another process holds it.
    ///
    /// Fails with kind `.failed` if the file system does not support locks: without a lock two
    /// processes could send the same refresh token.
    package func tryAcquire() throws(Failure) -> Bool {
        if retrying({ flock(descriptor, LOCK_EX | LOCK_NB) }) == 0 { return true }
        let error = SystemError.last
        if error.code == EWOULDBLOCK { return false }
        throw Failure(
            .failed, "cannot lock '\(path)'",
            because: "the file system says '\(error.reason)'",
            remedy: Self.otherFolder)
    }

    /// The command that moves the lock files to a directory where locks work.
    package static let otherFolder = "export PLANET_CRED_LOCK_DIR=/tmp/planet-cred-locks-$(id -u)"

    /// The descriptor, for the one child that may hold the lock with us.
    package var descriptorNumber: Int32 { descriptor }

    /// Whether another process holds the lock. Several processes can check at the same time.
    package var isHeldElsewhere: Bool {
        guard retrying({ flock(descriptor, LOCK_SH | LOCK_NB) }) != 0 else {
            flock(descriptor, LOCK_UN)
            return false
        }
        return linux_errno() == EWOULDBLOCK
    }

    /// The length of the holder note in bytes; a shorter one is padded with spaces. Truncating the
    /// file instead makes some file systems write it to disk at once, which takes a millisecond for
    /// every renewal.
    private static let wordByteCount = 160

    /// Writes the holder note for processes that wait. It is used only in messages, so errors are
    /// ignored.
    package func leaveWord(_ text: String) {
        let word = Array(text.utf8.prefix(Self.wordByteCount))
        guard lseek(descriptor, 0, SEEK_SET) == 0 else { return }
        _ = lock.descriptor.write(
            word + Array(repeating: UInt8(ascii: " "), count: Self.wordByteCount - word.count))
    }

    /// The holder note.
    package var word: String {
        guard case .content(let content) = File.read(path, .ownFile, limit: 4096) else { return "" }
        let end = content.bytes.lastIndex { $0 != UInt8(ascii: " ") }.map { $0 + 1 } ?? 0
        return String(decoding: content.bytes[..<end], as: UTF8.self)
    }
}
