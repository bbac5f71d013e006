import CredCore
import CredSystem

/// Token files whose lock this process holds. Only this type writes them, so that the compiler
/// prevents writing without the lock.
struct LockedFiles: ~Copyable {
    let files: TokenFiles
    private let lock: FileLock

    fileprivate init(_ files: TokenFiles, _ lock: consuming FileLock) {
        self.files = files
        self.lock = lock
    }

    /// The lock's descriptor, for the one child that may hold the lock with us.
    var lockDescriptor: Int32 { lock.descriptorNumber }

    /// Saves the record in the first directory that can be written and returns the file's path;
    /// `nil` if there is none. Files in later directories are then out of date and are removed.
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

    /// Saves an API key in the profile's own directory, in the format of Planet's Python tools.
    /// Fails with kind `.failed`.
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

    /// Saves the backoff for all processes. If it cannot be written, every process finds out by
    /// itself.
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

    /// Removes every usable token and the cached metadata from all directories. Fails with kind
    /// `.failed` if something remains, after removing whatever it can.
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

    /// Members of other tools are kept.
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
        /// Another process held the lock until the deadline; its holder note.
        case busy(holder: String)
        /// No directory allows a lock file to be created.
        case nowhere(Failure)
    }

    /// Runs `body` with the lock held. While another process holds it, `meanwhile` is called
    /// repeatedly; a value that it returns ends the waiting.
    ///
    /// - Parameter deadline: in terms of `world.clock.uptime`; the lock is tried at least once.
    func whileLocked<Result: Sendable>(
        purpose: String, deadline: Int64,
        meanwhile: () throws(Failure) -> Result? = { () throws(Failure) in nil },
        body: (borrowing LockedFiles) throws(Failure) -> Result
    ) throws(Failure) -> Locking<Result> {
        let lock: FileLock
        do throws(Failure) {
            lock = try openLock()
        } catch {
            // If `PLANET_CRED_LOCK_DIR` is set, no other directory is used.
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
            // Random pauses, so that many processes do not try again at the same time.
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

    /// Whether the lock is free now.
    var isIdle: Bool {
        // The error is ignored here; taking the lock reports it.
        guard let lock = try? openLock() else { return false }
        return (try? lock.tryAcquire()) ?? false
    }

    /// How long to wait for the lock without a message, in milliseconds.
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
