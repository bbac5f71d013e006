import CredCore
import CredSession
import TestSupport
import Testing
import Workbench

@Suite("Backing off") struct BackoffTests {
    private let stage: SessionStage

    init() throws {
        stage = try SessionStage()
        try stage.writeProfile()
    }

    @Test(
        "TOK-13: pauses double from 4 s up to a minute, and half of each is random",
        arguments: [
            Row("no luck at all", 0, [2, 4, 8, 16, 30, 30, 30, 30, 30, 30]),
            Row("all the luck", 60, [4, 8, 16, 32, 60, 60, 60, 60, 60, 60]),
        ] as [Row<Int64, [Int64]>])
    func growth(_ row: Row<Int64, [Int64]>) {
        let pauses = sequence(first: busy(after: nil, jitter: row.given)) {
            busy(after: $0, jitter: row.given)
        }.prefix(10).map(\.until.seconds)
        #expect(pauses == row.wanted)
    }

    @Test("the server's own wish counts instead, and the next pause still grows")
    func wish() {
        let first = Backoff.busy(
            "r", retryAfter: 7, after: nil, now: UnixTime(0), jitter: { $0 })
        #expect(first.until == UnixTime(7))
        #expect(busy(after: first, jitter: 0).until == UnixTime(4))
    }

    @Test("a refusal is no failure of the server, so the first pause after it is short")
    func afterRefusal() {
        let refusal = Backoff.refused(
            Refusal(.client, "no"), request: "x", now: UnixTime(0))
        #expect(busy(after: refusal, jitter: 0).until == UnixTime(2))
    }

    @Test(
        "a pause is in force until its end, and not more than an hour ahead",
        arguments: [
            Row("a second before", 1, true), Row("its end", 0, false), Row("after it", -1, false),
            Row("an hour", 3600, true), Row("a clock that was set back", 3601, false),
            Row("the end of time", .max, false), Row("before time", .min, false),
        ] as [Row<Int64, Bool>])
    func inForce(_ row: Row<Int64, Bool>) {
        let backoff = Backoff.busy(
            "r", retryAfter: row.given, after: nil, now: UnixTime(0), jitter: { $0 })
        #expect(backoff.isActive(at: UnixTime(0)) == row.wanted)
    }

    @Test(
        "USE-05: each further refusal of the same request is remembered for twice as long",
        arguments: [
            Row(
                "the secret", .credential, [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]),
            Row("the client", .client, [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]),
            Row("the grant", .grant, [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]),
            Row("an odd answer", .answer, [1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60]),
            Row("a command", .secret, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]),
        ] as [Row<Refusal.Cause, [Int64]>])
    func refusalGrowth(_ row: Row<Refusal.Cause, [Int64]>) {
        let pauses = sequence(first: refused(row.given, after: nil)) {
            refused(row.given, after: $0)
        }.prefix(11).map(\.until.seconds)
        #expect(pauses == row.wanted)
    }

    @Test("USE-05: another request, or another reason, starts with a short pause")
    func refusalOfAnother() {
        let third = refused(.client, after: refused(.client, after: refused(.client, after: nil)))
        #expect(refused(.grant, after: third).until == UnixTime(10))
        #expect(refused(.client, "y", after: third).until == UnixTime(10))
        let busy = Backoff.busy("r", retryAfter: 7, after: third, now: UnixTime(0), jitter: { $0 })
        #expect(refused(.client, after: busy).until == UnixTime(10))
    }

    @Test("USE-05: a refused password and a refused login are remembered for ever")
    func lasting() {
        for cause in [Refusal.Cause.password, .session] {
            #expect(refused(cause, after: nil).isActive(at: UnixTime(4_000_000_000)))
        }
        #expect(!refused(.client, after: nil).isActive(at: UnixTime(10)))
    }

    private func refused(_ cause: Refusal.Cause, _ request: String = "x", after previous: Backoff?)
        -> Backoff
    {
        Backoff.refused(
            Refusal(cause, "no"), request: request, after: previous, now: UnixTime(0))
    }

    @Test("what one process notes every other process reads")
    func file() throws {
        stage.script(.busy(retryAfter: "60"))
        _ = try stage.failure()
        let backoff = try #require(try stage.cache().backoff)
        #expect(backoff.until == UnixTime(SessionStage.start + 60))
        #expect(backoff.cause == .busy(failureCount: 1))
        #expect(backoff.reason.contains("429"))
    }

    @Test("a refusal is noted with the request that it is about")
    func refusalFile() throws {
        stage.script(.status(401, #"{"error":"invalid_client"}"#))
        _ = try stage.failure()
        let backoff = try #require(try stage.cache().backoff)
        guard case .refused(.credential, let request) = backoff.cause else {
            Issue.record("no refusal")
            return
        }
        #expect(request.utf8.count == 16)
        #expect(!request.contains("s3cret"))
        #expect(try !stage.read(SessionStage.backoffFile).contains("s3cret"))
        #expect(backoff.until == UnixTime(SessionStage.start + 10))
    }

    @Test(
        "a note that cannot be read is no note",
        arguments: [
            Example("nothing", ""), Example("half of it", #"{"until":"#), Example("a list", "[]"),
            Example("no time", #"{"reason":"r"}"#), Example("a word", #"{"until":"soon"}"#),
        ])
    func broken(_ example: Example<String>) throws {
        try stage.write(SessionStage.backoffFile, example.given)
        stage.script(.granted("new"))
        #expect(try stage.token() == "new")
    }

    @Test(
        "a note with an absurd number of failures makes no trouble",
        arguments: [
            Example("the largest", "9223372036854775807"), Example("the smallest", "-1e400"),
        ])
    func absurd(_ example: Example<String>) throws {
        try stage.write(SessionStage.backoffFile, #"{"until":1,"failures":\#(example.given)}"#)
        stage.script(.busy(retryAfter: "60"))
        #expect(try stage.failure().kind == .tryAgain)
    }

    @Test("TOK-12: while a pause is long nobody asks; after it one does, and success ends it")
    func shared() throws {
        stage.script(.busy(retryAfter: "60"), .granted("new"))
        #expect(try stage.failure().kind == .tryAgain)
        stage.pass(seconds: 29)
        let failure = try stage.failure()
        #expect(failure.kind == .tryAgain)
        #expect(failure.remedy?.hasPrefix("sleep 31; ") == true)
        #expect(stage.requestCount == 1)
        stage.pass(seconds: 31)
        #expect(try stage.token() == "new")
        #expect(stage.requestCount == 2)
        #expect(!stage.exists(SessionStage.backoffFile))
    }

    @Test("a short rest of a pause is waited for, and a person hears why")
    func short() throws {
        stage.script(.busy(retryAfter: "60"), .granted("new"))
        _ = try stage.failure()
        stage.pass(seconds: 50)
        #expect(try stage.token() == "new")
        #expect(stage.happened.sleeps == [10_000])
        #expect(stage.happened.progress.count == 1)
    }

    @Test("failures in a row are counted across processes")
    func count() throws {
        for _ in 0..<2 {
            stage.script(.down, .down, .down)
            _ = try stage.failure()
            stage.pass(seconds: 60)
        }
        #expect(try stage.cache().backoff?.cause == .busy(failureCount: 2))
    }

    private func busy(after previous: Backoff?, jitter: Int64) -> Backoff {
        Backoff.busy("r", retryAfter: nil, after: previous, now: UnixTime(0)) { min($0, jitter) }
    }
}
