import CredCore
import CredSystem

/// A token cache whose lock this process holds: the only type that writes, so that no write without
/// the lock is a fact for the compiler.
struct LockedCache: ~Copyable {
    let cache: TokenCache
    private let lock: FileLock

    init(_ cache: TokenCache, _ lock: consuming FileLock) {
        self.cache = cache
        self.lock = lock
    }

    /// For the one child that may hold the lock with us.
    var lockDescriptor: Int32 { lock.descriptorNumber }

    /// Replaces the token file in the first place that takes it, and answers its path; `nil` where
    /// no place does. Files in later places are then out of date and go.
    func save(_ file: TokenFile) -> String? {
        for (index, place) in cache.places.enumerated() {
            let path = "\(place.folder)/token.json"
            do {
                let durability: AtomicFile.Durability =
                    file.refreshToken == nil ? .replaceable : .synced
                try write(file.bytes, to: path, in: place, durability)
            } catch {
                cache.world.voice.trace { .cache(path: path, state: error.because ?? error.what) }
                continue
            }
            for later in cache.places[(index + 1)...] where later.isOurs {
                File.remove("\(later.folder)/token.json")
            }
            if index > 0, file.path != path {
                cache.world.voice.notice(
                    "'\(cache.places[0].folder)' cannot be written; the token is kept in '\(path)'")
            }
            return path
        }
        return nil
    }

    /// Replaces the members of an API key in the profile's own folder, in the format of Planet's
    /// Python tools. Fails with kind `.failed`.
    func save(key members: JSONObject, replacing old: TokenFile?) throws(Failure) {
        var all = old?.members ?? JSONObject()
        for member in members.members { all[member.name] = member.value }
        let place = cache.places[0]
        try write(
            Array(JSONValue.object(all.sorted).text(.indented).utf8),
            to: "\(place.folder)/token.json", in: place, .synced)
    }

    private func write(
        _ bytes: [UInt8], to path: String, in place: TokenCache.Place,
        _ durability: AtomicFile.Durability
    ) throws(Failure) {
        try place.make()
        try AtomicFile.replace(path, aside: "\(path).new", with: bytes, durability)
        cache.world.voice.trace { .saved(path: path) }
    }

    var backoff: Backoff? { cache.backoff }

    /// Tells all processes when to ask again. Without a place to write it each one finds out itself.
    func save(_ backoff: Backoff) {
        for place in cache.places {
            do {
                try write(
                    backoff.bytes, to: "\(place.folder)/token.backoff", in: place, .replaceable)
                return
            } catch {
                continue
            }
        }
    }

    func removeBackoff() {
        for place in cache.places where place.isOurs {
            File.remove("\(place.folder)/token.backoff")
        }
    }

    /// Removes from every place what could still be used, and what was learned of the server. Fails
    /// with kind `.failed` if something stays; whatever can be removed is gone all the same.
    func forget() throws(Failure) {
        var first: Failure?
        for path in cache.leftovers {
            do throws(Failure) { try File.removeForGood(path) } catch { first = first ?? error }
        }
        for file in try cache.files(.fail) {
            do throws(Failure) { try forget(file) } catch { first = first ?? error }
        }
        if let first { throw first }
    }

    /// What other tools keep in the file stays.
    private func forget(_ file: TokenFile) throws(Failure) {
        guard let rest = file.bytesOfOthers else { return try File.removeForGood(file.path) }
        try AtomicFile.replace(file.path, aside: "\(file.path).new", with: rest, .replaceable)
        cache.world.voice.trace { .saved(path: file.path) }
    }
}
