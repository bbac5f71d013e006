package import CredCore
import Glibc

/// A new file whose room on disk is certain before anything is written to it.
package struct ReservedFile: ~Copyable {
    private let descriptor: Descriptor

    private init(_ descriptor: consuming Descriptor) {
        self.descriptor = descriptor
    }

    /// Makes the file, mode 0600, and reserves `byteCount` bytes. Fails with kind `.failed`; nothing
    /// is then left of it.
    package static func make(_ path: String, byteCount: Int) throws(Failure) -> ReservedFile {
        let flags = O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW
        let number = retrying { open(path, flags, 0o600) }
        guard number >= 0 else {
            throw Failure(.failed, "cannot make '\(path)'", because: SystemError.last.reason)
        }
        let descriptor = Descriptor(Descriptor.aboveStandardStreams(number))
        let code = posix_fallocate(descriptor.number, 0, off_t(byteCount))
        guard code == 0 else {
            unlink(path)
            throw Failure(.failed, "cannot make '\(path)'", because: SystemError(code).reason)
        }
        return ReservedFile(descriptor)
    }

    /// For a child that writes to it.
    package var descriptorNumber: Int32 { descriptor.number }

    /// Makes room for another try; the room stays reserved.
    static func clear(_ number: Int32) {
        var status = stat()
        guard fstat(number, &status) == 0, lseek(number, 0, SEEK_SET) == 0 else { return }
        _ = Descriptor.write([UInt8](repeating: 0, count: Int(status.st_size)), to: number)
        lseek(number, 0, SEEK_SET)
    }

    /// What a child wrote through this descriptor.
    static func recorded(in number: Int32) -> [UInt8] {
        var status = stat()
        guard fstat(number, &status) == 0, status.st_size <= Child.outputLimit,
            lseek(number, 0, SEEK_SET) == 0,
            case .bytes(let bytes) = Descriptor.readChunk(number, upTo: Int(status.st_size))
        else { return [] }
        return content(of: bytes)
    }

    /// What was written: reserved room that nobody used reads as zeros at the end.
    package static func content(of bytes: [UInt8]) -> [UInt8] {
        Array(bytes[..<((bytes.lastIndex { $0 != 0 } ?? -1) + 1)])
    }
}
