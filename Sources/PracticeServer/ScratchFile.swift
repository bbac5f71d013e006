import Foundation
import Glibc

/// A file without a name, gone when it is closed. Children read and write it instead of pipes,
/// which could fill up or be kept open by a grandchild.
struct ScratchFile: ~Copyable, Sendable {
    let descriptor: Int32

    init(_ content: [UInt8] = []) throws(ChildProcess.Failure) {
        let path = NSTemporaryDirectory() + "/practice-\(UUID().uuidString)"
        descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system(call: "open", errno) }
        unlink(path)
        var written = 0
        while written < content.count {
            let count = content[written...].withUnsafeBytes {
                pwrite(descriptor, $0.baseAddress, $0.count, off_t(written))
            }
            guard count > 0 else { throw .system(call: "pwrite", errno) }
            written += count
        }
    }

    deinit { close(descriptor) }

    /// A path under which a child of this process can open the file from its start.
    var path: String { "/proc/\(getpid())/fd/\(descriptor)" }

    func content() throws(ChildProcess.Failure) -> [UInt8] {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system(call: "fstat", errno) }
        var failure: Int32?
        let content = [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
            while count < buffer.count {
                let read = pread(
                    descriptor, buffer.baseAddress?.advanced(by: count), buffer.count - count,
                    off_t(count))
                if read < 0 { failure = errno }
                guard read > 0 else { return }
                count += read
            }
        }
        if let failure { throw .system(call: "pread", failure) }
        return content
    }
}
