import PracticeServer
import TestSupport
import Workbench

/// The place where the sessions of one document happen: a home with the files that the document
/// shows, a browser, and practice servers under the names that it uses.
struct DocumentStage {
    let home: ScratchHome
    /// The one for service accounts, and the one at which people log in.
    private let servers: [PracticeServer]
    private let browser: ScratchBrowser
    /// What the documents say, and what it is here; longer texts before their parts.
    private let names: [(documented: String, actual: String)]

    init(_ document: Document) async throws {
        let home = try ScratchHome()
        let services = try PracticeServer(
            .with { configuration in
                configuration.issuerPath = "/auth/realms/main"
                configuration.clients = ["my-client-id": .init(secret: "my-client-secret")]
                configuration.tokenFormat = .jwt
                configuration.gitProjectRoot = "\(home.root)/repositories"
            })
        let people = try PracticeServer(
            .with { configuration in
                configuration.clients = ["my-app": .init(secret: "", methods: [.none])]
                configuration.tokenFormat = .jwt
                configuration.gitProjectRoot = "\(home.root)/repositories"
            })
        servers = [services, people]
        names = [
            ("https://services.sentinel-hub.com/auth/realms/main", services.issuer),
            ("https://data.example.com", services.url),
            ("data.example.com", "127.0.0.1:\(services.port)"),
            ("https://login.example.com", people.url),
            ("https://maps.example.com", "http://localhost:\(people.port)"),
            ("maps.example.com", "localhost:\(people.port)"),
            ("ada@example.com", "alice@example.com"),
            ("/home/ada", home.path),
        ]
        self.home = home
        browser = try ScratchBrowser(in: home)
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
            "/bin/sh", ["-c", staged(recording.script)],
            with: browser.environment)
        command.needs += servers
        let text = try await printed(by: command, recording)
        return ConsoleRecording.outputs(
            of: names.reduce(text) { $0.replacing($1.actual, with: $1.documented) })
    }

    private func printed(by command: Command, _ recording: ConsoleRecording) async throws -> String
    {
        guard recording.needsPerson else { return try await command.run().text }
        let terminal = try PseudoTerminal(command)
        _ = await terminal.outcome()
        return terminal.shown
    }

    private func staged(_ text: String) -> String {
        names.reduce(text) { $0.replacing($1.documented, with: $1.actual) }
    }
}
