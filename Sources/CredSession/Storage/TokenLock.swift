import CredCore
import CredSystem

/// The lock of a profile's tokens: in the profile's directory, as far as its file system supports
/// locks, and in `PLANET_CRED_LOCK_DIR` if that is set.
///
/// Both are taken, because another process of the same home may not have the variable.
struct TokenLock {
    private let home: FileLock?
    private let extra: FileLock?
    private let context: ProfileContext
    private let folder: ProfileFolder

    /// Opens the lock files. Fails with kind `.failed` if there is no directory for them.
    init(_ files: TokenFiles) throws(Failure) {
        context = files.context
        folder = files.home
        let locations = files.context.locations
        if locations.locks != nil {
            extra = try FileLock(
                try locations.lock(.token, of: files.home, context.world.clock.random))
            // The error is ignored: the other lock is there for a home that cannot be locked.
            home = try? Self.open(in: files.home)
            return
        }
        extra = nil
        home = try Self.open(inFirstOf: files.folders)
    }

    private static func open(inFirstOf folders: [ProfileFolder]) throws(Failure) -> FileLock {
        var first: Failure?
        for folder in folders {
            do throws(Failure) {
                return try open(in: folder)
            } catch {
                first = first ?? error
            }
        }
        throw first ?? Failure(.failed, "cannot create a lock file")
    }

    private static func open(in folder: ProfileFolder) throws(Failure) -> FileLock {
        try folder.make()
        return try FileLock(folder.tokenLock)
    }

    /// Takes the lock; returns `false` at once if another process holds it. Fails as
    /// `FileLock.tryAcquire` does.
    func tryAcquire() throws(Failure) -> Bool {
        guard let extra else { return try home?.tryAcquire() ?? false }
        // The error is ignored: the other lock is there for a home that cannot be locked.
        if let home, let isAcquired = try? home.tryAcquire(), !isAcquired { return false }
        if try extra.tryAcquire() { return true }
        home?.release()
        return false
    }

    var descriptorNumbers: [Int32] {
        (home?.descriptorNumbers ?? []) + (extra?.descriptorNumbers ?? [])
    }

    /// The texts of our holder notes.
    struct Notes {
        fileprivate let home: String?
        fileprivate let extra: String?
        /// Whether the holder before us was killed, and saw the same locks as this process: its
        /// note was still there.
        let lastHolderDied: Bool
    }

    /// Writes the holder notes for processes that wait.
    /// - Parameter lifetime: how long this process may hold the lock, in seconds.
    func write(purpose: String, lifetime: Seconds) -> Notes {
        let now = context.world.clock.now()
        func note(_ place: LockPlace) -> String {
            HolderNote(place, since: now, until: now + lifetime, purpose: purpose).text
        }
        let notes = Notes(
            home: (home?.place).map(note), extra: (extra?.place).map(note),
            lastHolderDied: home.map { lock in
                HolderNote(lock.note)?.place.isSame(as: lock.place) ?? false
            } ?? false)
        if let text = notes.home { home?.write(note: text) }
        if let text = notes.extra { extra?.write(note: text) }
        return notes
    }

    /// Removes the notes. Returns the note of a process on another host that took the lock at the
    /// same time; `nil` if there was none.
    func clear(_ notes: Notes) -> HolderNote? {
        let others = [home?.clear(note: notes.home ?? ""), extra?.clear(note: notes.extra ?? "")]
            .compactMap { ($0 ?? nil).flatMap { HolderNote($0) } }
        // Usually there are none, and the place need not be looked up.
        guard !others.isEmpty, let place = home?.place ?? extra?.place else { return nil }
        return others.first { !$0.place.isSame(as: place) }
    }

    /// When the note was written, by the clock of the file system; `nil` if that is not known.
    var noteTime: UnixTime? { File.modifiedAt(folder.tokenLock) }

    /// The holder in one clause, for messages.
    var holder: String {
        for lock in [home, extra] {
            guard let lock, case let note = lock.note, !note.isEmpty else { continue }
            return HolderNote(note)?.description(at: lock.place) ?? note
        }
        return "an unknown process"
    }
}
