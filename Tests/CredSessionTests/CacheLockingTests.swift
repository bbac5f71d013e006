import CredCore
import CredSession
import CredSystem
import TestSupport
import Testing
import Workbench

/// Another process that is at it: here a second lock of the same file, which excludes as well.
@Suite("Waiting for another process") struct CacheLockingTests {
    private let stage: SessionStage

    init() throws {
        stage = try SessionStage()
        try stage.writeProfile()
    }

    @Test("the token that the other one gets is ours too, and we ask nobody")
    func adopt() throws {
        let other = try takeLock()
        for _ in 0..<3 { stage.duringSleep {} }
        stage.duringSleep { [stage] in try stage.writeToken("theirs", expiresIn: 3600) }
        #expect(try stage.token() == "theirs")
        #expect(stage.requestCount == 0)
        #expect(stage.happened.sleeps.count == 4)
        _ = consume other
    }

    @Test("a token that another tool has put there while we waited is seen under the lock")
    func quicker() throws {
        try stage.writeToken("spent", expiresIn: -1)
        stage.script(.granted("ours"))
        let other = try takeLock()
        stage.duringSleep { [stage] in try stage.writeToken("theirs", expiresIn: 3600) }
        #expect(try stage.token() == "theirs")
        #expect(stage.requestCount == 0)
        _ = consume other
    }

    @Test("after 95 s the one who waits gives up, asks nobody and tells who held the lock")
    func timeOut() throws {
        let other = try takeLock()
        let failure = try stage.failure()
        #expect(failure.kind == .tryAgain)
        #expect(failure.because?.contains("process 1, renewing") == true)
        #expect(stage.requestCount == 0)
        #expect(stage.happened.sleeps.reduce(0, +) == 95_000)
        _ = consume other
    }

    @Test("who waits longer than 2 s hears why, once")
    func progress() throws {
        let other = try takeLock()
        _ = try stage.failure()
        #expect(stage.happened.progress.count == 1)
        #expect(stage.happened.progress.first?.contains("process 1, renewing") == true)
        #expect(stage.happened.notices == [])
        _ = consume other
    }

    @Test("REF-08: an old token that is still taken by then is handed out, with a word")
    func bearable() throws {
        let other = try takeLock()
        stage.duringSleep { [stage] in
            stage.pass(seconds: 95)
            try stage.writeToken("old", expiresIn: 30)
        }
        #expect(try stage.token() == "old")
        #expect(stage.requestCount == 0)
        #expect(stage.happened.notices.count == 1)
        #expect(stage.happened.notices.first?.contains("30 s") == true)
        _ = consume other
    }

    @Test("a receipt beyond all calendars counts as one in the future")
    func absurdReceipt() throws {
        try stage.write(
            SessionStage.tokenFile,
            #"{"access_token":"old","_iat":9000000000000000000,"expires_in":3600}"#)
        stage.script(.granted("new"))
        #expect(try stage.token() == "new")
    }

    @Test("pauses are uneven, and short")
    func pauses() throws {
        let stage = try SessionStage(random: 361_500)
        try stage.writeProfile()
        let other = try takeLock(stage)
        _ = try stage.failure()
        // Half of a quarter of the time so far, at most of 500 ms, and what the random number
        // leaves.
        #expect(stage.happened.sleeps.prefix(6) == [1, 1, 1, 1, 1, 1])
        #expect(stage.happened.sleeps.dropLast().max() == 529)
        #expect(stage.happened.sleeps.count < 300)
        _ = consume other
    }

    @Test(
        "with PLANET_CRED_LOCK_DIR the lock is also there, named as the profile's folder says")
    func lockFolder() throws {
        let locations = Locations(home: stage.absolute("home")) { [stage] in
            $0 == "PLANET_CRED_LOCK_DIR" ? stage.absolute("locks") : stage.environment[$0]
        }
        stage.script(.granted("new"))
        let session = Session(ProfileContext(try stage.choice(), locations, stage.world))
        #expect(try session.credential() != nil)
        let identity = try stage.read("home/.planet/m2m/token.id")
        #expect(
            Directory.names(in: stage.absolute("locks")).sorted()
                == ["\(identity).lock", "\(identity).lock.range"])
        #expect(stage.exists(SessionStage.lockFile))
    }

    @Test("a relative PLANET_CRED_LOCK_DIR, which others would look for elsewhere, is not used")
    func relativeLockFolder() throws {
        let locations = Locations(home: stage.absolute("home")) { [stage] in
            $0 == "PLANET_CRED_LOCK_DIR" ? "locks" : stage.environment[$0]
        }
        stage.script(.granted("new"))
        let session = Session(ProfileContext(try stage.choice(), locations, stage.world))
        let failure = try #require(throws: Failure.self) { try session.credential() }
        #expect(failure.kind == .failed)
        #expect(failure.remedy?.contains("export PLANET_CRED_LOCK_DIR=/tmp/locks-$USER") == true)
        #expect(stage.requestCount == 0)
    }

    @Test("the lock file tells who has it and why, and stays")
    func note() throws {
        stage.script(.granted("new"))
        let file = stage.absolute(SessionStage.lockFile)
        stage.duringRequest {
            let lock = try FileLock(file)
            let note = try #require(HolderNote(lock.note))
            #expect(
                note.description(at: lock.place)
                    == "process \(Platform.processID), since 2023-11-14T22:13:20Z, "
                    + "renewing the token of profile 'm2m'")
            #expect(note.duration == 95)
        }
        _ = try stage.token()
        #expect(try FileLock(file).note == "")
    }

    @Test("the note of a process on another host names the host")
    func otherHost() throws {
        let other = try takeLock()
        let place = LockPlace(host: "node7", boot: "another", device: 1)
        other.write(
            note: HolderNote(
                place, since: UnixTime(0), until: UnixTime(9), purpose: "renewing it"
            ).text)
        #expect(try stage.failure().because?.contains("on host 'node7', since 1970") == true)
    }

    private func takeLock() throws -> FileLock { try takeLock(stage) }

    private func takeLock(_ stage: SessionStage) throws -> FileLock {
        let lock = try FileLock(stage.absolute(SessionStage.lockFile))
        let isAcquired = try lock.tryAcquire()
        #expect(isAcquired)
        lock.write(note: "process 1, renewing")
        return lock
    }
}
