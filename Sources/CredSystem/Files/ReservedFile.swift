import CLinux
package import CredCore

/// A new file whose room on disk is certain before anything is written to it.
package struct ReservedFile: ~Copyable {
    private let descriptor: Descriptor

    private init(_ descriptor: consuming Descriptor) {
        self.descriptor = descriptor
    }

    /// Makes the file, mode 0600, in place of an older one, and reserves `byteCount` bytes.
    ///
    /// Fails with kind `.failed` where there is no room or no permission; nothing is left of it then.
    package static func make(_ path: String, byteCount: Int) throws(Failure) -> ReservedFile {
        unlink(path)
        let flags = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
        let number = openFile(path, flags, mode: 0o600)
        guard number >= 0 else {
            throw Failure(.failed, "cannot create '\(path)'", because: SystemError.last.reason)
        }
        let descriptor = Descriptor(number)
        // Answers the error itself, and may be interrupted by a signal.
        var code = EINTR
        while code == EINTR { code = posix_fallocate(descriptor.number, 0, off_t(byteCount)) }
        guard code == 0 else {
            unlink(path)
            throw Failure(.failed, "cannot create '\(path)'", because: SystemError(code).reason)
        }
        return ReservedFile(descriptor)
    }

    /// For a child that writes to it.
    package var descriptorNumber: Int32 { descriptor.number }

    /// Gives back the room that nobody used, and puts what was written on disk.
    package func finish() {
        // A file that stays longer is read just as well, and one that is not on disk yet is only
        // lost with the power.
        _ = ftruncate(descriptor.number, off_t(Self.recorded(in: descriptor.number).count))
        _ = fsync(descriptor.number)
    }

    /// Empties it for another writer; the room stays reserved.
    static func clear(_ number: Int32) {
        // Whoever writes to it shares our position in it.
        let count = lseek(number, 0, SEEK_CUR)
        guard count > 0 else { return }
        lseek(number, 0, SEEK_SET)
        _ = Descriptor.write([UInt8](repeating: 0, count: count), to: number)
        lseek(number, 0, SEEK_SET)
    }

    /// What was written through this descriptor, by whatever process.
    static func recorded(in number: Int32) -> [UInt8] {
        guard lseek(number, 0, SEEK_SET) == 0,
            case .bytes(let bytes) = Descriptor.readToEnd(number, limit: Child.outputLimit)
        else { return [] }
        return content(of: bytes)
    }

    /// What was written: reserved room that nobody used reads as zeros at the end.
    package static func content(of bytes: [UInt8]) -> [UInt8] {
        Array(bytes[..<((bytes.lastIndex { $0 != 0 } ?? -1) + 1)])
    }
}
