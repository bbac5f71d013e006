import CLinux
package import CredCore

/// Directories.
package enum Directory {
    /// Creates a directory of mode 0700 and its missing parents; an existing one is left as it is.
    /// Fails with kind `.failed` and the system's reason.
    package static func makePrivate(_ path: String) throws(Failure) {
        if mkdir(path, 0o700) == 0 || linux_errno() == EEXIST { return }
        var error = SystemError.last
        if error.code == ENOENT, let parent = path.parentFolder, parent != "/" {
            try makePrivate(parent)
            if mkdir(path, 0o700) == 0 || linux_errno() == EEXIST { return }
            error = SystemError.last
        }
        throw Failure(.failed, "cannot create the directory '\(path)'", because: error.reason)
    }

    /// Creates `path`, or checks that it is a directory of mode 0700 that only we can use; for
    /// directories in one that everybody can write to. Fails with kind `.failed`.
    package static func makeExclusive(_ path: String) throws(Failure) {
        try makePrivate(path)
        guard isExclusive(path) else {
            throw Failure(
                .failed, "cannot use the directory '\(path)'",
                because: "it must be a directory that belongs to you and has mode 0700")
        }
    }

    /// Whether `path` is a directory, not a link to one, that only we can use.
    package static func isExclusive(_ path: String) -> Bool {
        var status = stat()
        return path.withCString({ lstat($0, &status) }) == 0
            && linux_is_directory(status.st_mode) != 0
            && status.st_uid == geteuid() && status.st_mode & 0o077 == 0
    }

    /// The path without links, `.` and `..`; as it is if it does not exist.
    package static func canonical(_ path: String) -> String {
        guard let pointer = realpath(path, nil) else { return path }
        defer { free(pointer) }
        return String(cString: pointer)
    }

    /// The names in a directory, unordered, without `.` and `..`; empty if it cannot be read.
    package static func names(in path: String) -> [String] {
        guard let stream = opendir(path) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Why the names in a directory cannot be read, in the system's words; `nil` if they can, and
    /// if the directory does not exist.
    package static func obstacle(toNamesIn path: String) -> String? {
        guard let stream = opendir(path) else {
            let error = SystemError.last
            return error.meansMissing ? nil : error.reason
        }
        closedir(stream)
        return nil
    }

    /// Syncs a directory to disk, if the file system supports it and we are allowed to.
    static func sync(_ path: String) -> SystemError? {
        let number = openFile(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else { return linux_errno() == EACCES ? nil : SystemError.last }
        let descriptor = Descriptor(number)
        // Some file systems do not support it.
        guard fsync(descriptor.number) != 0, linux_errno() != EINVAL, linux_errno() != ENOTSUP
        else { return nil }
        return SystemError.last
    }
}
