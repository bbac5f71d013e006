import Foundation
import Glibc

/// A new folder for everything a tool writes; the tool removes it.
package struct ScratchFolder: Sendable {
    package let path: String

    /// Makes the folder in `$TMPDIR`, else in /tmp, and leaves removing it to `cleanUp`.
    package init(removedBy cleanUp: CleanUp) throws(Problem) {
        let parent = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
        var template = Array("\(parent)/planet-cred-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw .system("mkdtemp in '\(parent)'", errno) }
        let path = String(
            decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        self.path = path
        cleanUp.add {
            // Whoever is still writing into it finds it gone, and stops.
            let old = "\(path)-old"
            rename(path, old)
            for _ in 0..<50 where !Self.remove(old) { usleep(20_000) }
        }
    }

    /// By `rm`: FileManager takes seconds for ten thousand profiles.
    private static func remove(_ path: String) -> Bool {
        let ending = try? Command("/bin/rm", ["-rf", path], environment: []).start().wait()
        return ending?.status == 0
    }
}
