import CLinux
package import CredCore

/// Reads, renames and removes files.
package enum File {
    package struct Content: Sendable {
        package let bytes: [UInt8]
        package let modifiedAt: UnixTime
        /// The permission bits, `0o600`.
        package let permissions: UInt32
        fileprivate let owner: UInt32

        /// Whether the group or everybody can read it.
        package var isReadableByOthers: Bool { permissions & 0o044 != 0 }

        /// The warning that others can read the secret in this file; `nil` if they cannot, or if
        /// the mode is not ours to change, as that of a secret which an orchestrator has mounted.
        /// - Parameter path: the file's name.
        package func looseness(of path: String) -> String? {
            guard isReadableByOthers, owner == geteuid(), !isOnReadOnlyFileSystem(path) else {
                return nil
            }
            return
                "the secret in '\(path)' is readable by other users; try: chmod 600 \(path.shellQuoted)"
        }

        private func isOnReadOnlyFileSystem(_ path: String) -> Bool {
            access(path, W_OK) != 0 && linux_errno() == EROFS
        }
    }

    package enum Reading: Sendable {
        case content(Content)
        case missing
        /// The file exists but cannot be read; the reason in words.
        case unreadable(String)
        /// The file is not of the kind that we accept; the reason in words.
        case refused(String)
    }

    /// Who may own a file, and whether its name may be a link.
    package enum Trust: Sendable {
        /// A file of the user: links are followed and any owner is accepted.
        case anyFile
        /// A file that planet-cred wrote: not a link, and owned by us or root.
        case ownFile
    }

    /// Reads a regular file of at most `limit` bytes.
    package static func read(
        _ path: String, _ trust: Trust, limit: Int = JSONValue.maximumByteCount
    ) -> Reading {
        // Opening a FIFO must not block: it is opened without waiting and then rejected.
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
            return .refused("it belongs to \(UserAccounts.description(of: status.st_uid))")
        }
        guard status.st_size <= limit else {
            return .unreadable("it is larger than \(limit) bytes")
        }
        // One byte more, to notice a file that has grown, or one in /proc, whose size is unknown.
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

    /// Sets the mode of a file of ours to 0600. Returns whether that succeeded.
    package static func makePrivate(_ path: String) -> Bool {
        let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW
        let number = openFile(path, flags)
        guard number >= 0 else { return false }
        let descriptor = Descriptor(number)
        return fchmod(descriptor.number, 0o600) == 0
    }

    /// When a file of ours was last written; `nil` if it does not exist or is not ours.
    package static func modifiedAt(_ path: String) -> UnixTime? {
        var status = stat()
        guard lstat(path, &status) == 0, linux_is_regular_file(status.st_mode) != 0,
            status.st_uid == geteuid() || status.st_uid == 0
        else { return nil }
        return UnixTime(Int64(status.st_mtim.tv_sec))
    }

    /// A stamp that changes when the file is written or replaced; `nil` if there is no file.
    package static func stamp(_ path: String) -> FileStamp? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        return FileStamp(status)
    }

    /// Creates an empty file of mode 0600. Returns whether it did not exist before.
    package static func create(_ path: String) -> Bool {
        let number = openFile(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode: 0o600)
        guard number >= 0 else { return false }
        _ = Descriptor(number)
        return true
    }

    /// Gives a file a second name; returns whether that did not exist before.
    package static func link(_ path: String, _ newPath: String) -> Bool {
        CLinux.link(path, newPath) == 0
    }

    /// Why a file cannot be read, in the system's words; `nil` if it can.
    package static func obstacle(toReading path: String) -> String? {
        access(path, R_OK) == 0 ? nil : SystemError.last.reason
    }

    /// The user, neither us nor root, to whom a file or directory belongs, or would belong if we
    /// were not root, who can create one in every directory; `nil` if there is none.
    package static func foreignOwner(of path: String) -> ForeignOwner? {
        var status = stat()
        guard stat(path, &status) == 0 else {
            guard geteuid() == 0, SystemError.last.meansMissing, let parent = path.parentFolder,
                parent != "/"
            else { return nil }
            return foreignOwner(of: parent)
        }
        guard status.st_uid != geteuid(), status.st_uid != 0 else { return nil }
        return ForeignOwner(userID: status.st_uid, groupID: status.st_gid)
    }

    /// Whether a regular file has more bytes than this.
    package static func isLarger(_ path: String, than byteCount: Int) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && linux_is_regular_file(status.st_mode) != 0
            && Int(status.st_size) > byteCount
    }

    /// Whether a file of ours has a mode that keeps us from reading it.
    package static func isUnreadableForItsOwner(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_uid == geteuid()
            && status.st_mode & 0o400 == 0
    }

    /// Whether something with this name exists, of whatever kind; also if permissions prevent us
    /// from looking.
    package static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 || !SystemError.last.meansMissing
    }

    private static func content(_ bytes: [UInt8], _ status: stat) -> Reading {
        .content(
            Content(
                bytes: bytes, modifiedAt: UnixTime(Int64(status.st_mtim.tv_sec)),
                permissions: status.st_mode & 0o777,
                owner: status.st_uid))
    }

    /// Removes a file, if it exists.
    package static func remove(_ path: String) {
        // The error is ignored: the next writer overwrites the file, or it was never ours.
        _ = unlink(path)
    }

    /// Renames a file within its directory and replaces what has the new name. Returns whether that
    /// succeeded.
    package static func rename(_ path: String, _ newPath: String) -> Bool {
        CLinux.rename(path, newPath) == 0
    }

    /// Removes a file that must not remain, if it exists. Fails with kind `.failed` and the
    /// system's reason.
    package static func removeForGood(_ path: String) throws(Failure) {
        if unlink(path) == 0 { return }
        let error = SystemError.last
        if error.meansMissing { return }
        throw Failure(.failed, "cannot remove '\(path)'", because: error.reason)
    }
}

