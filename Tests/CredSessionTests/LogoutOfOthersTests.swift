import CredCore
import CredSession
import TestSupport
import Testing
import Workbench

/// Logouts that no person's session is about, and which profiles there are to log out of.
@Suite("Logout of clients and keys") struct LogoutOfOthersTests {
    private let stage: SessionStage

    init() throws { stage = try SessionStage() }

    @Test("the token of a client that acts for itself is revoked")
    func client() throws {
        try stage.writeProfile(#""revocation_endpoint":"https://as.example/revoke""#)
        try stage.writeToken("ACCESS", expiresIn: 3600)
        stage.script(.status(200))
        #expect(try stage.logOut() == .revoked)
        let request = try #require(stage.happened.requests.first)
        #expect(request.field("token") == "ACCESS")
        #expect(request.field("client_secret") == "s3cret")
        #expect(!stage.exists(SessionStage.tokenFile))
    }

    @Test(
        "REV-02: REV-03: a client is told what a person is told",
        arguments: [
            Example("offline", .unreachable("refused")),
            Example("not revocable", .status(400, #"{"error":"unsupported_token_type"}"#)),
        ] as [Example<TransportResult>])
    func clientNotTold(_ example: Example<TransportResult>) throws {
        try stage.writeProfile(#""revocation_endpoint":"https://as.example/revoke""#)
        try stage.writeToken("ACCESS", expiresIn: 3600)
        stage.script(example.given)
        #expect(try stage.logOutFailure().kind == .unavailable)
        #expect(!stage.exists(SessionStage.tokenFile))
    }

    @Test("a server without a place to be told is no failure of a client that needs no login")
    func clientNowhere() throws {
        try stage.writeProfile()
        try stage.writeToken("ACCESS", expiresIn: 3600)
        stage.script(.metadata(tokenEndpoint: "https://as.example/token"))
        #expect(
            try stage.logOut()
                == .forgotten(
                    until: UnixTime(SessionStage.start + 3600),
                    "the metadata of 'https://as.example' has no 'revocation_endpoint'"))
        #expect(!stage.exists(SessionStage.tokenFile))
    }

    @Test("a token that has expired is no alarm when nobody can be told")
    func expired() throws {
        try stage.writeProfile(#""revocation_endpoint":"https://as.example/revoke""#)
        try stage.writeToken("ACCESS", expiresIn: -1)
        #expect(try stage.logOut() == .expired)
        #expect(!stage.exists(SessionStage.tokenFile))
    }

    @Test(
        "a key in the token file is forgotten, and no server is asked",
        arguments: [
            Row(
                "a Planet key", #"{"client_type":"static_apikey"}"#,
                #"{"api_key":"KEY","bearer_token_prefix":"api-key"}"#),
            Row(
                "of a password", #"{"client_type":"planet_legacy"}"#,
                #"{"key":"KEY","jwt":"e30.e30.x"}"#),
        ])
    func key(_ row: Row<String, String>) throws {
        try stage.write("home/.planet/m2m/auth_client.json", row.given)
        try stage.write(SessionStage.tokenFile, row.wanted)
        #expect(try stage.logOut() == .keyForgotten)
        #expect(!stage.exists(SessionStage.tokenFile))
        #expect(stage.requestCount == 0)
        #expect(try stage.logOut() == .nobodyLoggedIn)
    }

    @Test(
        "a key in the configuration stays, and it is said where it is",
        arguments: [
            Example("a Planet key", #"{"client_type":"static_apikey","api_key":"KEY"}"#),
            Example("of a password", #"{"client_type":"planet_legacy","api_key":"KEY"}"#),
        ])
    func configuredKey(_ example: Example<String>) throws {
        try stage.write("home/.planet/m2m/auth_client.json", example.given)
        let failure = try stage.logOutFailure()
        let path = stage.absolute("home/.planet/m2m/auth_client.json")
        #expect(failure.kind == .failed)
        #expect(failure.because == "it is in the configuration '\(path)'")
        #expect(failure.remedy == "${EDITOR:-vi} \(path)")
    }

    @Test("so it is for a key in a variable")
    func environmentKey() throws {
        let stage = try SessionStage(["PL_API_KEY": "KEY"])
        let failure = try #require(throws: Failure.self) {
            try Logout(ProfileContext(try stage.choice(nil), stage.locations, stage.world)).run()
        }
        #expect(failure.because == "it is in the environment variable PL_API_KEY")
        #expect(failure.remedy == "unset PL_API_KEY")
    }

    @Test("what an earlier configuration left goes, and nobody was told")
    func stray() throws {
        try stage.write("home/.planet/m2m/auth_client.json", #"{"client_type":"none"}"#)
        #expect(try stage.logOut() == .nobodyLoggedIn)
        try stage.writeToken("ACCESS", expiresIn: 3600)
        #expect(try stage.logOutFailure().kind == .unavailable)
        #expect(!stage.exists(SessionStage.tokenFile))
    }

    @Test(
        "the profiles with a token file are all that have one, here or elsewhere, configured or not"
    )
    func kept() throws {
        try stage.writeProfile()
        try stage.writeProfile(name: "without")
        for name in ["m2m", "planet-user", "stray"] {
            try stage.write("home/.planet/\(name)/token.json", "{}")
        }
        try stage.write(try stage.fallbackFile("elsewhere"), "{}")
        try stage.write("run/planet-cred/other-00000000/token.json", "{}")
        let kept = KeptProfiles(stage.locations, usual: nil)
        #expect(try kept.names.map(\.description) == ["elsewhere", "m2m", "planet-user", "stray"])
        #expect(try kept.choice(try ProfileName("m2m")).profile.method != .none)
        #expect(try kept.choice(.planetUser).profile.method != .none)
        #expect(try kept.choice(try ProfileName("stray")).profile.method == .none)
    }

    @Test("a profile that cannot be used is told as broken, not as gone")
    func brokenProfile() throws {
        try stage.write("home/.planet/m2m/auth_client.json", "{")
        let kept = KeptProfiles(stage.locations, usual: nil)
        let failure = try #require(throws: Failure.self) {
            try kept.choice(try ProfileName("m2m"))
        }
        #expect(failure.kind == .profile)
    }

    @Test(
        "what is kept for a profile that cannot be used goes, and it is said what is wrong with it")
    func unusable() throws {
        try stage.writeToken("ACCESS", expiresIn: 3600)
        let failure = try #require(throws: Failure.self) {
            try Logout(
                try ProfileName("m2m"), unusable: Failure(.profile, "no use", because: "broken"),
                stage.locations, stage.world
            ).run()
        }
        #expect(failure.kind == .unavailable)
        #expect(failure.because?.hasPrefix("no use: broken; the local copies are deleted") == true)
        #expect(!stage.exists(SessionStage.tokenFile))
    }

    @Test("a service account of the environment is known although it has no configuration")
    func usual() throws {
        let stage = try SessionStage(["PL_AUTH_CLIENT_ID": "a", "PL_AUTH_CLIENT_SECRET": "b"])
        try stage.write("home/.planet/planet-m2m-a/token.json", "{}")
        let kept = KeptProfiles(stage.locations, usual: try stage.choice(nil))
        let name = try #require(try kept.names.first)
        #expect(try kept.choice(name).source == .environmentClient)
    }
}
