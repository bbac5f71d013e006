import CredSystem
import Foundation
import Workbench

/// Programs that stand in for those of a person.
extension ScratchFolder {
    /// A program whose output is kept. Answers its path.
    func program(_ name: String, _ script: String) throws -> String {
        try startable(
            name,
            """
            #!/bin/sh
            (
            \(script)
            ) >'\(path)/\(name).new'
            /bin/mv '\(path)/\(name).new' '\(path)/\(name).told'
            """)
    }

    /// A program that can be started at once. Answers its path.
    func startable(_ name: String, _ text: String) throws -> String {
        // Written by us, it could not be started for as long as a process that another test is just
        // starting has it open.
        let child = Child(
            "install", ["-m", "700", try write("\(name).text", text), absolute(name)],
            environment: [], timeLimit: 50_000)
        guard child.run().output == "" else { throw POSIXError(.ENOENT) }
        return absolute(name)
    }

    /// What a program has written, once it is done.
    func told(_ name: String) async throws -> String {
        try await Condition.wait(for: "the browser") { exists("\(name).told") }
        return try read("\(name).told")
    }
}
