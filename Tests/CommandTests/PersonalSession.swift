import Foundation
import PracticeServer
import Workbench

/// A practice server and a home with the profile of a person who has logged in, `person`.
struct PersonalSession {
    let server: PracticeServer
    let home: ScratchHome
    let accessToken: String
    let refreshToken: String

    /// - Parameters:
    ///   - expiresIn: how long the access token still lives, in seconds; the usual one is spent.
    ///   - members: of the profile, on top of the usual ones.
    init(
        _ configuration: PracticeServer.Configuration = PracticeServer.Configuration(),
        client: String = "pub", changing members: [(name: String, value: PracticeServer.JSON)] = [],
        expiresIn: Int64 = -10
    ) throws {
        server = try PracticeServer(configuration)
        home = try ScratchHome()
        (accessToken, refreshToken) = try server.issueSession(to: client)
        try writeProfile(for: server, client: client, members)
        try write(access: accessToken, refresh: refreshToken, expiresIn: expiresIn)
    }

    func writeProfile(
        for server: PracticeServer, client: String = "pub",
        _ members: [(name: String, value: PracticeServer.JSON)] = []
    ) throws {
        let usual: [(name: String, value: PracticeServer.JSON)] = [
            ("client_type", "oidc_device_code"), ("auth_server", .string(server.issuer)),
            ("token_endpoint", .string(server.tokenEndpoint)), ("client_id", .string(client)),
        ]
        let kept = usual.filter { member in !members.contains { $0.name == member.name } }
        try home.writeProfile("person", .object(kept + members))
    }

    /// Writes the token file of the session.
    func write(access: String, refresh: String, expiresIn: Int64, more: String = "") throws {
        try home.writeSession(access: access, refresh: refresh, expiresIn: expiresIn, more: more)
    }

    /// Lets the access token's life pass.
    func spend() throws { try home.ageToken("person", bySeconds: 3600) }

    func keptRefreshToken() throws -> String {
        try home.token("person")["refresh_token"] as? String ?? ""
    }

    /// The next renewal will find a refresh token that the server takes.
    func isAlive() throws -> Bool { server.acceptsRefresh(try keptRefreshToken()) }

    /// The names in the profile's folder, sorted, without what tells one answer from another.
    func folder() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: home.absolute(".planet/person"))
            .map { $0.split(separator: ".").prefix(2).joined(separator: ".") }
            .sorted()
    }

    func command(
        _ arguments: [String], input: String = "", with variables: [String: String] = [:]
    ) -> Command {
        var command = home.planetCred(
            arguments, input: input,
            with: ["PL_AUTH_PROFILE": "person"].merging(variables) { $1 })
        command.needs.append(server)
        return command
    }

    func run(
        _ arguments: String..., input: String = "", with variables: [String: String] = [:]
    ) async throws -> Outcome {
        try await command(arguments, input: input, with: variables).run()
    }

    /// A script for bash.
    private func bash(_ script: String) -> Command {
        var command = home.command("bash", ["-c", script], with: ["PL_AUTH_PROFILE": "person"])
        command.needs.append(server)
        return command
    }

    func shell(_ script: String) async throws -> Outcome { try await bash(script).run() }

    /// Runs a script that takes long, and holds no other test up.
    func script(_ script: String) async throws -> Outcome {
        try await bash(script).start().outcome()
    }

    /// So many `planet-cred token`, all running at once.
    func crowd(_ count: Int) async throws -> [Outcome] {
        let running = try (0..<count).map { _ in try command(["token"]).start() }
        var outcomes: [Outcome] = []
        for command in running { outcomes.append(await command.outcome()) }
        return outcomes
    }

    func untilRequested() async throws {
        try await Condition.wait(for: "a token request") { server.requestCount("/token") > 0 }
    }

    /// Waits until nobody renews the token any more.
    func untilIdle() async throws {
        _ = try await home.shell("flock ~/.planet/person/token.lock true")
    }
}

extension ScratchHome {
    /// Writes the token file of `person` as Planet's Python tools do, in one go.
    func writeSession(
        access: String, refresh: String, expiresIn: Int64, more: String = ""
    ) throws {
        let now = Int64(Date.now.timeIntervalSince1970)
        try writeTokenFile(
            "person",
            """
            {"_exp": \(now + expiresIn), "_iat": \(now + expiresIn - 3600), \
            "access_token": "\(access)", "expires_in": 3600, "refresh_token": "\(refresh)", \
            "token_type": "Bearer"\(more)}
            """)
    }
}
