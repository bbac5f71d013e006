import Foundation
import Glibc
import PracticeServer

/// A throw-away home folder with everything a command needs, gone with its value.
///
/// | folder | what |
/// |---|---|
/// | `home` | `HOME` |
/// | `bin` | first in `PATH`: `planet-cred`, `git-credential-planet`, and what a test adds |
/// | `tmp`, `run` | `TMPDIR`, `XDG_RUNTIME_DIR` |
/// | `work` | the working folder |
package final class ScratchHome: Sendable {
    package let root: String

    package init() throws {
        var template = Array("/tmp/planet-cred-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw SystemCallFailure(call: "mkdtemp", code: errno)
        }
        root = String(decoding: template.dropLast().map(UInt8.init), as: UTF8.self)
        for folder in ["home", "bin", "tmp", "run", "work"] { try makeFolder("\(root)/\(folder)") }
        for name in ["planet-cred", "git-credential-planet"] {
            try check("symlink", symlink(BuiltProgram.path, "\(root)/bin/\(name)"))
        }
    }

    deinit {
        // A detached process may still write while the folder goes, so look again. Ignoring the
        // errors is right: a folder left in /tmp breaks no test.
        for _ in 0..<3 { try? FileManager.default.removeItem(atPath: root) }
    }

    package var path: String { "\(root)/home" }

    package var environment: [String: String] {
        [
            "HOME": path, "PATH": "\(root)/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
            "TMPDIR": "\(root)/tmp", "XDG_RUNTIME_DIR": "\(root)/run", "LANG": "C.UTF-8",
        ]
    }

    /// `planet-cred ARGUMENTS`, not yet started.
    package func planetCred(
        _ arguments: [String], input: String = "", with variables: [String: String] = [:]
    ) -> Command {
        command(BuiltProgram.path, arguments, input: input, with: variables)
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
        _ program: String, _ arguments: [String], input: String = "",
        with variables: [String: String] = [:]
    ) -> Command {
        var command = Command(
            program, arguments, environment: environment.merging(variables) { $1 })
        command.input = Array(input.utf8)
        command.folder = "\(root)/work"
        command.needs = [self]
        return command
    }
}
