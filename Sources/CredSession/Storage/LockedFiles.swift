import CredCore
import CredSystem

/// Token files whose lock this process holds: the only type that writes, so that no write without the
/// lock is a fact for the compiler.
struct LockedFiles: ~Copyable {
    let files: TokenFiles
    private let lock: FileLock

    fileprivate init(_ files: TokenFiles, _ lock: consuming FileLock) {
        self.files = files
        self.lock = lock
    }

    /// For the one child that may hold the lock with us.
    var lockDescriptor: Int32 { lock.descriptorNumber }

    /// Replaces the token file in the first folder that takes it, and answers its path; `nil` where
    /// none does. Files in later folders are then out of date and go.
    func save(_ record: TokenRecord) -> String? {
        let voice = files.world.voice
        for (index, folder) in files.folders.enumerated() {
            let path = folder.token
            do {
                let durability: AtomicFile.Durability =
                    record.refreshToken == nil ? .replaceable : .synced
                try write(record.bytes, to: path, in: folder, durability)
            } catch {
                voice.trace { .cache(path: path, state: error.because ?? error.what) }
                continue
            }
            for later in files.folders[(index + 1)...] where later.isOurs {
                File.remove(later.token)
            }
            if index > 0, record.path != path {
                voice.notice(
                    "cannot write to '\(files.home.path)'; the token is cached in '\(path)' instead"
                )
            }
            return path
        }
        return nil
    }

    /// Replaces the members of an API key in the profile's own folder, in the format of Planet's
    /// Python tools. Fails with kind `.failed`.
    func save(key members: JSONObject, replacing old: TokenRecord?) throws(Failure) {
        var all = old?.members ?? JSONObject()
        for member in members.members { all[member.name] = member.value }
        try write(
            Array(JSONValue.object(all.sorted).text(.indented).utf8),
            to: files.home.token, in: files.home, .synced)
    }

    private func write(
        _ bytes: [UInt8], to path: String, in folder: ProfileFolder,
        _ durability: AtomicFile.Durability
    ) throws(Failure) {
        try folder.make()
        try AtomicFile.replace(path, aside: ProfileFolder.aside(path), with: bytes, durability)
        files.world.voice.trace { .saved(path: path) }
    }

    var backoff: Backoff? { files.backoff }

    /// Tells all processes when to ask again. Without a place to write it each one finds out itself.
    func save(_ backoff: Backoff) {
        for folder in files.folders {
            do {
                try write(backoff.bytes, to: folder.backoff, in: folder, .replaceable)
                return
            } catch {
                continue
            }
        }
    }

    func removeBackoff() {
        for folder in files.folders where folder.isOurs { File.remove(folder.backoff) }
    }

    /// Removes from every folder what could still be used, and what was learned of the server. Fails
    /// with kind `.failed` if something stays; whatever can be removed is gone all the same.
    func forget() throws(Failure) {
        var first: Failure?
        for path in files.leftovers {
            do throws(Failure) { try File.removeForGood(path) } catch { first = first ?? error }
        }
        for record in try files.all(.fail) {
            do throws(Failure) { try forget(record) } catch { first = first ?? error }
        }
        if let first { throw first }
    }

    /// What other tools keep in the file stays.
    private func forget(_ record: TokenRecord) throws(Failure) {
        let path = record.path
        guard let rest = record.bytesOfOthers else { return try File.removeForGood(path) }
        try AtomicFile.replace(path, aside: ProfileFolder.aside(path), with: rest, .replaceable)
        files.world.voice.trace { .saved(path: path) }
    }
}

extension TokenFiles {
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
        body: (borrowing LockedFiles) throws(Failure) -> Result
    ) throws(Failure) -> Locking<Result> {
        let lock: FileLock
        do throws(Failure) {
            lock = try openLock()
        } catch {
            // A folder that somebody chose for locks is used or nothing is done.
            if context.locations.locks != nil { throw error }
            return .nowhere(error)
        }
        let clock = world.clock
        let start = clock.uptime()
        var pause: Int64 = 2
        var hasSpoken = false
        while try !lock.tryAcquire() {
            if let result = try meanwhile() { return .done(result) }
            let now = clock.uptime()
            guard now < deadline else { return .busy(holder: holder(lock.word)) }
            if pause == 2 {
                let holder = holder(lock.word)
                trace("held by \(holder)")
            }
            if !hasSpoken, now - start > Self.silentWait {
                world.voice.progress("waiting for the lock held by \(holder(lock.word))")
                hasSpoken = true
            }
            // Uneven pauses, so that a crowd does not come back all at once.
            clock.sleep(min(pause / 2 + clock.random(upTo: pause), deadline - now))
            pause = min(pause * 2, 32)
        }
        trace("acquired")
        lock.leaveWord("process \(Platform.processID), since \(clock.now().rfc3339), \(purpose)")
        return .done(try body(LockedFiles(self, lock)))
    }

    private func trace(_ state: String) {
        world.voice.trace { .lock(profile: context.profile.description, state: state) }
    }

    private func holder(_ word: String) -> String {
        word.isEmpty ? "an unknown process" : word
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
        if let path = context.locations.tokenLock(for: context.profile) {
            try context.locations.makeLocks()
            return try FileLock(path)
        }
        var first: Failure?
        for folder in folders {
            do throws(Failure) {
                try folder.make()
                return try FileLock(folder.tokenLock)
            } catch {
                first = first ?? error
            }
        }
        throw first ?? Failure(.failed, "cannot create a lock file")
    }
}

extension Failure {
    static func lockHeld(_ what: String, by holder: String, remedy: String? = nil) -> Failure {
        Failure(
            .tryAgain, what, because: "timed out waiting for the lock held by \(holder)",
            remedy: remedy)
    }
}
