import Glibc
import Workbench

/// What the kernel keeps of a file in memory.
///
/// A program that was just installed lies there in large pieces, as it was written. After a start
/// of the machine it comes back page by page, as it is used, and takes longer to start from then
/// on.
enum PageCache {
    struct Share: Sendable {
        let inMemory: Int
        let count: Int
    }

    /// Drops a file from memory. Fails where that is not possible, on a file system in memory above
    /// all.
    static func evict(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        defer { close(descriptor) }
        // What is not written yet stays.
        guard fsync(descriptor) == 0, posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED) == 0,
            try share(of: path).inMemory == 0
        else { throw Problem("'\(path)' stays in memory") }
    }

    /// How many pages of a file are in memory.
    static func share(of path: String) throws -> Share {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_size > 0,
            let start = mmap(nil, Int(status.st_size), PROT_READ, MAP_SHARED, descriptor, 0),
            start != MAP_FAILED
        else { throw Problem("'\(path)' cannot be mapped") }
        defer { munmap(start, Int(status.st_size)) }
        let pageSize = Int(getpagesize())
        var pages = [UInt8](repeating: 0, count: (Int(status.st_size) + pageSize - 1) / pageSize)
        guard mincore(start, Int(status.st_size), &pages) == 0 else {
            throw Problem("nobody tells what of '\(path)' is in memory")
        }
        return Share(inMemory: pages.count { $0 & 1 == 1 }, count: pages.count)
    }
}
