import CredCore
import CredSession
import TestSupport
import Testing
import Workbench

@Suite("Patience with a busy server") struct TokenRequestTests {
    @Test(
        "TOK-13: a busy server is asked three times, after random pauses up to 0.3 s and 1.2 s",
        arguments: [Row("the shortest", 0, [0, 0]), Row("the longest", 361_500, [300, 1200])]
            as [Row<UInt64, [Int64]>])
    func jitter(_ row: Row<UInt64, [Int64]>) throws {
        let stage = try stage(random: row.given)
        stage.script(.down, .unreachable("refused"), .interrupted("reset"), .granted("too late"))
        let failure = try stage.failure()
        #expect(failure.kind == .tryAgain)
        #expect(failure.because?.hasPrefix("reset; ") == true)
        #expect(stage.requestCount == 3)
        #expect(stage.happened.sleeps == row.wanted)
    }

    @Test("a server that is back at the last try gives its token")
    func back() throws {
        let stage = try stage()
        stage.script(.down, .down, .granted("new"))
        #expect(try stage.token() == "new")
        #expect(!stage.exists(SessionStage.backoffFile))
        #expect(stage.happened.notices == [])
    }

    @Test("TOK-12: the server's own wish is kept where it is within our patience")
    func wish() throws {
        let stage = try stage(random: 361_500)
        stage.script(.busy(retryAfter: "7"), .busy(retryAfter: "0"), .granted("new"))
        #expect(try stage.token() == "new")
        #expect(stage.happened.sleeps == [7000, 0])
        #expect(
            stage.happened.progress == ["waiting 7 s: the server answered with HTTP status 429"])
    }

    @Test(
        "a wait is told from two seconds on",
        arguments: [Row("one", "1", 0), Row("two", "2", 1)] as [Row<String, Int>])
    func told(_ row: Row<String, Int>) throws {
        let stage = try stage()
        stage.script(.busy(retryAfter: row.given), .granted("new"))
        _ = try stage.token()
        #expect(stage.happened.progress.count == row.wanted)
    }

    @Test("TOK-12: a busy server that speaks of a device's polls is as busy as any other")
    func slowDown() throws {
        let stage = try stage()
        let busy = TransportResult.status(
            429, #"{"error":"slow_down"}"#, headers: "Retry-After: 60\r\n")
        stage.script(busy, .granted("too early"))
        #expect(try stage.failure().kind == .tryAgain)
        #expect(stage.requestCount == 1)
        #expect(try stage.cache().backoff?.until == UnixTime(SessionStage.start + 60))
    }

    @Test(
        "TOK-12: a wish beyond our patience of 30 s ends the call, and is noted for all",
        arguments: [
            Row("30 s", "30", 30), Row("a minute", "60", 60), Row("a week", "604800", 3600),
            Row("a date", "Tue, 14 Nov 2023 22:14:20 GMT", 60),
        ] as [Row<String, Int64>])
    func longWish(_ row: Row<String, Int64>) throws {
        let stage = try stage()
        stage.script(.busy(retryAfter: row.given), .granted("too early"))
        #expect(try stage.failure().kind == .tryAgain)
        #expect(stage.requestCount == 1)
        #expect(stage.happened.sleeps == [])
        #expect(try stage.cache().backoff?.until == UnixTime(SessionStage.start + row.wanted))
    }

    @Test("a slow server is asked only while our patience lasts, each time with what is left of it")
    func deadline() throws {
        let stage = try stage(latency: 16_000)
        stage.script(.interrupted("slow"), .interrupted("slow"), .granted("too late"))
        #expect(try stage.failure().kind == .tryAgain)
        #expect(stage.happened.timeLimits == [30_000, 14_000])
    }

    @Test("what cannot be sent at all is not tried again, nor noted")
    func impossible() throws {
        let stage = try stage()
        stage.script(.impossible(Failure(.unavailable, "no curl")))
        #expect(try stage.failure() == Failure(.unavailable, "no curl"))
        #expect(stage.requestCount == 1)
        #expect(!stage.exists(SessionStage.backoffFile))
    }

    @Test("a token that is kept nowhere is asked for as patiently")
    func memoryOnly() throws {
        let stage = try SessionStage(["PL_AUTH_CLIENT_ID": "id", "PL_AUTH_CLIENT_SECRET": "s"])
        stage.script(.down, .down, .down, .granted("too late"))
        let choice = try stage.choice(nil, storage: .memoryOnly)
        let session = Session(ProfileContext(choice, stage.locations, stage.world))
        let failure = try #require(throws: Failure.self) { try session.credential() }
        #expect(failure.kind == .tryAgain)
        #expect(stage.requestCount == 3)
    }

    private func stage(random: UInt64 = 0, latency: Int64 = 0) throws -> SessionStage {
        let stage = try SessionStage(random: random, latency: latency)
        try stage.writeProfile()
        return stage
    }
}
