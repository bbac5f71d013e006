import CredCore
import CredSession
import CredSystem
import Glibc
import TestSupport
import Testing
import Workbench

@Suite("Renewal by a refresh token") struct SessionRenewalTests {
    private let stage: SessionStage

    init() throws {
        stage = try SessionStage()
        try stage.writePerson()
    }

    @Test("a renewal removes temporary files of processes that were killed over a minute ago")
    func temporaryFiles() throws {
        try stage.writeProfile()
        let names = [
            "token.json.new.1234", "token.backoff.new.1234", "token.id.1234", "token.id.1234.new",
            "login.room",
        ]
        for name in names {
            try stage.write("\(SessionStage.folder)/\(name)", "x")
            try stage.setTime("\(SessionStage.folder)/\(name)", stage.now)
        }
        try stage.write("\(SessionStage.folder)/token.json.new.5678", "x")
        stage.script(.granted("t"))
        _ = try stage.token()
        #expect(names.filter { stage.exists("\(SessionStage.folder)/\($0)") } == [])
        #expect(stage.exists("\(SessionStage.folder)/token.json.new.5678"))
    }

    @Test("REF-01: the refresh token is sent by the client, without a scope")
    func form() throws {
        try stage.writePerson(#","scopes":["a"]"#)
        try stage.writeSession()
        stage.script(.rotated("new", "r1"))
        #expect(try stage.token() == "new")
        let request = try #require(stage.happened.requests.first)
        #expect(request.field("grant_type") == "refresh_token")
        #expect(request.field("refresh_token") == "r0")
        #expect(request.field("client_id") == "id")
        #expect(request.field("scope") == nil)
    }

    @Test("REF-02: the next refresh token takes the place of the old one")
    func rotated() throws {
        try stage.writeSession()
        stage.script(.rotated("new", "r1"))
        _ = try stage.token()
        #expect(try stage.keptRefreshToken == "r1")
        #expect(try stage.journal.count == 1)
    }

    @Test("REF-03: an answer without a refresh token keeps the old one")
    func kept() throws {
        try stage.writeSession()
        stage.script(.granted("new"))
        #expect(try stage.token() == "new")
        #expect(try stage.keptRefreshToken == "r0")
        #expect(try stage.journal == [])
    }

    @Test("an answer that is lost is asked for once more, and no third time")
    func tries() throws {
        try stage.writeSession()
        stage.script(.interrupted("reset"), .down, .rotated("too late", "r1"))
        #expect(try stage.failure().kind == .tryAgain)
        #expect(stage.requestCount == 2)
        #expect(try stage.keptRefreshToken == "r0")
        #expect(try stage.journal == [])
    }

    @Test("REF-07: a refused refresh token is not tried again, whoever asks and whenever")
    func refused() throws {
        try stage.writeSession()
        stage.script(.ended, .rotated("too late", "r1"))
        let first = try stage.failure()
        #expect(first.kind == .loginRequired)
        #expect(first.remedy == "planet-cred login m2m")
        stage.pass(seconds: 100_000)
        let second = try stage.failure()
        #expect(second.because == "\(first.because ?? "") (remembered until the next login)")
        #expect(second.remedy == first.remedy)
        #expect(stage.requestCount == 1)
        #expect(try stage.keptRefreshToken == "r0")
    }

    @Test("after the next login the refusal of the last one is forgotten")
    func login() throws {
        try stage.writeSession()
        stage.script(.ended, .rotated("new", "r2"))
        _ = try stage.failure()
        try stage.writeSession(refresh: "r1")
        #expect(try stage.token() == "new")
        #expect(stage.sentRefreshTokens == ["r0", "r1"])
        #expect(!stage.exists(SessionStage.backoffFile))
    }

    @Test("nobody is started to renew a token whose session has ended")
    func refusedAhead() throws {
        try stage.writeSession("ageing", expiresIn: 899)
        stage.script(.ended)
        try? stage.session().renewAhead()
        #expect(try stage.token() == "ageing")
        #expect(stage.happened.background == [])
        #expect(stage.requestCount == 1)
    }

    @Test("an ageing token is handed out, and one process is started to refresh it")
    func ahead() throws {
        try stage.writeSession("ageing", expiresIn: 899)
        #expect(try stage.token() == "ageing")
        #expect(stage.happened.background == [["--profile", "m2m"]])
        stage.script(.rotated("new", "r1"))
        try stage.session().renewAhead()
        #expect(try stage.token() == "new")
    }

    @Test("REF-10: a refresh token of ours is not sent for a profile that says something else")
    func edited() throws {
        try stage.writeSession()
        stage.script(.rotated("new", "r1"))
        _ = try stage.token()
        try stage.writePerson(#","client_id":"other""#)
        #expect(try stage.failure().kind == .loginRequired)
        #expect(stage.requestCount == 1)
    }

    @Test("what the server repeats of a refresh token is not told")
    func secrecy() throws {
        try stage.writeSession(refresh: "SECRET")
        stage.script(
            .status(400, #"{"error":"invalid_grant","error_description":"SECRET is spent"}"#))
        #expect(try stage.failure().because?.contains("SECRET") == false)
        #expect(try !stage.read(SessionStage.backoffFile).contains("SECRET"))
    }
}

/// The refresh token must not be spent where its answer has no place.
@Suite("Refresh tokens and folders that take no file") struct UnwritableSessionTests {
    private let stage: SessionStage

    init() throws {
        stage = try SessionStage()
        try stage.writePerson()
    }

    @Test("where the answer has no room nothing is sent")
    func noRoom() throws {
        try stage.writeSession()
        mkdir(stage.absolute(try stage.journalName("r0")), 0o700)
        let failure = try stage.failure()
        #expect(failure.kind == .failed)
        #expect(failure.because?.hasSuffix("; nothing was sent to the server") == true)
        #expect(stage.requestCount == 0)
    }

    @Test("where the answer has no room a token that is still taken is handed out, with a word")
    func bearable() throws {
        try stage.writeSession(expiresIn: 30)
        mkdir(stage.absolute(try stage.journalName("r0")), 0o700)
        #expect(try stage.token() == "old")
        #expect(stage.happened.notices.count == 1)
        #expect(stage.requestCount == 0)
    }

    @Test("an answer that cannot be saved is handed out, and found again until it is")
    func unsaved() throws {
        try stage.writeSession()
        let obstacle = stage.absolute(SessionStage.temporaryFile)
        mkdir(obstacle, 0o700)
        stage.script(.rotated("new", "r1"))
        #expect(try stage.token() == "new")
        #expect(stage.happened.notices.count == 1)
        #expect(try stage.token() == "new")
        #expect(try stage.keptRefreshToken == "r0")
        rmdir(obstacle)
        #expect(try stage.token() == "new")
        #expect(try stage.keptRefreshToken == "r1")
        #expect(try stage.token() == "new")
        #expect(stage.requestCount == 1)
    }

    @Test("answers that follow each other and cannot be saved lead to the last of them")
    func unsavedChain() throws {
        try stage.writeSession()
        let obstacle = stage.absolute(SessionStage.temporaryFile)
        mkdir(obstacle, 0o700)
        stage.script(.rotated("one", "r1"), .rotated("two", "r2"))
        #expect(try stage.token() == "one")
        let refused = TokenRequirement(refused: .fingerprint(Secret("one").fingerprint))
        #expect(try stage.token(refused) == "two")
        rmdir(obstacle)
        #expect(try stage.token() == "two")
        #expect(try stage.keptRefreshToken == "r2")
        #expect(stage.sentRefreshTokens == ["r0", "r1"])
    }

    @Test("nobody is started to renew a token where the lock cannot be opened")
    func noLock() throws {
        try stage.writeSession("ageing", expiresIn: 899)
        mkdir(stage.absolute(SessionStage.lockFile), 0o700)
        #expect(try stage.token() == "ageing")
        #expect(stage.happened.background == [])
    }
}
