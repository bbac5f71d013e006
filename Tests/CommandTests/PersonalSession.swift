import Foundation
import PracticeServer
import TestSupport

/// A practice server and a home with the profile of a person who has logged in, `person`.
struct PersonalSession {
    let server: PracticeServer
    let home: ScratchHome
    let accessToken: String
    let refreshToken: String

    /// - Parameter expiresIn: how long the access token still lives, in seconds; the usual one is
    ///   spent.
    init(
        _ configuration: PracticeServer.Configuration = PracticeServer.Configuration(),
        expiresIn: Int64 = -10
    ) throws {
        server = try PracticeServer(configuration)
        home = try ScratchHome()
        (accessToken, refreshToken) = try server.issueSession()
        try writeProfile(for: server)
        try write(access: accessToken, refresh: refreshToken, expiresIn: expiresIn)
    }

    func writeProfile(for server: PracticeServer) throws {
        try home.writeProfile(
            "person",
            .object([
                ("client_type", "oidc_device_code"), ("auth_server", .string(server.issuer)),
                ("token_endpoint", .string(server.tokenEndpoint)), ("client_id", "pub"),
            ]))
    }

    /// Writes `token.json` as Planet's Python tools do, in one go.
    func write(access: String, refresh: String, expiresIn: Int64) throws {
        let now = Int64(Date.now.timeIntervalSince1970)
        try home.writeTokenFile(
            "person",
            """
            {"_exp": \(now + expiresIn), "_iat": \(now + expiresIn - 3600), \
            "access_token": "\(access)", "expires_in": 3600, "refresh_token": "\(refresh)", \
            "token_type": "Bearer"}
            """)
    }

    func keptRefreshToken() throws -> String {
        try home.token("person")["refresh_token"] as? String ?? ""
    }

    /// The names in the profile's folder.
    func folder() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: home.absolute(".planet/person"))
    }

    func command(_ arguments: [String]) -> Command {
        var command = home.planetCred(arguments, with: ["PL_AUTH_PROFILE": "person"])
        command.needs.append(server)
        return command
    }

    func run(_ arguments: String...) async throws -> Outcome {
        try await command(arguments).run()
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

    func asNobodyInReadOnlyHome(_ arguments: String) async throws -> Outcome {
        try home.setMode(".planet/person", 0o500)
        try home.giveToNobody()
        return try await home.shellAsNobody(
            "planet-cred \(arguments)", with: ["PL_AUTH_PROFILE": "person"])
    }
}
