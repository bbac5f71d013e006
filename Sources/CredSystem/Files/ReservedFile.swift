import CLinux
package import CredCore

/// A new file whose disk space is reserved before anything is written to it.
package struct ReservedFile: ~Copyable {
    private let descriptor: Descriptor

    private init(_ descriptor: consuming Descriptor) {
        self.descriptor = descriptor
    }

    /// Creates the file with mode 0600 in place of an older one, and reserves `byteCount` bytes.
    ///
    /// Fails with kind `.failed` without disk space or permission, and then leaves no file.
    package static func make(_ path: String, byteCount: Int) throws(Failure) -> ReservedFile {
        unlink(path)
        let flags = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
        let number = openFile(path, flags, mode: 0o600)
        guard number >= 0 else {
            throw Failure(.failed, "cannot create '\(path)'", because: SystemError.last.reason)
        }
        let descriptor = Descriptor(number)
        // Returns the error itself and not through `errno`; may be interrupted by a signal.
        var code = EINTR
        while code == EINTR { code = posix_fallocate(descriptor.number, 0, off_t(byteCount)) }
        guard code == 0 else {
            unlink(path)
            throw Failure(.failed, "cannot create '\(path)'", because: SystemError(code).reason)
        }
        return ReservedFile(descriptor)
    }

    /// The descriptor, for a child that writes to it.
    package var descriptorNumber: Int32 { descriptor.number }

    /// Releases the unused space and syncs the content to disk.
    package func finish() {
        // Errors are ignored: a longer file can be read as well, and one that is not synced is lost
        // only in a power failure.
        _ = ftruncate(descriptor.number, off_t(Self.recorded(in: descriptor.number).count))
        _ = fsync(descriptor.number)
    }

    /// Clears the file for another writer; the space stays reserved.
    static func clear(_ number: Int32) {
        // The writer shares our position in the file.
        let count = lseek(number, 0, SEEK_CUR)
        guard count > 0 else { return }
        lseek(number, 0, SEEK_SET)
        _ = Descriptor.write([UInt8](repeating: 0, count: count), to: number)
        lseek(number, 0, SEEK_SET)
    }

    /// The bytes that were written through this descriptor, by any process.
    static func recorded(in number: Int32) -> [UInt8] {
        guard lseek(number, 0, SEEK_SET) == 0,
            case .bytes(let bytes) = Descriptor.readToEnd(number, limit: Child.outputLimit)
        else { return [] }
        return content(of: bytes)
    }

    /// The written bytes, without the zeros at the end, which are reserved space.
    package static func content(of bytes: [UInt8]) -> [UInt8] {
        Array(bytes[..<((bytes.lastIndex { $0 != 0 } ?? -1) + 1)])
    }
}
