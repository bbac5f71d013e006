import CLinux
import Foundation

/// The files of a directory that a test writes and reads. Paths are absolute or relative to the
/// directory.
package protocol ScratchFiles {
    var path: String { get }
}

extension ScratchFiles {
    package func absolute(_ name: String) -> String {
        name.hasPrefix("/") ? name : "\(path)/\(name)"
    }

    /// Creates a directory and its missing parents, and returns its path.
    @discardableResult
    package func makeFolder(_ name: String, mode: Int = 0o700) throws -> String {
        try FileManager.default.createDirectory(
            atPath: absolute(name), withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        if mode != 0o700 { try setMode(name, mode) }
        return absolute(name)
    }

    /// Writes a file and its missing parent directories, and returns its path.
    @discardableResult
    package func write(_ name: String, _ text: String, mode: Int = 0o600) throws -> String {
        try write(name, Array(text.utf8), mode: mode)
    }

    @discardableResult
    package func write(_ name: String, _ bytes: [UInt8], mode: Int = 0o600) throws -> String {
        let path = absolute(name)
        let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        if !exists(folder) { try makeFolder(folder) }
        try Data(bytes).write(to: URL(filePath: path))
        try setMode(name, mode)
        return path
    }

    package func setMode(_ name: String, _ mode: Int) throws {
        try check("chmod \(name)", chmod(absolute(name), mode_t(mode)))
    }

    /// The permission bits.
    package func mode(_ name: String) throws -> Int {
        var status = stat()
        try check("lstat \(name)", lstat(absolute(name), &status))
        return Int(status.st_mode & 0o7777)
    }

    package func read(_ name: String) throws -> String {
        try String(contentsOfFile: absolute(name), encoding: .utf8)
    }

    package func exists(_ name: String) -> Bool {
        var status = stat()
        return lstat(absolute(name), &status) == 0
    }

    /// The names in the directory, sorted.
    package var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }

    /// All files below the directory, as relative paths, sorted.
    package var files: [String] {
        (FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []).sorted()
    }
}
