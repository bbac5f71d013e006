import Foundation
import PracticeServer
import Workbench

/// Programs that do the same job, and what a program in Python pays before its first line.
struct OtherPrograms {
    private let site: Site
    private let cleanUp: CleanUp

    init(_ site: Site, _ cleanUp: CleanUp) {
        self.site = site
        self.cleanUp = cleanUp
    }

    func report() throws {
        try reportGitCredentialCache()
        try reportPython()
        try reportPlauth()
    }

    private func reportGitCredentialCache() throws {
        let name = "git-credential-cache get"
        guard let git = SearchPath.find("git"), let program = try credentialCache(git) else {
            return Table.skip("get, cached", "\(name) is not installed")
        }
        var get = try site.get()
        get.program = program
        var store = get
        store.arguments = ["--timeout=600", "store"]
        store.input = .file(
            try site.home.write(
                "\(site.home.work)/credential",
                site.request.dropLast() + "username=u\npassword=p\n"))
        let exit = Command(program, ["exit"], environment: get.environment)
        // Its daemon outlives everything else.
        cleanUp.add { _ = try? exit.output() }
        _ = try store.milliseconds()
        guard try get.outputText().contains("password=p\n") else {
            throw Problem("git-credential-cache does not keep a password")
        }
        let comparison = try Comparison(
            pairs: site.effort(quick: 200, full: 1000), ours: try site.get().milliseconds,
            theirs: get.milliseconds)
        Table.add(Row("get, cached", comparison, name))
    }

    private func credentialCache(_ git: String) throws -> String? {
        let command = site.home.command(git, ["--exec-path"])
        let path = "\(try command.outputText().dropLast())/git-credential-cache"
        return FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }

    private func reportPython() throws {
        let name = "python3 -c pass"
        guard let found = SearchPath.find("python3") else {
            return Table.skip("token, cached", "\(name): not installed")
        }
        // What is on PATH may be a script of pyenv that looks for the real one.
        let asked = Command(
            found, ["-c", "import sys; print(sys.executable)"],
            environment: ProcessInfo.processInfo.environment)
        let python = site.home.command(
            String(try asked.outputText().dropLast()), ["-c", "pass"])
        let comparison = try Comparison(
            pairs: site.effort(quick: 40, full: 200), ours: site.token().milliseconds,
            theirs: python.milliseconds)
        Table.add(Row("token, cached", comparison, name))
    }

    /// Planet's own tool reads the same token file. It wants a JWT and a server with metadata.
    private func reportPlauth() throws {
        let name = "plauth oauth ..."
        guard let plauth = SearchPath.find("plauth") else {
            return Table.skip("token, cached", "plauth is not installed")
        }
        var configuration = PracticeServer.Configuration()
        configuration.tokenFormat = .jwt
        let server = try PracticeServer(configuration)
        defer { server.stop() }
        let home = try site.makeHome()
        try home.writeProfile(
            Site.profile,
            """
            {"client_type": "oidc_client_credentials_secret", "auth_server": "\(server.issuer)",
             "client_id": "m2m", "client_secret": "m2m-secret",
             "audiences": ["practice"], "scopes": []}
            """)
        let ours = site.token(home)
        var theirs = ours
        theirs.program = plauth
        theirs.arguments = [
            "--auth-profile", Site.profile, "oauth", "print-access-token",
        ]
        guard try ours.output() == theirs.output() else {
            throw Problem("planet-cred and plauth do not print the same token")
        }
        let comparison = try Comparison(
            pairs: site.effort(quick: 3, full: 15), ours: ours.milliseconds,
            theirs: theirs.milliseconds)
        Table.add(Row("token, cached", comparison, name))
    }
}
