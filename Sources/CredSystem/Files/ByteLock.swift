import CLinux

/// The result of trying to take a lock without waiting.
enum LockAttempt: Hashable {
    case taken
    /// Another open file has it.
    case held
    /// The file system does not support it, or the file cannot be opened.
    case unsupported(SystemError)

    /// Reads the result of the system call.
    init(_ result: Int32) {
        guard result != 0 else {
            self = .taken
            return
        }
        let error = SystemError.last
        self = error.code == EWOULDBLOCK || error.code == EACCES ? .held : .unsupported(error)
    }
}

/// A lock on one byte of a file, which need not contain it: an open file description lock,
/// fcntl(2).
///
/// Like flock(2) it belongs to the open file: it survives `execve` in a child that inherits the
/// descriptor, and the kernel releases it with the last one.
package struct ByteLock: ~Copyable {
    private let open: OpenFile
    /// The error if the file could not be opened.
    private let error: SystemError?

    private final class OpenFile {
        let descriptor: Descriptor
        let offset: Int64

        init(_ number: Int32, _ offset: Int64) {
            descriptor = Descriptor(number)
            self.offset = offset
        }

        // Unlocks explicitly: a child that is just starting may have the file open for a moment.
        deinit { _ = linux_lock_byte(descriptor.number, offset, Int16(F_UNLCK)) }
    }

    /// Opens the file, or creates it with mode 0600, without taking the lock.
    package init(_ path: String, offset: Int64 = 0) {
        let flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
        let number = openFile(path, flags, mode: 0o600)
        error = number < 0 ? SystemError.last : nil
        open = OpenFile(number, offset)
    }

    var number: Int32 { open.descriptor.number }

    /// The descriptor for a child that may hold the lock with us; `nil` if there is no file.
    package var descriptorNumber: Int32? { error == nil ? number : nil }

    func attempt() -> LockAttempt {
        if let error { return .unsupported(error) }
        return LockAttempt(
            retrying { linux_lock_byte(number, open.offset, Int16(F_WRLCK)) })
    }

    /// Takes the lock; returns `false` if another process holds it, and `true` also if the file
    /// system has no such locks.
    package func tryAcquire() -> Bool { attempt() != .held }

    func release() {
        _ = linux_lock_byte(number, open.offset, Int16(F_UNLCK))
    }

    /// Whether another open file has the lock.
    var isHeldElsewhere: Bool { linux_byte_is_locked(number, open.offset) == 1 }

    func isNamed(_ path: String) -> Bool { error != nil || open.descriptor.isNamed(path) }
}
