import PracticeServer
import Workbench

/// A practice server and a home with one profile for it, `practice`, which most tests start from.
struct Practice {
    let server: PracticeServer
    let home: ScratchHome

    init(
        _ configuration: PracticeServer.Configuration = PracticeServer.Configuration(),
        changing members: PracticeServer.MemberOverrides = [:],
        own: PracticeServer.MemberOverrides = [:]
    ) throws {
        server = try PracticeServer(configuration)
        home = try ScratchHome()
        try home.writeProfile(for: server, changing: members, own: own)
    }

    init(server: PracticeServer, home: ScratchHome) {
        self.server = server
        self.home = home
    }

    /// Runs `planet-cred ARGUMENTS` with the profile.
    func run(
        _ arguments: String..., input: String = "", with variables: [String: String] = [:]
    ) async throws -> Outcome {
        try await command(arguments, input: input, with: variables).run()
    }

    /// `planet-cred ARGUMENTS` with the profile, not yet started.
    func command(
        _ arguments: [String], input: String = "", with variables: [String: String] = [:]
    ) -> Command {
        var command = home.planetCred(
            arguments, input: input, with: ["PL_AUTH_PROFILE": "practice"].merging(variables) { $1 }
        )
        command.needs.append(server)
        return command
    }

    /// Has the server answer no request for a token until `finishRenewal`.
    func stallRenewal() -> PracticeServer.Hold {
        let hold = PracticeServer.Hold()
        // A refusal, which is not asked for again: by then another test's server may have the port.
        var fault = PracticeServer.Fault(.oauthError("invalid_client", status: 401), path: "/token")
        fault.hold = hold
        server.faults = [fault]
        return hold
    }

    /// Waits until nobody renews a token any more: a detached process that outlives its test would
    /// write into a home that is gone.
    func finishRenewal(_ hold: PracticeServer.Hold) async throws {
        hold.release()
        _ = try await home.shell("flock ~/.planet/practice/token.lock true")
    }

    /// `host:port` of the server.
    var authority: String { "127.0.0.1:\(server.port)" }

    var tokenRequestCount: Int { server.requestCount("/token") }

    var tokenRequests: [PracticeServer.Request] { server.requests.filter { $0.path == "/token" } }
}

extension PracticeServer.Configuration {
    /// The usual configuration with some changes.
    static func with(_ change: (inout Self) -> Void) -> Self {
        var configuration = Self()
        change(&configuration)
        return configuration
    }
}
