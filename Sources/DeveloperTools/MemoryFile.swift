import Glibc

/// A file in memory to which a child writes: unlike a pipe it cannot fill up.
package final class MemoryFile: Sendable {
    package let descriptor: Int32

    package init() throws(Problem) {
        let closeOnExec: UInt32 = 1
        descriptor = systemMemfdCreate("output", closeOnExec)
        guard descriptor >= 0 else { throw .system("memfd_create", errno) }
    }

    deinit { close(descriptor) }

    package var text: String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = pread(descriptor, &buffer, buffer.count, off_t(bytes.count))
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer[..<count]
        }
    }
}
