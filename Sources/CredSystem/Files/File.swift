import CLinux
package import CredCore

/// Reading of files.
package enum File {
    package struct Content: Sendable {
        package let bytes: [UInt8]
        package let modifiedAt: UnixTime
        /// The permission bits, `0o600`.
        package let permissions: UInt32

        /// The group or everybody can read it.
        package var isReadableByOthers: Bool { permissions & 0o044 != 0 }
    }

    package enum Reading: Sendable {
        case content(Content)
        case missing
        /// It is there and cannot be read; the reason in words.
        case unreadable(String)
        /// It is not the kind of file that we use; the reason in words.
        case refused(String)
    }

    /// Whom a file may belong to and whether its name may be a link.
    package enum Trust: Sendable {
        /// A file that a person made: a link is followed, any owner will do.
        case anyFile
        /// A file of our own: no link, and ours or root's.
        case ownFile
    }

    /// The whole of a regular file of at most `limit` bytes.
    package static func read(
        _ path: String, _ trust: Trust, limit: Int = JSONValue.maximumByteCount
    ) -> Reading {
        // A FIFO must not hold us up: it is opened without waiting and then refused.
        let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | (trust == .ownFile ? O_NOFOLLOW : 0)
        let number = openFile(path, flags)
        guard number >= 0 else {
            let error = SystemError.last
            if error.meansMissing { return .missing }
            return error.code == ELOOP
                ? .refused("it is a symbolic link") : .unreadable(error.reason)
        }
        let descriptor = Descriptor(number)
        var status = stat()
        guard fstat(descriptor.number, &status) == 0 else {
            return .unreadable(SystemError.last.reason)
        }
        guard linux_is_regular_file(status.st_mode) != 0 else {
            return .refused("it is not a regular file")
        }
        guard trust == .anyFile || status.st_uid == geteuid() || status.st_uid == 0 else {
            return .refused("it belongs to another user")
        }
        guard status.st_size <= limit else {
            return .unreadable("it is larger than \(limit) bytes")
        }
        // One more byte than expected: a file that grew, or one of /proc that does not tell its size.
        switch Descriptor.readChunk(descriptor.number, upTo: Int(status.st_size) + 1) {
        case .failed(let error): return .unreadable(error.reason)
        case .nothingYet: return .unreadable("it has no data to read yet")
        case .end: return content([], status)
        case .bytes(let bytes) where bytes.count <= Int(status.st_size):
            return content(bytes, status)
        case .bytes(let start):
            switch Descriptor.readToEnd(descriptor.number, limit: limit) {
            case .bytes(let rest): return content(start + rest, status)
            case .tooLarge: return .unreadable("it is larger than \(limit) bytes")
            case .failed(let error): return .unreadable(error.reason)
            }
        }
    }

    /// Takes a file of ours out of the sight of others. Whether that was possible.
    package static func makePrivate(_ path: String) -> Bool {
        let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW
        let number = openFile(path, flags)
        guard number >= 0 else { return false }
        let descriptor = Descriptor(number)
        return fchmod(descriptor.number, 0o600) == 0
    }

    /// When a file of our own was last written; `nil` if it is not there, or is none of ours.
    package static func modifiedAt(_ path: String) -> UnixTime? {
        var status = stat()
        guard lstat(path, &status) == 0, linux_is_regular_file(status.st_mode) != 0,
            status.st_uid == geteuid() || status.st_uid == 0
        else { return nil }
        return UnixTime(Int64(status.st_mtim.tv_sec))
    }

    /// Something has this name, be it what it may; so does what nobody lets us look at.
    package static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 || !SystemError.last.meansMissing
    }

    private static func content(_ bytes: [UInt8], _ status: stat) -> Reading {
        .content(
            Content(
                bytes: bytes, modifiedAt: UnixTime(Int64(status.st_mtim.tv_sec)),
                permissions: status.st_mode & 0o777))
    }

    /// Removes a file; one that is not there counts as removed.
    package static func remove(_ path: String) {
        // What cannot be removed is overwritten by its next writer, or was never ours.
        _ = unlink(path)
    }

    /// Removes a file that must not stay; one that is not there counts as removed. Fails with kind
    /// `.failed` and the system's reason.
    package static func removeForGood(_ path: String) throws(Failure) {
        if unlink(path) == 0 { return }
        let error = SystemError.last
        if error.meansMissing { return }
        throw Failure(.failed, "cannot remove '\(path)'", because: error.reason)
    }

    /// Gives a file another name in the same folder; what has that name is replaced.
    package static func rename(_ path: String, _ newPath: String) {
        // A file that keeps its name is found by it.
        _ = CLinux.rename(path, newPath)
    }
}

extension File {
    /// Adds a line to a log of mode 0600; a log that cannot be written must not stop the work.
    package static func append(_ path: String, _ line: String) {
        let flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK
        let number = openFile(path, flags, mode: 0o600)
        guard number >= 0 else { return }
        _ = Descriptor(number).write(Array(line.utf8))
    }
}

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
