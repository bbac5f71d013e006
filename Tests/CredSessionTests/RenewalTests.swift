import CredCore
import CredSession
import CredSystem
import TestSupport
import Testing
import Workbench

@Suite("Renewal") struct RenewalTests {
    private let stage: SessionStage

    init() throws {
        stage = try SessionStage()
        try stage.writeProfile()
    }

    @Test("a spent token is renewed before anybody gets it")
    func spent() throws {
        try stage.writeToken("old", expiresIn: 60)
        stage.script(.granted("new"))
        #expect(try stage.token() == "new")
        #expect(stage.happened.background == [])
    }

    @Test("REF-08: a server that is down leaves us the old token while it is taken, with a word")
    func stillAlive() throws {
        try stage.writeToken("old", expiresIn: 30)
        stage.script(.down, .down, .down)
        #expect(try stage.token() == "old")
        #expect(stage.happened.notices.count == 1)
        #expect(stage.happened.notices.first?.contains("30 s") == true)
        #expect(stage.exists(SessionStage.backoffFile))
    }

    @Test("REF-08: while all back off the old token is handed out at once")
    func aliveWhileBackingOff() throws {
        try stage.writeToken("old", expiresIn: 30)
        stage.script(.busy(retryAfter: "60"))
        _ = try stage.token()
        #expect(try stage.token() == "old")
        #expect(stage.requestCount == 1)
        #expect(stage.happened.sleeps == [])
        #expect(stage.happened.notices.count == 2)
    }

    @Test("REF-09: a token that has ended is not handed out, whoever is down")
    func dead() throws {
        try stage.writeToken("SECRET", expiresIn: 0)
        stage.script(.down, .down, .down)
        let failure = try stage.failure()
        #expect(failure.kind == .tryAgain)
        #expect(failure.remedy?.contains("planet-cred token --profile m2m") == true)
        #expect(!"\(failure)".contains("SECRET"))
    }

    @Test("a caller with a margin of its own gets no token below it, whoever is down")
    func ownMargin() throws {
        try stage.writeToken("old", expiresIn: 100)
        stage.script(.down, .down, .down)
        #expect(try stage.failure(TokenRequirement(minimumLife: 100)).kind == .tryAgain)
    }

    @Test("a margin that the cached token meets costs nothing, and one that it does not a request")
    func margin() throws {
        try stage.writeToken("old", expiresIn: 3000)
        #expect(try stage.token(TokenRequirement(minimumLife: 2999)) == "old")
        #expect(stage.requestCount == 0)
        stage.script(.granted("new"))
        #expect(try stage.token(TokenRequirement(minimumLife: 3000)) == "new")
    }

    @Test("a margin beyond the whole life of a new token ends the call, and the token is kept")
    func tooShort() throws {
        stage.script(.granted("new", #","expires_in":600"#))
        let failure = try stage.failure(TokenRequirement(minimumLife: 600))
        #expect(failure.kind == .unavailable)
        #expect(failure.what.contains("600 s"))
        #expect(failure.because?.contains("600 s") == true)
        #expect(failure.remedy?.contains("--min-ttl 300") == true)
        #expect(try stage.token() == "new")
    }

    @Test("a margin beyond the whole life of a cached token is told without a request")
    func cachedTooShort() throws {
        try stage.writeToken("old", expiresIn: 590, life: 600)
        #expect(try stage.failure(TokenRequirement(minimumLife: 600)).kind == .unavailable)
        #expect(stage.requestCount == 0)
    }

    @Test("TOK-09: a scope that was not granted is told, and nothing else about scopes is")
    func scope() throws {
        try stage.writeProfile(
            #""token_endpoint":"https://as.example/token","scopes":["c","a","b"]"#)
        stage.script(.granted("new", #","expires_in":3600,"scope":"b x""#))
        #expect(try stage.token() == "new")
        #expect(stage.happened.notices.count == 1)
        #expect(stage.happened.notices.first?.contains("'a c'") == true)
    }

    @Test(
        "TOK-09: a scope that was granted or is not told needs no word",
        arguments: [Example("reordered", #","scope":"b a""#), Example("not told", "")])
    func sameScope(_ example: Example<String>) throws {
        try stage.writeProfile(
            #""token_endpoint":"https://as.example/token","scopes":["a","b"]"#)
        stage.script(.granted("new", #","expires_in":3600\#(example.given)"#))
        #expect(try stage.token() == "new")
        #expect(stage.happened.notices == [])
    }

    @Test("REF-10: a profile that names another client or scope asks for a token of its own")
    func edited() throws {
        stage.script(.granted("one"), .granted("two"))
        _ = try stage.token()
        try stage.writeProfile(#""token_endpoint":"https://as.example/token","client_id":"other""#)
        #expect(try stage.token() == "two")
        #expect(stage.happened.requests.last?.field("client_id") == "other")
    }
}

@Suite("Renewal ahead of time") struct AheadTests {
    private let stage: SessionStage

    init() throws {
        stage = try SessionStage()
        try stage.writeProfile()
    }

    @Test("an ageing token is handed out at once, and one process is started to renew it")
    func start() throws {
        try stage.writeToken("ageing", expiresIn: 899)
        #expect(try stage.token() == "ageing")
        #expect(stage.happened.background == [["--profile", "m2m"]])
        #expect(stage.requestCount == 0)
    }

    @Test("a profile file is named as it was to us")
    func file() throws {
        let path = stage.absolute("home/.planet/m2m/auth_client.json")
        try stage.writeToken("ageing", expiresIn: 899)
        let choice = try stage.choice("m2m", file: path)
        let session = Session(ProfileContext(choice, stage.locations, stage.world))
        #expect(try session.credential() != nil)
        #expect(stage.happened.background == [["--profile-file", path, "--profile", "m2m"]])
    }

    @Test("nobody is started for a young token, while all back off, or while somebody is at it")
    func noStart() throws {
        try stage.writeToken("good", expiresIn: 900)
        _ = try stage.token()
        try stage.writeToken("ageing", expiresIn: 899)
        try stage.write(SessionStage.backoffFile, #"{"until":\#(SessionStage.start + 60)}"#)
        _ = try stage.token()
        File.remove(stage.absolute(SessionStage.backoffFile))
        let lock = try FileLock(stage.absolute(SessionStage.lockFile))
        let isAcquired = try lock.tryAcquire()
        _ = try stage.token()
        #expect(isAcquired)
        #expect(stage.happened.background == [])
        _ = consume lock
    }

    @Test("the started process renews an ageing token")
    func renew() throws {
        try stage.writeToken("ageing", expiresIn: 899)
        stage.script(.granted("new"))
        try stage.session().renewAhead()
        #expect(try stage.json(SessionStage.tokenFile)["access_token"] == .string("new"))
    }

    @Test("the started process does nothing where there is nothing to do")
    func nothing() throws {
        try stage.writeToken("good", expiresIn: 900)
        try stage.session().renewAhead()
        try stage.writeToken("ageing", expiresIn: 899)
        try stage.write(SessionStage.backoffFile, #"{"until":\#(SessionStage.start + 60)}"#)
        try stage.session().renewAhead()
        #expect(stage.requestCount == 0)
    }

    @Test("the started process does not wait for another one")
    func noWait() throws {
        try stage.writeToken("ageing", expiresIn: 899)
        let lock = try FileLock(stage.absolute(SessionStage.lockFile))
        let isAcquired = try lock.tryAcquire()
        try stage.session().renewAhead()
        #expect(isAcquired)
        #expect(stage.requestCount == 0)
        #expect(stage.happened.sleeps == [])
        _ = consume lock
    }
}
