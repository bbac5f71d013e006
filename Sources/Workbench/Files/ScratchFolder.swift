import CLinux
import Foundation

/// A new folder for everything that a tool or a test writes, gone with its value.
package final class ScratchFolder: ScratchFiles, Sendable {
    package let path: String

    /// Makes the folder in `$TMPDIR`, else in /tmp.
    package init() throws(Problem) {
        let parent = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
        var template = Array("\(parent)/planet-cred-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw .system("mkdtemp in '\(parent)'", errno) }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit { remove() }

    /// Removes it before its value goes; a second time does no harm.
    package func remove() {
        // Whoever is still writing into it finds it gone, and stops.
        let old = "\(path)-old"
        guard rename(path, old) == 0 else { return }
        // A folder that is left over breaks no test.
        for _ in 0..<50 where linux_remove_tree(old) != 0 && errno == ENOTEMPTY { usleep(20_000) }
    }
}
