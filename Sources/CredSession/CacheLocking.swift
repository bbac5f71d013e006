import CredCore
import CredSystem

extension TokenCache {
    enum Locking<Result: Sendable>: Sendable {
        case done(Result)
        /// Another process held the lock until the end of our patience; what it left word of.
        case busy(holder: String)
        /// There is no folder in which a lock file can be made.
        case nowhere(Failure)
    }

    /// Runs `body` with the lock. While another process holds it, `meanwhile` looks now and then
    /// whether there is still something to do: what it answers ends the waiting.
    ///
    /// - Parameter deadline: of `world.clock.uptime`; the lock is tried once at least.
    func whileLocked<Result: Sendable>(
        purpose: String, deadline: Int64,
        meanwhile: () throws(Failure) -> Result? = { () throws(Failure) in nil },
        body: (borrowing LockedCache) throws(Failure) -> Result
    ) throws(Failure) -> Locking<Result> {
        let lock: FileLock
        do throws(Failure) {
            lock = try openLock()
        } catch {
            // A folder that somebody chose for locks is used or nothing is done.
            if locations.locks != nil { throw error }
            return .nowhere(error)
        }
        let start = world.clock.uptime()
        var pause: Int64 = 2
        var hasSpoken = false
        while try !lock.tryAcquire() {
            if let result = try meanwhile() { return .done(result) }
            let now = world.clock.uptime()
            guard now < deadline else { return .busy(holder: holder(lock.word)) }
            if pause == 2 {
                let holder = holder(lock.word)
                world.voice.trace { .lock(profile: name.description, state: "held by \(holder)") }
            }
            if !hasSpoken, now - start > Self.silentWait {
                world.voice.progress("waiting for the lock, held by \(holder(lock.word))")
                hasSpoken = true
            }
            // Uneven pauses, so that a crowd does not come back all at once.
            world.clock.sleep(min(pause / 2 + world.clock.random(upTo: pause), deadline - now))
            pause = min(pause * 2, 32)
        }
        world.voice.trace { .lock(profile: name.description, state: "taken") }
        lock.leaveWord(
            "process \(Platform.processID), since \(world.clock.now().rfc3339), \(purpose)")
        return .done(try body(LockedCache(self, lock)))
    }

    private func holder(_ word: String) -> String {
        word.isEmpty ? "a process that left no word" : word
    }

    /// Whether the lock could be taken right now.
    var isIdle: Bool {
        // Whoever wants it in earnest hears why it cannot.
        guard let lock = try? openLock() else { return false }
        return (try? lock.tryAcquire()) ?? false
    }

    /// After this time of waiting a person who looks on hears why, in milliseconds.
    private static let silentWait: Int64 = 2000

    private func openLock() throws(Failure) -> FileLock {
        if let path = locations.lock(for: name) {
            try locations.makeLocks()
            return try FileLock(path)
        }
        var first: Failure?
        for place in places {
            do throws(Failure) {
                try place.make()
                return try FileLock("\(place.folder)/token.lock")
            } catch {
                first = first ?? error
            }
        }
        throw first ?? Failure(.failed, "there is no place for a lock")
    }
}

extension Failure {
    static func lockHeld(_ what: String, by holder: String, remedy: String? = nil) -> Failure {
        Failure(
            .tryAgain, what, because: "the lock has been held for too long by \(holder)",
            remedy: remedy)
    }
}
