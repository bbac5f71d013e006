import CredCore
import CredSystem

/// Takes the lock of the token files, and waits for other processes that hold it.
extension TokenFiles {
    enum Locking<Result: Sendable>: Sendable {
        case done(Result)
        /// Another process held the lock until the deadline; its holder note.
        case busy(holder: String)
        /// No directory allows a lock file to be created.
        case lockUnavailable(Failure)
    }

    /// Runs `body` with the lock held. While another process holds it, `meanwhile` is called
    /// whenever the files have changed; a value that it returns ends the waiting.
    ///
    /// - Parameter deadline: in terms of `world.clock.uptime`; the lock is tried at least once.
    func whileLocked<Result: Sendable>(
        purpose: String, deadline: Int64,
        meanwhile: () throws(Failure) -> Result? = { () throws(Failure) in nil },
        body: (borrowing LockedFiles) throws(Failure) -> Result
    ) throws(Failure) -> Locking<Result> {
        let lock: TokenLock
        do throws(Failure) {
            lock = try TokenLock(self)
        } catch {
            // If `PLANET_CRED_LOCK_DIR` is set, no other directory is used.
            if context.locations.locks != nil { throw error }
            return .lockUnavailable(error)
        }
        switch try wait(for: lock, deadline, meanwhile) {
        case .result(let result): return .done(result)
        case .busy(let holder): return .busy(holder: holder)
        case .acquired: break
        }
        trace("acquired")
        let notes = lock.write(purpose: purpose, lifetime: Renewal.lockTimeout / 1000)
        defer { if let other = lock.clear(notes) { tellOfUnsharedLocks(other) } }
        return .done(try body(LockedFiles(self, lock, notes)))
    }

    private enum Waiting<Result> {
        case acquired
        case result(Result)
        case busy(holder: String)
    }

    private func wait<Result>(
        for lock: TokenLock, _ deadline: Int64,
        _ meanwhile: () throws(Failure) -> Result?
    ) throws(Failure) -> Waiting<Result> {
        let clock = world.clock
        let start = clock.uptime()
        var seen: [FileStamp?]?
        var hasSpoken = false
        while try !lock.tryAcquire() {
            // With hundreds of waiting processes reading is expensive, but comparing stamps is not.
            let stamps = stamps
            if seen != stamps {
                if seen == nil { trace("held by \(lock.holder)") }
                seen = stamps
                if let result = try meanwhile() { return .result(result) }
            }
            let now = clock.uptime()
            guard now < deadline else { return .busy(holder: lock.holder) }
            if !hasSpoken, now - start > Self.silentWait {
                world.voice.progress("waiting for the lock held by \(lock.holder)")
                hasSpoken = true
            }
            clock.sleep(min(clock.pause(after: now - start), deadline - now))
        }
        return .acquired
    }

    private func trace(_ state: String) {
        world.voice.trace { .lock(profile: context.profile.description, state: state) }
    }

    /// Warns that locks do not exclude another host, once for each profile.
    func tellOfUnsharedLocks(_ other: HolderNote) {
        guard File.create(home.unsharedLocks) else { return }
        world.voice.notice(
            "a process on host '\(other.place.host)' held the lock in '\(home.path)' at the same time: "
                + "the file system does not share locks between hosts; try: planet-cred doctor --locks"
        )
    }

    /// Whether the lock is free now.
    var isIdle: Bool {
        // The error is ignored here; taking the lock reports it.
        guard let lock = try? TokenLock(self) else { return false }
        return (try? lock.tryAcquire()) ?? false
    }

    /// How long to wait for the lock without a message, in milliseconds.
    private static let silentWait: Int64 = 2000
}
