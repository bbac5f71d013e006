import Foundation

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

    package func write(_ profile: PracticeProfile, as name: String) throws {
        try FileManager.default.createDirectory(
            atPath: self.profile(name), withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        let file = "\(self.profile(name))/auth_client.json"
        guard
            FileManager.default.createFile(
                atPath: file, contents: Data(profile.text.utf8),
                attributes: [.posixPermissions: 0o600])
        else { throw Problem("cannot write '\(file)'") }
    }

    /// Makes a profile forget its token.
    package func removeToken(_ name: String) {
        // It may be gone already.
        try? FileManager.default.removeItem(atPath: "\(profile(name))/token.json")
    }
}
