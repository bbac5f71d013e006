import CredCore
import Foundation
import TestSupport
import Testing
import Workbench

@Suite("documentation", .inTurn) struct DocumentationTests {
    @Test("a recorded session happens as recorded", arguments: [Document.readme, .manual])
    func sessions(_ document: Document) async throws {
        let stage = try await DocumentStage(document)
        // One after the other: a document's sessions follow each other in one home.
        for block in try document.blocks(in: "console") {
            let recording = ConsoleRecording(block.lines)
            for (step, printed) in zip(recording.steps, try await stage.run(recording)) {
                let isMet = ExpectedLines(step.output).areMet(by: printed)
                #expect(isMet, "\(step.command)\nprinted:\n\(printed)")
            }
        }
    }

    @Test("a profile that is shown can be used", arguments: Document.allCases)
    func profiles(_ document: Document) async throws {
        let home = try ScratchHome()
        let blocks = try document.blocks(in: "json")
        #expect(!blocks.isEmpty)
        for block in blocks {
            try home.write("profile.json", block.text)
            let status = try await home.run(
                "status", "--json", "--profile-file", "\(home.path)/profile.json")
            #expect(status.end == .exited(0), "\(block.text)\n\(status)")
        }
    }

    @Test("a command that needs the world is at least valid shell")
    func shellBlocks() async throws {
        let home = try ScratchHome()
        let blocks = try Document.readme.blocks(in: "sh")
        #expect(!blocks.isEmpty)
        for block in blocks {
            let answer = try await home.command("/bin/sh", ["-n"], input: block.text).run()
            #expect(answer == Outcome(), "\(block.text)")
        }
    }

    @Test("every block is held by one of these tests", arguments: Document.allCases)
    func languages(_ document: Document) throws {
        let known: Set<String> = ["console", "json", "sh", "text"]
        #expect(Set(try document.blocks.map(\.language)).isSubset(of: known))
    }

    @Test("README and manual draw the same path") func diagram() throws {
        let drawn = try Document.readme.blocks(in: "text")
        #expect(drawn.count == 1)
        #expect(drawn.map(\.lines) == (try Document.manual.blocks(in: "text").map(\.lines)))
    }

    @Test("the README's links lead somewhere") func links() throws {
        for link in try Document.readme.text.matches(of: /\]\((?!https:|#)([^)]*)\)/) {
            let path = Document.top.appending(path: String(link.1)).path()
            #expect(FileManager.default.fileExists(atPath: path), "\(path)")
        }
    }
}

/// What a new maintainer reads.
@Suite("guide for contributors") struct ContributingTests {
    @Test("every file that it names is there") func files() throws {
        let top = Document.top
        let text = try String(
            contentsOf: top.appending(path: ".github/CONTRIBUTING.md"), encoding: .utf8)
        let paths = text.matches(of: /`((?:Cred\w+|planet-cred)\/[\w\/+]*(?:\.swift)?)`/)
        #expect(paths.count > 20)
        for path in paths {
            let file = top.appending(path: "Sources/\(path.1)").path()
            #expect(FileManager.default.fileExists(atPath: file), "\(path.1)")
        }
    }
}

/// The manual names everything that the program knows. The program's own text says what that is.
@Suite("completeness of the manual") struct ManualCompletenessTests {
    @Test("every environment variable") func variables() throws {
        let manual = try Document.manual.text
        let names = try Self.names(
            in: ["Sources/CredCLI", "Sources/CredSession", "Sources/CredSystem"],
            /(?:environment|value)\("([A-Z][A-Z_]+)"\)/)
        #expect(names.count > 8)
        for name in names { #expect(manual.contains("Ev \(name)"), "\(name)") }
    }

    @Test("every member of a profile") func members() throws {
        let manual = try Document.profileManual.text
        let read = try Self.names(
            in: ["Sources/CredCore/Profile"],
            /(?:string|strings|required|url|seconds|program|fields)\("([a-z_]+)"\)/)
        let names = read + ServerEndpoint.allCases.map(\.profileKey)
        #expect(names.count > 20)
        for name in names { #expect(manual.contains(name), "\(name)") }
        for method in ClientAuthentication.SecretMethod.allCases {
            #expect(manual.contains(".Ql \(method.rawValue)"))
        }
    }

    @Test("every type of a profile") func types() throws {
        let names = try Self.names(in: ["Sources/CredCore/Profile"], #/case "([a-z_]+)": self = /#)
        #expect(names.count == 15)
        for name in names { #expect(try Document.profileManual.text.contains(name), "\(name)") }
    }

    @Test("every host of a known service", arguments: KnownService.all.map(\.name))
    func hosts(_ name: String) throws {
        let service = try #require(KnownService.all.first { $0.name == name })
        let manual = try Document.profileManual.text
        for host in service.hosts { #expect(manual.contains(host.text), "\(host.text)") }
    }

    @Test("every exit status", arguments: Failure.Kind.allCases)
    func statuses(_ kind: Failure.Kind) throws {
        #expect(try Document.manual.text.contains(".It \(kind.exitStatus)\n"))
        #expect(try Document.readme.text.contains(" \(kind.exitStatus)"))
    }

    /// What a pattern finds in the Swift files of some folders.
    private static func names(in folders: [String], _ pattern: Regex<(Substring, Substring)>)
        throws -> [String]
    {
        var names: Set<String> = []
        for folder in folders {
            let path = Document.top.appending(path: folder).path()
            for file in try FileManager.default.subpathsOfDirectory(atPath: path) {
                guard file.hasSuffix(".swift") else { continue }
                let text = try Document.file("\(folder)/\(file)")
                names.formUnion(text.matches(of: pattern).map { String($0.1) })
            }
        }
        return names.sorted()
    }
}
