import CLinux
import Foundation

/// A new directory for everything that a tool or a test writes, removed with this value.
package final class ScratchFolder: ScratchFiles, Sendable {
    package let path: String

    /// Creates the directory in `$TMPDIR`, or else in /tmp.
    package init() throws(Problem) {
        let parent = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
        var template = Array("\(parent)/planet-cred-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw .system("mkdtemp in '\(parent)'", errno) }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit { remove() }

    /// Removes the directory early; a second call is harmless.
    package func remove() {
        // A process that is still writing into it fails, and stops.
        let old = "\(path)-old"
        guard rename(path, old) == 0 else { return }
        // A directory that remains does not affect a test.
        for _ in 0..<50 where linux_remove_tree(old) != 0 && errno == ENOTEMPTY { usleep(20_000) }
    }
}
