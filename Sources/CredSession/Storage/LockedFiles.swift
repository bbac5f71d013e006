import CredCore
import CredSystem

/// Token files whose lock this process holds. Only this type writes them, so that the compiler
/// prevents writing without the lock.
struct LockedFiles: ~Copyable {
    let files: TokenFiles
    /// The descriptors of the locks, for the one child that may hold them with us.
    let lockDescriptors: [Int32]
    /// The time at which the lock was taken: by the clock of the file system, and of
    /// `world.clock.uptime`.
    private let start: (fileSystemTime: UnixTime, uptime: Int64)

    /// Whether the last holder of the lock was killed on this host.
    let lastHolderDied: Bool

    init(_ files: TokenFiles, _ lock: TokenLock, _ notes: TokenLock.Notes) {
        self.files = files
        lastHolderDied = notes.lastHolderDied
        lockDescriptors = lock.descriptorNumbers
        start = (lock.noteTime ?? files.world.clock.now(), files.world.clock.uptime())
    }

    /// The time by the clock of the file system, which may differ from ours.
    var fileSystemTime: UnixTime {
        start.fileSystemTime + (files.world.clock.uptime() - start.uptime) / 1000
    }

    /// Saves the record in the first directory that can be written and returns the file's path;
    /// `nil` if there is none. Files in later directories are then out of date and are removed.
    func save(_ record: TokenRecord) -> String? {
        let voice = files.world.voice
        let content = record.content
        for (index, folder) in files.folders.enumerated() {
            let path = folder.token
            do {
                let durability: AtomicFile.Durability =
                    record.refreshToken == nil ? .replaceable : .synced
                try write(content.bytes, to: path, in: folder, durability)
            } catch {
                voice.trace { .cache(path: path, state: error.because ?? error.what) }
                continue
            }
            if !content.isWhole {
                voice.notice(
                    "'\(path)' would be larger than 1 MiB, so it has only what is needed of the login"
                )
            }
            for later in files.folders[(index + 1)...] where later.isOurs {
                File.remove(later.token)
            }
            if index > 0, record.path != path {
                let reason =
                    files.context.locations.home == nil
                    ? ProcessEnvironment.reasonWithoutHome
                    : "cannot write to '\(files.home.path)'"
                voice.notice("\(reason); the token is cached in '\(path)' instead")
            }
            return path
        }
        return nil
    }

    /// Saves an API key in the profile's own directory, in the format of Planet's Python tools.
    /// Fails with kind `.failed`.
    func save(key members: JSONObject, replacing old: TokenRecord?) throws(Failure) {
        let all = (old?.members ?? JSONObject()).setting(members)
        try write(
            JSONValue.object(all.sorted).fileContent,
            to: files.home.token, in: files.home, .synced)
    }

    private func write(
        _ bytes: [UInt8], to path: String, in folder: ProfileFolder,
        _ durability: AtomicFile.Durability
    ) throws(Failure) {
        try folder.make()
        if path.utf8.elementsEqual(folder.token.utf8) { setAsideBrokenToken(in: folder) }
        try replace(path, with: bytes, durability)
        sweep(folder, before: path)
    }

    /// Keeps a token file that cannot be used, which may contain the only copy of a login: beside
    /// the two before it, for the owner alone.
    private func setAsideBrokenToken(in folder: ProfileFolder) {
        guard let damage = files.damage(in: folder) else { return }
        let places = folder.brokenTokens
        for (place, older) in zip(places, places.dropFirst()).reversed() {
            _ = File.rename(place, older)
        }
        guard File.rename(folder.token, places[0]) else { return }
        _ = File.makePrivate(places[0])
        files.world.voice.notice(
            "'\(folder.token)' could not be used (\(damage)); it is kept as '\(places[0])'")
    }

    private func replace(_ path: String, with bytes: [UInt8], _ durability: AtomicFile.Durability)
        throws(Failure)
    {
        let aside = ProfileFolder.aside(path, files.world.clock.random(4))
        try AtomicFile.replace(path, aside: aside, with: bytes, durability)
        files.world.voice.trace { .saved(path: path) }
    }

    /// Removes temporary files that a killed process left, by the clock of the file system.
    /// - Parameter path: a file that has just been written beside them.
    private func sweep(_ folder: ProfileFolder, before path: String) {
        let temporary = folder.temporaryFiles
        guard !temporary.isEmpty, let now = File.modifiedAt(path) else { return }
        for file in temporary {
            // Another host may be writing it at this moment.
            if let time = File.modifiedAt(file), abs(now - time) <= Self.writeTime { continue }
            File.remove(file)
        }
    }

    /// The longest time that writing a file can take, in seconds.
    private static let writeTime: Seconds = 60

    var backoff: Backoff? { files.backoff }

    /// Saves the backoff for all processes. If it cannot be written, every process finds out by
    /// itself.
    func save(_ backoff: Backoff) { save(backoff.bytes) { $0.backoff } }

    func removeBackoff() {
        for folder in files.folders where folder.isOurs { File.remove(folder.backoff) }
    }

    var brake: Brake? { files.brake }

    /// Saves how many tokens were refused, for all processes, in the same way.
    func save(_ brake: Brake) { save(brake.bytes) { $0.brake } }

    func removeBrake() {
        for folder in files.folders where folder.isOurs { File.remove(folder.brake) }
    }

    private func save(_ bytes: [UInt8], as path: (ProfileFolder) -> String) {
        for folder in files.folders {
            do {
                try write(bytes, to: path(folder), in: folder, .replaceable)
                return
            } catch {
                continue
            }
        }
    }

    /// Removes every usable token and the cached metadata from all directories. Fails with kind
    /// `.failed` if something remains, after removing whatever it can.
    func forget() throws(Failure) {
        var first: Failure?
        for path in files.leftovers {
            do throws(Failure) { try File.removeForGood(path) } catch { first = first ?? error }
        }
        for record in try files.all() {
            do throws(Failure) { try forget(record) } catch { first = first ?? error }
        }
        if let first { throw first }
    }

    /// Removes answers to refresh tokens that nobody will send again.
    func remove(answers paths: [String]) {
        for path in paths { File.remove(path) }
    }

    /// Members of other tools are kept.
    private func forget(_ record: TokenRecord) throws(Failure) {
        let path = record.path
        if record.isBroken, File.exists(path) {
            files.world.voice.notice("deleting '\(path)', which is not a JSON object")
        }
        guard !record.isBroken, let rest = record.bytesOfOthers else {
            return try File.removeForGood(path)
        }
        try replace(path, with: rest, .replaceable)
    }
}

extension Failure {
    static func lockHeld(_ what: String, by holder: String, remedy: String? = nil) -> Failure {
        Failure(
            .tryAgain, what, because: "timed out waiting for the lock held by \(holder)",
            remedy: remedy)
    }
}
