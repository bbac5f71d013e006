import CLinux
import Glibc

/// A file in memory that a child reads or writes: unlike a pipe it cannot fill up, and no
/// grandchild keeps it open.
package final class MemoryFile: Sendable {
    package let descriptor: Int32

    package init(_ content: [UInt8] = []) throws(Problem) {
        let descriptor = try check(
            "memfd_create", memfd_create("workbench", UInt32(linux_memfd_close_on_exec)))
        self.descriptor = descriptor
        var written = 0
        while written < content.count {
            let count = content[written...].withUnsafeBytes {
                pwrite(descriptor, $0.baseAddress, $0.count, off_t(written))
            }
            guard count > 0 else { throw .system("pwrite", errno) }
            written += count
        }
    }

    deinit { close(descriptor) }

    /// A path under which a child of this process can open the file from its start.
    package var path: String { "/proc/\(getpid())/fd/\(descriptor)" }

    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = pread(descriptor, &buffer, buffer.count, off_t(bytes.count))
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
        }
    }

    package var text: String { String(decoding: bytes, as: UTF8.self) }
}
