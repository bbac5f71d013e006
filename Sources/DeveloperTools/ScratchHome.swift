import Foundation
import Glibc

/// A home folder with nothing of the person who runs the tool, and the environment that goes
/// with it.
package struct ScratchHome: Sendable {
    /// `$HOME`
    package let path: String
    /// An empty folder to work in.
    package let work: String
    private let variables: [String: String]

    /// Makes `name` in the scratch folder. `planet-cred` and `git-credential-planet` are on its
    /// `PATH`, before everything on ours.
    package init(_ name: String, in scratch: ScratchFolder, _ program: BuiltProgram) throws {
        path = "\(scratch.path)/\(name)"
        work = "\(path)/work"
        let files = FileManager.default
        for folder in [work, "\(path)/run", "\(path)/tmp", "\(path)/bin"] {
            try files.createDirectory(
                atPath: folder, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        }
        for name in ["planet-cred", "git-credential-planet"] {
            try files.createSymbolicLink(
                atPath: "\(path)/bin/\(name)", withDestinationPath: program.path)
        }
        variables = [
            "HOME": path,
            "PATH": "\(path)/bin:\(SearchPath.text)",
            "TMPDIR": "\(path)/tmp",
            "XDG_CACHE_HOME": "\(path)/.cache",
            "XDG_RUNTIME_DIR": "\(path)/run",
            "LC_ALL": "C",
            "GIT_CONFIG_GLOBAL": "\(path)/.gitconfig",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
        ]
    }

    /// `NAME=value`, with these variables on top.
    package func environment(_ more: [String: String] = [:]) -> [String] {
        variables.merging(more) { _, new in new }.map { "\($0.key)=\($0.value)" }.sorted()
    }

    /// The folder of a profile.
    package func profile(_ name: String) -> String { "\(path)/.planet/\(name)" }

    /// Writes the `auth_client.json` of a new profile.
    package func writeProfile(_ name: String, _ text: String) throws(Problem) {
        for folder in ["\(path)/.planet", profile(name)] {
            guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
                throw .system("mkdir '\(folder)'", errno)
            }
        }
        try write(text, to: "\(profile(name))/auth_client.json")
    }

    /// Writes a file that nobody else may read.
    package func write(_ text: String, to path: String) throws(Problem) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system("open '\(path)'", errno) }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
            throw .system("write '\(path)'", errno)
        }
    }
}
