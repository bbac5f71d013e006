import CLinux
package import CredCore

/// Locations.
package enum Directory {
    /// Makes a folder of mode 0700, and those on the way to it. One that is there stays as it is.
    /// Fails with kind `.failed` and the system's reason.
    package static func makePrivate(_ path: String) throws(Failure) {
        if mkdir(path, 0o700) == 0 || linux_errno() == EEXIST { return }
        var error = SystemError.last
        if error.code == ENOENT, let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")),
            slash > path.startIndex
        {
            try makePrivate(String(path[..<slash]))
            if mkdir(path, 0o700) == 0 || linux_errno() == EEXIST { return }
            error = SystemError.last
        }
        throw Failure(.failed, "cannot create the directory '\(path)'", because: error.reason)
    }

    /// Makes sure that `path` is a folder of mode 0700 that belongs to us alone; for folders below
    /// one that everybody may write to. Fails with kind `.failed`.
    package static func makeExclusive(_ path: String) throws(Failure) {
        try makePrivate(path)
        guard isExclusive(path) else {
            throw Failure(
                .failed, "cannot use the directory '\(path)'",
                because: "it must be a directory that belongs to you and has mode 0700")
        }
    }

    /// Whether `path` is a folder, not a link to one, that belongs to us alone.
    package static func isExclusive(_ path: String) -> Bool {
        var status = stat()
        return path.withCString({ lstat($0, &status) }) == 0
            && linux_is_directory(status.st_mode) != 0
            && status.st_uid == geteuid() && status.st_mode & 0o077 == 0
    }

    /// The names in a folder, in no order, without `.` and `..`; none if it cannot be read.
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

    /// Why nobody can tell the names in a folder, in the system's words; `nil` where they can be
    /// told, and where there is no folder.
    package static func obstacle(toNamesIn path: String) -> String? {
        guard let stream = opendir(path) else {
            let error = SystemError.last
            return error.meansMissing ? nil : error.reason
        }
        closedir(stream)
        return nil
    }

    /// Puts the names in a folder on disk, where the system can and may do that.
    static func sync(_ path: String) -> SystemError? {
        let number = openFile(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else { return linux_errno() == EACCES ? nil : SystemError.last }
        let descriptor = Descriptor(number)
        // Some file systems know no way to do it.
        guard fsync(descriptor.number) != 0, linux_errno() != EINVAL, linux_errno() != ENOTSUP
        else { return nil }
        return SystemError.last
    }
}
