import CredCLI
import Foundation
import Testing

/// `.ci/generate` runs this suite with `PLANET_CRED_WRITE_GENERATED=1`: then it writes the files.
@Suite("committed files") struct CommittedFilesTests {
    @Test("a generated file is as the tables make it", arguments: GeneratedFile.allCases)
    func current(_ file: GeneratedFile) throws {
        let location = Self.top.appending(path: file.path)
        let committed = try String(contentsOf: location, encoding: .utf8)
        let made = file.content(keeping: committed)
        if ProcessInfo.processInfo.environment["PLANET_CRED_WRITE_GENERATED"] == "1" {
            try Data(made.utf8).write(to: location)
        } else {
            #expect(committed == made, "run .ci/generate, which rewrites \(file.path)")
        }
    }

    @Test("a list that lost its comments is put back") func lostComments() {
        let made = GeneratedFile.manual.content(keeping: ".Sh NAME\n")
        #expect(made.contains(".It Cm token"))
        #expect(made.contains(".It Fl -profile Ar NAME"))
        #expect(GeneratedFile.manual.content(keeping: made) == made)
    }

    /// The top of the repository.
    private static let top = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}
