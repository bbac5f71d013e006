import CLinux
import CredCore

/// A small file of lines, mode 0600, that many processes change in turn, each for a very short
/// time.
///
/// It is changed in place under a lock of its own, so that nobody waits for the slow work that
/// other locks protect. If a process is killed while it writes, only lines are damaged, and readers
/// skip lines that they cannot parse.
package enum SharedLines {
    /// Replaces the lines with those that `change` returns; nothing happens if it returns `nil`.
    /// Returns whether the file is as `change` wants it.
    ///
    /// If the lock cannot be had within `timeout` milliseconds, the file is changed all the same: a
    /// stopped process must not stop the others. The same if there are no locks.
    package static func update(
        _ path: String, timeout: Int64 = 500, _ change: ([String]) -> [String]?
    ) -> Bool {
        let flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
        let number = openFile(path, flags, mode: 0o600)
        guard number >= 0 else { return false }
        let descriptor = Descriptor(number)
        var status = stat()
        guard fstat(descriptor.number, &status) == 0, linux_is_regular_file(status.st_mode) != 0,
            status.st_uid == geteuid() || status.st_uid == 0
        else { return false }
        lock(descriptor, until: SystemClock.uptime() + timeout)
        // A child that is just starting may have the file open for a moment.
        defer { flock(descriptor.number, LOCK_UN) }
        guard case .bytes(let bytes) = Descriptor.readToEnd(descriptor.number, limit: limit) else {
            return replace(descriptor, change([]) ?? [])
        }
        guard let lines = change(Self.lines(bytes)) else { return true }
        return replace(descriptor, lines)
    }

    /// The lines; none if there is no such file.
    package static func read(_ path: String) -> [String] {
        guard case .content(let content) = File.read(path, .ownFile, limit: limit) else {
            return []
        }
        return lines(content.bytes)
    }

    /// The maximum size of the file, in bytes; a larger one is damaged.
    private static let limit = 1 << 20

    private static func lines(_ bytes: [UInt8]) -> [String] {
        bytes.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func lock(_ descriptor: borrowing Descriptor, until deadline: Int64) {
        while flock(descriptor.number, LOCK_EX | LOCK_NB) != 0 {
            let code = linux_errno()
            guard code == EWOULDBLOCK || code == EINTR, SystemClock.uptime() < deadline else {
                return
            }
            SystemClock.sleep(milliseconds: 1)
        }
    }

    private static func replace(_ descriptor: borrowing Descriptor, _ lines: [String]) -> Bool {
        let bytes = Array(lines.map { "\($0)\n" }.joined().utf8)
        guard lseek(descriptor.number, 0, SEEK_SET) == 0, descriptor.write(bytes) == nil else {
            return false
        }
        return ftruncate(descriptor.number, off_t(bytes.count)) == 0
    }
}
