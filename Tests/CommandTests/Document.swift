import Foundation
import PracticeServer
import TestSupport

/// A text for users, with the examples in it.
enum Document: String, Sendable, CaseIterable {
    case readme = "README.md"
    case manual = "man/planet-cred.1"
    case profileManual = "man/planet-cred-profile.5"

    var text: String {
        get throws { try Self.file(rawValue) }
    }

    var blocks: [DocumentBlock] {
        get throws {
            switch self {
            case .readme: DocumentBlock.markdown(try text)
            case .manual, .profileManual: DocumentBlock.manual(try text)
            }
        }
    }

    func blocks(in language: String) throws -> [DocumentBlock] {
        try blocks.filter { $0.language == language }
    }

    /// A file of the repository.
    static func file(_ path: String) throws -> String {
        try String(contentsOf: top.appending(path: path), encoding: .utf8)
    }

    /// The top of the repository.
    static let top = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}

/// The place where the sessions of one document happen: a home with the files that the document
/// shows, and a practice server under the names that it uses.
struct DocumentStage {
    let home: ScratchHome
    let server: PracticeServer
    /// What the documents say, and what it is here; longer texts before their parts.
    private let names: [(documented: String, actual: String)]

    init(_ document: Document) async throws {
        let home = try ScratchHome()
        server = try PracticeServer(
            .with { configuration in
                configuration.issuerPath = "/auth/realms/main"
                configuration.clients = ["my-client-id": .init(secret: "my-client-secret")]
                configuration.tokenFormat = .jwt
                configuration.gitProjectRoot = "\(home.root)/repositories"
            })
        names = [
            ("https://services.sentinel-hub.com/auth/realms/main", server.issuer),
            ("https://data.example.com", server.url),
            ("data.example.com", "127.0.0.1:\(server.port)"),
            ("/home/ada", home.path),
        ]
        self.home = home
        _ = try await home.shell(
            """
            git init -q --bare -b main ../repositories/scenes.git
            git init -q -b main source
            git -C source -c user.name=a -c user.email=a commit -q --allow-empty -m first
            git -C source push -q ../../repositories/scenes.git main
            """)
        for block in try document.blocks {
            guard let file = block.file else { continue }
            try home.write(file, staged(block.text))
        }
    }

    /// Runs the session, and answers what each command printed, in the words of the document.
    func run(_ recording: ConsoleRecording) async throws -> [String] {
        var command = home.command(
            "/bin/sh", ["-c", staged(recording.script)], with: ["GIT_TERMINAL_PROMPT": "0"])
        command.needs.append(server)
        let text = try await command.run().text
        return ConsoleRecording.outputs(
            of: names.reduce(text) { $0.replacing($1.actual, with: $1.documented) })
    }

    private func staged(_ text: String) -> String {
        names.reduce(text) { $0.replacing($1.documented, with: $1.actual) }
    }
}
