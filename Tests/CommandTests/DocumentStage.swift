import PracticeServer
import TestSupport
import Workbench

/// The place where the sessions of one document happen: a home with the files that the document
/// shows, a browser, and practice servers under the names that it uses.
struct DocumentStage {
    private let home: ScratchHome
    /// The one for service accounts, and the one at which people log in.
    private let servers: [PracticeServer]
    private let browser: ScratchBrowser
    private let names: Names

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
        names = Names(pairs: [
            ("https://services.sentinel-hub.com/auth/realms/main", services.issuer),
            ("https://data.example.com", services.url),
            ("data.example.com", "127.0.0.1:\(services.port)"),
            ("https://login.example.com", people.url),
            ("https://maps.example.com", "http://localhost:\(people.port)"),
            ("maps.example.com", "localhost:\(people.port)"),
            ("ada@example.com", "alice@example.com"),
            ("/home/ada", home.path),
        ])
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
            try home.write(file, names.staged(block.text))
        }
    }

    /// Runs a session, and answers the lines that each command printed, in the words of the
    /// document.
    func run(_ recording: ConsoleRecording) async throws -> [[String]] {
        var shell = try ShellSession(in: home, program: "/bin/sh")
        shell.needs = servers
        try shell.export(browser.environment)
        var printed: [[String]] = []
        for step in recording.steps {
            let outcome = try await shell.run(
                names.staged(step.command), recording.needsPerson ? .terminal : .together)
            printed.append(Printed(outcome).documented(by: names).output)
        }
        return printed
    }
}