/// Another user, to whom a file of the profile belongs. The owner could not read what we wrote
/// there.
package struct ForeignOwner: Hashable, Sendable {
    let userID: UInt32
    let groupID: UInt32

    /// For messages: whose it is.
    package var reason: String { "it belongs to \(UserAccounts.description(of: userID))" }

    /// What to do about it: only root can become that user without a password.
    /// - Parameters:
    ///   - path: the file.
    ///   - command: to be run as that user.
    package func remedy(for path: String, _ command: String) -> String {
        geteuid() == 0
            ? "setpriv --reuid=\(userID) --regid=\(groupID) --clear-groups \(command)    # or with --no-save"
            : "ls -l \(path.shellQuoted)    # run planet-cred as that user, or with --no-save"
    }
}

/// Differs between two versions of a file.
package struct FileStamp: Hashable, Sendable {
    private let device: UInt64
    private let inode: UInt64
    private let size: Int64
    private let seconds: Int64
    private let nanoseconds: Int64

    fileprivate init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        seconds = Int64(status.st_mtim.tv_sec)
        nanoseconds = Int64(status.st_mtim.tv_nsec)
    }
}

extension File {
    /// Appends a line to a log of mode 0600. Returns why that failed, in words; a caller may ignore
    /// it, because the work must not stop.
    @discardableResult
    package static func append(_ path: String, _ line: String) -> String? {
        let flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK
        let number = openFile(path, flags, mode: 0o600)
        guard number >= 0 else { return SystemError.last.reason }
        return Descriptor(number).write(Array(line.utf8))?.reason
    }
}

/// Replaces files by renaming a temporary one, so that a reader sees the old file or the new one.
package enum AtomicFile {
    /// How much must survive a power failure.
    package enum Durability: Sendable {
        /// Nothing, because the content can be fetched again.
        case replaceable
        /// The content, which is on disk before this returns; also its name, if the file system can
        /// sync directories.
        case synced
    }

    /// Replaces `path` by a file of mode 0600 with this content.
    ///
    /// - Parameter aside: the name of the temporary file. A fixed one is for callers that hold a
    ///   lock: it also replaces what a killed process left behind.
    ///
    /// Fails with kind `.failed` and the system's reason; `path` is then as it was.
    package static func replace(
        _ path: String, aside: String, with bytes: [UInt8], _ durability: Durability
    ) throws(Failure) {
        if let error = write(path, aside, bytes, durability) {
            // If it stayed it would take the space that was missing.
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
        return Directory.sync(path.parentFolder ?? ".")
    }
}
