import Foundation
import Glibc
import PracticeServer

/// The files of a scratch home. Paths are absolute, or below the home folder.
extension ScratchHome {
    package func absolute(_ name: String) -> String {
        name.hasPrefix("/") ? name : "\(path)/\(name)"
    }

    package func makeFolder(_ name: String) throws {
        try FileManager.default.createDirectory(
            atPath: absolute(name), withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
    }

    /// Writes a file, and the folders on the way to it.
    package func write(_ name: String, _ text: String, mode: Int = 0o600) throws {
        let path = absolute(name)
        try makeFolder(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
        try Data(text.utf8).write(to: URL(filePath: path))
        try setMode(name, mode)
    }

    package func setMode(_ name: String, _ mode: Int) throws {
        try check("chmod", chmod(absolute(name), mode_t(mode)))
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

    /// Everything below the home folder, as paths relative to it, sorted.
    package var files: [String] {
        (FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []).sorted()
    }

    /// Adds a program to the front of `PATH`.
    package func writeProgram(_ name: String, _ text: String) async throws {
        // Written by us, it could not be started for as long as a process that another test is just
        // starting has it open.
        _ = try await shell("cat >\"$1\" && chmod 755 \"$1\"", "\(root)/bin/\(name)", input: text)
    }
}
