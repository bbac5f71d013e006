import CredCore
import CredSession
import Glibc
import Synchronization
import TestSupport
import Testing
import Workbench

/// What a logout makes of a server that does not do its part.
@Suite("Logout without the server") struct LogoutFailureTests {
    private let stage: SessionStage

    init() throws {
        stage = try SessionStage()
        try stage.writeLogin()
    }

    @Test(
        "REV-02: REV-03: tokens here go, and it is said that the server was not told, and why",
        arguments: [
            Row("offline", .unreachable("curl says 'refused'"), "curl says 'refused'"),
            Row("broken off", .interrupted("curl says 'reset'"), "curl says 'reset'"),
            Row(
                "no TLS", .impossible(Failure(.unavailable, "no TLS", because: "old")),
                "no TLS: old"),
            Row("down", .down, "the server answered with HTTP status 503"),
            Row(
                "busy for long", .busy(retryAfter: "6"), "the server answered with HTTP status 429"),
            Row("nothing there", .status(404), "the server answered with HTTP status 404"),
        ] as [Row<TransportResult, String>])
    func notTold(_ row: Row<TransportResult, String>) throws {
        stage.script(row.given)
        let failure = try stage.logOutFailure()
        #expect(failure.kind == .unavailable)
        #expect(failure.what == "could not revoke the tokens of profile 'm2m'")
        #expect(
            failure.because
                == "\(row.wanted); the local copies are deleted, but the server may still accept them"
        )
        #expect(failure.remedy == nil)
        #expect(stage.requestCount == 1)
        #expect(stage.happened.sleeps == [])
        #expect(!stage.exists(SessionStage.tokenFile))
    }

    @Test(
        "REV-02: a token that is refused keeps no other from being told, and is the one told of",
        arguments: [
            Row(
                "not revocable", .status(400, #"{"error":"unsupported_token_type"}"#),
                "the server answered 'unsupported_token_type'"),
            Row(
                "a client that it does not know",
                .status(401, #"{"error":"invalid_client","error_description":"no"}"#),
                "the server answered 'invalid_client': no"),
        ] as [Row<TransportResult, String>])
    func refused(_ row: Row<TransportResult, String>) throws {
        try stage.write(
            try stage.fallbackFile(), #"{"access_token":"ACCESS","refresh_token":"OTHER"}"#)
        stage.script(row.given, .status(200), .status(400, #"{"error":"x"}"#))
        let failure = try stage.logOutFailure()
        #expect(failure.kind == .unavailable)
        #expect(failure.because?.hasPrefix("\(row.wanted); ") == true)
        #expect(
            stage.happened.requests.map { $0.field("token") } == ["REFRESH", "OTHER", "ACCESS"])
        #expect(!stage.exists(SessionStage.tokenFile))
    }

    @Test("REV-02: a short wait that the server asks for is kept, once")
    func shortWait() throws {
        stage.script(.busy(retryAfter: "5"), .status(200), .status(200))
        #expect(try stage.logOut() == .revoked)
        #expect(stage.happened.sleeps == [5000])
        #expect(
            stage.happened.requests.map { $0.field("token") } == ["REFRESH", "REFRESH", "ACCESS"])
    }

    @Test("REV-02: a server that asks for a wait again is left alone")
    func secondWait() throws {
        stage.script(.busy(retryAfter: "1"), .busy(retryAfter: "1"))
        #expect(try stage.logOutFailure().kind == .unavailable)
        #expect(stage.requestCount == 2)
        #expect(!stage.exists(SessionStage.tokenFile))
    }

    @Test("all requests together have ten seconds")
    func timeout() throws {
        let stage = try SessionStage(latency: 6000)
        try stage.writeLogin()
        stage.script(.status(200), .status(200), .status(200))
        #expect(try stage.logOut() == .revoked)
        #expect(stage.happened.timeLimits == [10_000, 4000])
    }

    @Test("a server that has used up its time is not asked again")
    func timeOver() throws {
        let stage = try SessionStage(latency: 11_000)
        try stage.writeLogin()
        try stage.write(
            try stage.fallbackFile(), #"{"access_token":"ACCESS","refresh_token":"OTHER"}"#)
        stage.script(.status(200), .status(200))
        let failure = try stage.logOutFailure()
        #expect(failure.because?.hasPrefix("the server did not answer within 10 s; ") == true)
        #expect(stage.requestCount == 1)
    }

    @Test("an access token that the server does not revoke lives until it expires")
    func accessTokenLives() throws {
        stage.script(.status(200), .status(400, #"{"error":"unsupported_token_type"}"#))
        #expect(
            try stage.logOut()
                == .accessTokenLives(
                    until: UnixTime(SessionStage.start + 3600),
                    "the server answered 'unsupported_token_type'"))
        #expect(!stage.exists(SessionStage.tokenFile))
    }

    @Test("one that has expired needs no word")
    func accessTokenOver() throws {
        try stage.writeLogin(life: -1)
        stage.script(.status(200), .status(400, #"{"error":"unsupported_token_type"}"#))
        #expect(try stage.logOut() == .revoked)
    }

    @Test("an access token of which the server did not hear is not told as revoked")
    func accessTokenNotTold() throws {
        stage.script(.status(200), .down)
        #expect(try stage.logOutFailure().kind == .unavailable)
    }

    @Test(
        "REV-03: a server without a place to be told is no server that was told",
        arguments: [
            Row(
                "its metadata names none", #""auth_server":"https://as.example""#,
                "the metadata of 'https://as.example' has no 'revocation_endpoint'"),
            Row(
                "it has no metadata",
                #""auth_server":null,"token_endpoint":"https://as.example/token""#,
                "the profile has no 'revocation_endpoint', and no 'auth_server' to discover it from"
            ),
        ])
    func nowhere(_ row: Row<String, String>) throws {
        try stage.writeLogin(more: #","revocation_endpoint":null,\#(row.given)"#)
        stage.script(.metadata(tokenEndpoint: "https://as.example/token"))
        let failure = try stage.logOutFailure()
        #expect(failure.kind == .unavailable)
        #expect(failure.because?.hasPrefix("\(row.wanted); ") == true)
        #expect(!stage.exists(SessionStage.tokenFile))
    }

    @Test("an address that we only remember, and where nothing is, is asked for again")
    func moved() throws {
        try stage.writeLogin(more: #","revocation_endpoint":null"#)
        stage.script(
            .metadata(revocation: "https://as.example/old"), .status(200), .status(200))
        #expect(try stage.logOut() == .revoked)
        try stage.writeLogin(more: #","revocation_endpoint":null"#)
        stage.script(
            .status(404), .metadata(revocation: "https://as.example/new"), .status(200),
            .status(200))
        #expect(try stage.logOut() == .revoked)
        #expect(
            stage.asked.map { String($0.split(separator: "/").last ?? "") } == [
                "openid-configuration", "old", "old", "old", "openid-configuration", "new", "new",
            ])
    }

    @Test("a secret that cannot be had keeps nothing here")
    func noSecret() throws {
        try stage.writeLogin(
            type: "oidc_device_code_secret",
            more: #","planet_cred":{"client_secret_file":"missing"}"#)
        let failure = try stage.logOutFailure()
        #expect(failure.kind == .unavailable)
        #expect(failure.because?.hasPrefix("cannot read the client secret of profile") == true)
        #expect(!stage.exists(SessionStage.tokenFile))
    }

    @Test("a password manager is asked before the lock is taken, which others may need")
    func secretBeforeLock() throws {
        try stage.writeLogin(
            type: "oidc_device_code_secret",
            more: #","planet_cred":{"client_secret_command":["pass"]}"#)
        let lockFile = stage.absolute(SessionStage.lockFile)
        let wasHeld = Mutex<Bool?>(nil)
        var world = stage.world
        world.engines.run = { _ in
            let descriptor = open(lockFile, O_RDWR | O_CREAT, 0o600)
            defer { close(descriptor) }
            let result = flock(descriptor, LOCK_EX | LOCK_NB)
            wasHeld.withLock { $0 = result != 0 }
            return Secret("s3cret")
        }
        stage.script(.status(200), .status(200))
        let logout = Logout(ProfileContext(try stage.choice(), stage.locations, world))
        #expect(try logout.run() == .revoked)
        #expect(wasHeld.withLock { $0 } == false)
    }

    @Test("a renewal that asks a password manager may hold the lock for a minute and a half")
    func patienceForLock() throws {
        let descriptor = open(stage.absolute(SessionStage.lockFile), O_RDWR | O_CREAT, 0o600)
        defer { close(descriptor) }
        #expect(flock(descriptor, LOCK_EX) == 0)
        _ = try stage.logOutFailure()
        #expect(stage.now == SessionStage.start + 95)
    }

    @Test("SEC-04: a server that repeats what it was sent is not repeated")
    func echo() throws {
        try stage.writeLogin(
            type: "oidc_device_code_secret", more: #","client_secret":"s3cret""#)
        stage.script(
            .status(400, #"{"error":"REFRESH","error_description":"REFRESH of s3cret"}"#))
        let reason = try #require(try stage.logOutFailure().because)
        #expect(reason.hasPrefix("the server answered '<redacted>': <redacted> of <redacted>; "))
    }

    @Test("what cannot be removed is told, with the system's reason")
    func readOnly() throws {
        // A folder in the file's place cannot be removed like a file, not even by root.
        mkdir(stage.absolute("home/.planet/m2m/token.backoff"), 0o700)
        stage.script(.status(200), .status(200))
        let failure = try stage.logOutFailure()
        #expect(failure.kind == .failed)
        #expect(
            failure.what.hasPrefix("cannot remove '\(stage.absolute(SessionStage.backoffFile))'"))
        #expect(!stage.exists(SessionStage.tokenFile))
    }

    @Test("a process that holds the lock for too long is named, and nothing is done")
    func locked() throws {
        let descriptor = open(stage.absolute(SessionStage.lockFile), O_RDWR | O_CREAT, 0o600)
        defer { close(descriptor) }
        #expect(flock(descriptor, LOCK_EX) == 0)
        let failure = try stage.logOutFailure()
        #expect(failure.kind == .tryAgain)
        #expect(failure.remedy == "planet-cred logout --profile m2m")
        #expect(stage.requestCount == 0)
        #expect(stage.exists(SessionStage.tokenFile))
    }
}

extension TransportResult {
    fileprivate static func metadata(revocation: String) -> TransportResult {
        status(
            200, #"{"issuer":"https://as.example","revocation_endpoint":"\#(revocation)"}"#)
    }
}
