import CLinux

/// Finds out who else can write to a file, and so decide what it contains.
///
/// Only permission bits are checked. They cover POSIX access lists, whose mask appears as the
/// group's bits, but not the access lists of NFSv4.
package enum WriteAccess {
    /// A file or directory to which another user can write.
    package struct Flaw: Hashable, Sendable {
        package let path: String
        package let cause: Cause

        package enum Cause: Hashable, Sendable {
            /// It belongs to this user, who is neither root nor we.
            case owner(UInt32)
            /// Its mode lets its group or everybody write, and we can change the mode.
            case mode
            /// The same, but it is root's.
            case modeOfRoot
        }
    }

    /// Checks a file, the directories that contain it and every link on the way to it, and further
    /// directories.
    package static func flaws(of file: String, and folders: [String]) -> [Flaw] {
        var paths = folders
        var name = file
        // More links than the kernel follows.
        for _ in 0..<40 {
            paths.append(parent(of: name))
            guard let target = target(of: name) else { break }
            if let flaw = linkFlaw(name) { return [flaw] }
            name = target.isAbsolutePath ? target : "\(parent(of: name))/\(target)"
        }
        paths.append(file)
        var flaws: [Flaw] = []
        for flaw in paths.compactMap(flaw) where !flaws.contains(flaw) { flaws.append(flaw) }
        return flaws
    }

    /// What is wrong with a file or a directory; links are followed. `nil` for one that is gone.
    private static func flaw(_ path: String) -> Flaw? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        guard isTrusted(status.st_uid) else {
            return Flaw(path: path, cause: .owner(status.st_uid))
        }
        let isDirectory = linux_is_directory(status.st_mode) != 0
        // In a directory like /tmp nobody can replace a file of another user.
        let isSticky = isDirectory && status.st_mode & 0o1000 != 0
        guard status.st_mode & 0o022 != 0, !isSticky else { return nil }
        let isOurs = status.st_uid == geteuid() || geteuid() == 0
        return Flaw(path: path, cause: isOurs ? .mode : .modeOfRoot)
    }

    /// What is wrong with a link itself: its owner can replace it even in a directory like /tmp.
    private static func linkFlaw(_ path: String) -> Flaw? {
        var status = stat()
        guard lstat(path, &status) == 0, !isTrusted(status.st_uid) else { return nil }
        return Flaw(path: path, cause: .owner(status.st_uid))
    }

    private static func isTrusted(_ userID: uid_t) -> Bool {
        userID == geteuid() || userID == 0
    }

    /// The target of a symbolic link; `nil` for anything else.
    private static func target(of path: String) -> String? {
        var text = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path, &text, text.count)
        guard count > 0 else { return nil }
        return String(decoding: text[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func parent(of path: String) -> String { path.parentFolder ?? "." }
}
