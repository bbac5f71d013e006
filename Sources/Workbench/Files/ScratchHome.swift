import Foundation

/// A temporary home directory with everything that a command needs, removed with this value.
///
/// | folder | what |
/// |---|---|
/// | `home` | `HOME` |
/// | `bin` | first in `PATH`: `planet-cred`, `git-credential-planet`, and what a test adds |
/// | `tmp`, `run` | `TMPDIR`, `XDG_RUNTIME_DIR` |
/// | `work` | the working folder |
package final class ScratchHome: ScratchFiles, Sendable {
    /// The program that is on its `PATH`.
    package let program: BuiltProgram
    /// The whole environment of its commands.
    package let environment: [String: String]
    private let folder: ScratchFolder
    private let children: Children?

    package convenience init() throws {
        try self.init(
            try BuiltProgram(), searchPath: SearchPath.usual, variables: ["LANG": "C.UTF-8"])
    }

    /// The home of a tool, with everything that is on the tool's own `PATH`.
    package convenience init(_ program: BuiltProgram, removedBy cleanUp: CleanUp) throws {
        try self.init(
            program, searchPath: SearchPath.own,
            variables: ["LC_ALL": "C", "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0"],
            children: cleanUp.children)
        cleanUp.add { [folder] in folder.remove() }
    }

    private init(
        _ program: BuiltProgram, searchPath: String, variables: [String: String],
        children: Children? = nil
    ) throws {
        self.program = program
        self.children = children
        let folder = try ScratchFolder()
        self.folder = folder
        for name in ["home", "bin", "tmp", "run", "work"] { try folder.makeFolder(name) }
        for name in ["planet-cred", "git-credential-planet"] {
            try check("symlink", symlink(program.path, folder.absolute("bin/\(name)")))
        }
        let folders = [
            "HOME": folder.absolute("home"), "PATH": "\(folder.absolute("bin")):\(searchPath)",
            "TMPDIR": folder.absolute("tmp"), "XDG_RUNTIME_DIR": folder.absolute("run"),
        ]
        environment = folders.merging(variables) { $1 }
    }

    /// The directory that contains everything.
    package var root: String { folder.path }

    /// `$HOME`
    package var path: String { "\(root)/home" }

    /// The working directory of its commands.
    package var work: String { "\(root)/work" }
}

extension ScratchHome {
    /// `planet-cred ARGUMENTS`, not yet started.
    package func planetCred(
        _ arguments: [String], input: String = "", with variables: [String: String] = [:]
    ) -> Command {
        command(program.path, arguments, input: input, with: variables)
    }

    /// Runs `planet-cred ARGUMENTS`.
    package func run(
        _ arguments: String..., input: String = "", with variables: [String: String] = [:]
    ) async throws -> Outcome {
        try await planetCred(arguments, input: input, with: variables).run()
    }

    /// Runs a script with bash, in which `$1` and so on are the other arguments.
    package func shell(
        _ script: String, _ arguments: String..., input: String = "",
        with variables: [String: String] = [:]
    ) async throws -> Outcome {
        try await command(
            "bash", ["-c", script, "bash"] + arguments, input: input, with: variables
        )
        .run()
    }

    package func command(
        _ program: String, _ arguments: [String] = [], input: String = "",
        with variables: [String: String] = [:]
    ) -> Command {
        var command = Command(
            program, arguments, environment: environment.merging(variables) { $1 })
        if !input.isEmpty { command.input = .bytes(Array(input.utf8)) }
        command.folder = work
        command.needs = [self]
        command.children = children
        return command
    }

    /// Adds a program to the front of `PATH`.
    package func writeProgram(_ name: String, _ text: String) async throws {
        // Written by a child: if this process wrote it, the program could not be started while a
        // process that another test is starting has it open.
        _ = try await shell("cat >\"$1\" && chmod 755 \"$1\"", "\(root)/bin/\(name)", input: text)
    }
}

/// Running commands as a user for whom permissions count: root may write everywhere.
extension ScratchHome {
    private static let nobody: uid_t = 65534

    /// Makes `nobody` the owner of the whole directory.
    package func giveToNobody() throws {
        guard geteuid() == 0 else { return }
        for name in [root] + folder.files {
            try check("lchown", lchown(folder.absolute(name), Self.nobody, Self.nobody))
        }
    }

    /// Runs a script with bash as `nobody`; as the current user if that is not root.
    package func shellAsNobody(_ script: String, with variables: [String: String] = [:])
        async throws -> Outcome
    {
        guard geteuid() == 0 else { return try await shell(script, with: variables) }
        let options = ["--reuid=\(Self.nobody)", "--regid=\(Self.nobody)", "--clear-groups"]
        return try await command("setpriv", options + ["bash", "-c", script], with: variables).run()
    }
}
