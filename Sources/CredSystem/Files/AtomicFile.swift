import CLinux
package import CredCore

/// Writing of files: aside, then renamed, so that a reader sees the old file or the new one.
package enum AtomicFile {
    /// What must survive a power cut.
    package enum Durability: Sendable {
        /// Nothing: the content can be had again.
        case replaceable
        /// The content, on disk before this returns; its name too, where folders can be put there.
        case synced
    }

    /// Replaces `path` by a file of mode 0600 with this content.
    ///
    /// - Parameter aside: the name of the temporary file. A fixed one is for callers that hold a
    ///   lock: it also clears away what a killed process left behind.
    /// Fails with kind `.failed` and the system's reason; `path` is then as it was.
    package static func replace(
        _ path: String, aside: String, with bytes: [UInt8], _ durability: Durability
    ) throws(Failure) {
        if let error = write(path, aside, bytes, durability) {
            // Left over, it would only take the room that was missing.
            unlink(aside)
            throw Failure(.failed, "cannot write '\(path)'", because: error.reason)
        }
    }

    private static func write(
        _ path: String, _ aside: String, _ bytes: [UInt8], _ durability: Durability
    ) -> SystemError? {
        unlink(aside)
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
        let number = openFile(aside, flags, mode: 0o600)
        guard number >= 0 else { return SystemError.last }
        do {
            let descriptor = Descriptor(number)
            if let error = descriptor.write(bytes) { return error }
            if durability == .synced, fsync(descriptor.number) != 0 { return SystemError.last }
            if let error = descriptor.close() { return error }
        }
        guard rename(aside, path) == 0 else { return SystemError.last }
        guard durability == .synced else { return nil }
        let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[..<$0]) } ?? "."
        return Directory.sync(folder)
    }
}
