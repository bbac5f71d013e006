import Foundation
import Glibc
import PracticeServer
import Workbench

/// What all measurements share: the program, the practice server and a home with one profile that
/// has a token.
struct Site: Sendable {
    let effort: Effort
    let server: PracticeServer
    let cleanUp: CleanUp
    let home: ScratchHome
    private let program: BuiltProgram
    private let linked: BuiltProgram

    static let profile = "practice"

    init(_ effort: Effort, _ cleanUp: CleanUp) throws {
        self.effort = effort
        linked = try BuiltProgram()
        guard linked.isStaticRelease else {
            throw Problem(
                "'\(linked.path)' is not a static release build; try: swift run -c release bench")
        }
        self.cleanUp = cleanUp
        let installed = try ScratchFolder()
        cleanUp.add { installed.remove() }
        program = try linked.installed(in: installed)
        let server = try PracticeServer()
        cleanUp.add { server.stop() }
        self.server = server
        home = try ScratchHome(program, removedBy: cleanUp)
        try home.writeProfile(Self.profile, profileText)
        _ = try token().output()
    }

    /// The path of another copy of the program, installed as the first.
    func installedAgain() throws -> String {
        let folder = try ScratchFolder()
        cleanUp.add { folder.remove() }
        return try linked.installed(in: folder).path
    }

    /// In bytes.
    func programSize() throws -> Int {
        try FileManager.default.attributesOfItem(atPath: program.path)[.size] as? Int ?? 0
    }

    /// Another home, with no profile in it.
    func makeHome() throws -> ScratchHome {
        try ScratchHome(program, removedBy: cleanUp)
    }

    var profileText: String { profileText(host: host) }

    func profileText(host: String) -> String {
        PracticeProfile(tokenEndpoint: server.tokenEndpoint, host: host).text
    }

    /// `planet-cred token`, with the profile chosen by the environment.
    func token(_ home: ScratchHome? = nil) -> Command {
        planetCred(["token"], in: home ?? self.home, ["PL_AUTH_PROFILE": Self.profile])
    }

    /// The same by the file that the linker wrote.
    var tokenOfLinkedFile: Command {
        home.command(linked.path, ["token"], with: ["PL_AUTH_PROFILE": Self.profile])
    }

    /// `planet-cred get` for the practice server, as git asks.
    func get() throws -> Command {
        try get(in: home, ["PL_AUTH_PROFILE": Self.profile])
    }

    func get(in home: ScratchHome, _ environment: [String: String]) throws -> Command {
        var command = planetCred(["get"], in: home, environment)
        command.input = .file(try home.write("\(home.work)/request", request))
        return command
    }

    func planetCred(
        _ arguments: [String], in home: ScratchHome, _ environment: [String: String] = [:]
    ) -> Command {
        home.command(program.path, arguments, with: environment)
    }

    /// What git asks for the practice server.
    var request: String { "protocol=http\nhost=\(host)\n\n" }

    /// Makes the profile forget its token.
    func removeToken() { unlink(tokenFile) }

    /// Gives the profile a token of another tool, which expired an hour ago.
    func writeExpiredToken() throws {
        let issuedAt = time(nil) - 7200
        let text = """
            {"access_token": "expired-token", "token_type": "Bearer", "expires_in": 3600,
             "_iat": \(issuedAt), "_exp": \(issuedAt + 3600)}

            """
        try home.write(tokenFile, text)
    }

    /// What every start of a process costs.
    var doNothing: Command { home.command("/bin/true") }

    private var tokenFile: String { home.absolute(ScratchHome.tokenPath(Self.profile)) }

    private var host: String { "127.0.0.1:\(server.port)" }
}
