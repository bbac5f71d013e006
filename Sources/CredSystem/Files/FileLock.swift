import CLinux
package import CredCore

/// An advisory lock by a name in the file system. The kernel releases it when the process ends,
/// however it ends.
///
/// It consists of two locks, because a file system that several hosts share may support only one of
/// them between hosts: flock(2) on the file, and an open file description lock on a second file
/// beside it, `NAME.range`. One file would not do: NFS turns both into locks of byte ranges, which
/// would exclude each other. One of the two is enough.
///
/// We never remove the files, because two processes could then lock two different files. If
/// somebody else does, the next process to take the lock notices it.
package final class FileLock {
    private let path: String
    private var file: Descriptor
    private var range: ByteLock

    /// Opens the file, or creates it, without taking the lock. Fails with kind `.failed`.
    package init(_ path: String) throws(Failure) {
        self.path = path
        file = Descriptor(try Self.open(path, O_CREAT))
        range = ByteLock(Self.rangePath(path))
    }

    /// Opens an existing lock file; `nil` if it does not exist or cannot be opened.
    package init?(existing path: String) {
        guard let number = try? Self.open(path, 0) else { return nil }
        self.path = path
        file = Descriptor(number)
        range = ByteLock(Self.rangePath(path))
    }

    deinit { release() }

    /// Releases the lock, which can be taken again.
    ///
    /// Unlocks explicitly: a child that is just starting may have the file open for a moment, and
    /// closing it would release the lock only after that.
    package func release() {
        flock(file.number, LOCK_UN)
        range.release()
    }

    private static func open(_ path: String, _ creation: Int32) throws(Failure) -> Int32 {
        let flags = O_RDWR | creation | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
        let number = openFile(path, flags, mode: 0o600)
        guard number >= 0 else {
            throw Failure(.failed, "cannot open '\(path)'", because: SystemError.last.reason)
        }
        return number
    }

    private static func rangePath(_ path: String) -> String { "\(path).range" }

    /// Takes the lock; returns `false` at once if another process holds it.
    ///
    /// Fails with kind `.failed` if the file system supports neither lock: without one two
    /// processes could send the same refresh token.
    package func tryAcquire() throws(Failure) -> Bool {
        while true {
            let whole = LockAttempt(retrying { flock(file.number, LOCK_EX | LOCK_NB) })
            guard whole != .held else { return false }
            let bytes = range.attempt()
            guard bytes != .held else {
                flock(file.number, LOCK_UN)
                return false
            }
            if case .unsupported(let error) = whole, bytes != .taken {
                throw .unsupportedLock(path, error)
            }
            if file.isNamed(path), range.isNamed(Self.rangePath(path)) { return true }
            // Somebody has removed or replaced a file, and the next process would lock another one.
            let number = try Self.open(path, O_CREAT)
            release()
            file = Descriptor(number)
            range = ByteLock(Self.rangePath(path))
        }
    }

    /// The descriptors, for the one child that may hold the lock with us.
    package var descriptorNumbers: [Int32] {
        [file.number] + (range.descriptorNumber.map { [$0] } ?? [])
    }

    /// Whether another process holds the lock. Several processes can check at the same time.
    package var isHeldElsewhere: Bool {
        guard retrying({ flock(file.number, LOCK_SH | LOCK_NB) }) == 0 else {
            return linux_errno() == EWOULDBLOCK || range.isHeldElsewhere
        }
        flock(file.number, LOCK_UN)
        return range.isHeldElsewhere
    }

    /// Which locks the file system supports, and whether another process holds them; for
    /// `doctor --locks`. Holds neither after this call.
    package var probe: (whole: LockProbe, range: LockProbe) {
        defer { release() }
        let whole = LockAttempt(retrying { flock(file.number, LOCK_EX | LOCK_NB) })
        return (LockProbe(whole), LockProbe(range.attempt()))
    }

    /// Writes the holder note for other processes. Errors are ignored: the lock works without it.
    package func write(note: String) {
        HolderNote.write(note, to: file.number)
    }

    /// Removes our holder note, before the lock is released. Returns the note of another process if
    /// that has replaced ours, which means that both held the lock.
    package func clear(note: String) -> String? {
        let text = HolderNote.read(file.number)
        guard text == note else { return text.isEmpty ? nil : text }
        write(note: "")
        return nil
    }

    /// The holder note; empty if there is none.
    package var note: String { HolderNote.read(path) }

    /// Where the lock is, as the kernel sees it.
    package var place: LockPlace { LockPlace(ofFile: file.number) }
}

/// What one of the two locks of a file says to a process that tries it.
package enum LockProbe: Hashable, Sendable {
    case free
    case held
    /// The file system does not support it; the system's words.
    case unsupported(String)

    init(_ attempt: LockAttempt) {
        self =
            switch attempt {
            case .taken: .free
            case .held: .held
            case .unsupported(let error): .unsupported(error.reason)
            }
    }
}

extension Failure {
    fileprivate static func unsupportedLock(_ path: String, _ error: SystemError) -> Failure {
        Failure(
            .failed, "cannot lock '\(path)'",
            because: "the file system says '\(error.reason)'",
            remedy: FileLock.otherFolder)
    }
}

extension FileLock {
    /// The command that moves the lock files to a directory where locks work.
    package static let otherFolder =
        "mkdir -m 700 /tmp/locks-$USER && export PLANET_CRED_LOCK_DIR=/tmp/locks-$USER    # for one host; several hosts need a directory on a file system that they share"
}
