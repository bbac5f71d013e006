import PracticeServer
import TestSupport
import Testing
import Workbench

/// A profile that says as whom to log in gets its tokens without anybody.
@Suite("A password in the profile", .inTurn) struct StoredPasswordTests {
    private func stage(password: String = "correct horse") throws -> LoginStage {
        try LoginStage(
            type: "oidc_resource_owner",
            changing: ["user_name": "alice@example.com", "user_password": .string(password)])
    }

    @Test("where session and password are refused, neither is sent again by itself")
    func bothRefused() async throws {
        let stage = try stage()
        _ = try await stage.run("token")
        try stage.home.ageToken("person", bySeconds: 3600)
        stage.server.faults = [PracticeServer.Fault(.oauthError("invalid_grant"), path: "/token")]
        // In one shell, for a refusal is remembered for ten seconds only.
        let answer = try await stage.home.shell(
            "planet-cred token; echo $?; planet-cred token; echo $?",
            with: ["PL_AUTH_PROFILE": "person"])
        #expect(answer.lines == ["77", "77"])
        #expect(stage.grants == ["password", "refresh_token", "password"])
    }

    @Test("a token comes without a login, by one request with the password")
    func first() async throws {
        let stage = try stage()
        let answer = try await stage.run("token")
        #expect(answer == Outcome(stage.printedToken))
        #expect(stage.server.issuedTokens == [answer.line])
        #expect(stage.grants == ["password"])
        #expect(stage.tokenRequests.first?.field("username") == "alice@example.com")
        #expect(try await stage.run("token") == answer)
        #expect(stage.tokenRequests.count == 1)
    }

    @Test("a spent token is renewed by its refresh token") func refreshed() async throws {
        let stage = try stage()
        let first = try await stage.run("token")
        try stage.home.ageToken("person", bySeconds: 3600)
        let answer = try await stage.run("token")
        #expect(answer == Outcome(stage.printedToken))
        #expect(answer != first)
        #expect(stage.grants == ["password", "refresh_token"])
    }

    @Test("a session that the server has ended is begun anew by the password")
    func ended() async throws {
        let stage = try stage()
        _ = try await stage.run("token")
        try await stage.endSession()
        try stage.home.ageToken("person", bySeconds: 3600)
        let answer = try await stage.run("token")
        #expect(answer == Outcome(stage.printedToken))
        #expect(stage.server.accepts(answer.line))
        #expect(stage.server.acceptsRefresh(stage.token["refresh_token"] as? String ?? ""))
        #expect(stage.grants == ["password", "refresh_token", "password"])
        #expect(try await stage.run("token") == answer)
        #expect(stage.tokenRequests.count == 3)
    }

    @Test("a password that the server refuses is not sent again by itself")
    func refused() async throws {
        let stage = try stage(password: "wrong")
        // In one shell, for a refusal is remembered for ten seconds only.
        let answer = try await stage.home.shell(
            "planet-cred token; planet-cred token", with: ["PL_AUTH_PROFILE": "person"])
        #expect(answer.end == .exited(77))
        #expect(answer.errors.contains("'invalid_grant'"))
        #expect(!answer.errors.contains("wrong"))
        #expect(stage.grants == ["password"])
        #expect(!stage.hasToken)
    }
}

extension LoginStage {
    /// The grants that were used, in order.
    fileprivate var grants: [String?] { tokenRequests.map { $0.field("grant_type") } }

    /// Has the server take the stored refresh token no more.
    fileprivate func endSession() async throws {
        let token = try #require(token["refresh_token"] as? String)
        _ = try await home.shell(
            "curl -s --data client_id=pub --data \"token=$2\" \"$1\"", server.revocationEndpoint,
            token)
        try #require(!server.acceptsRefresh(token))
    }
}
