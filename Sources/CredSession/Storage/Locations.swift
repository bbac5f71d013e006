package import CredCore
import CredSystem

/// Where things are kept on this machine, and the variables that a user sets.
package struct Locations: Sendable {
    /// `~/.planet`
    package let profiles: String
    /// `~/.planet.json`
    package let settings: String
    /// `$XDG_CACHE_HOME/planet-cred`
    package let cache: String
    /// Where tokens go that the home folder cannot take, best first.
    private let fallbacks: [String]
    /// `PLANET_CRED_LOCK_DIR`, for home folders on a file system that cannot lock.
    package let locks: String?
    /// Tells the fallback folders of different homes apart.
    private var homeName: String {
        String(SHA256.hexadecimalDigest(of: Array(profiles.utf8)).prefix(8))
    }

    /// The value of an environment variable; `nil` if it is missing or empty.
    package let environment: @Sendable (String) -> String?

    package init(home: String, environment: @escaping @Sendable (String) -> String?) {
        self.environment = environment
        /// A relative path would be another folder for each working folder. The XDG Base Directory
        /// Specification has it ignored.
        func folder(_ name: String) -> String? {
            environment(name).flatMap { $0.utf8.first == UInt8(ascii: "/") ? $0 : nil }
        }
        profiles = "\(home)/.planet"
        settings = "\(home)/.planet.json"
        cache = (folder("XDG_CACHE_HOME") ?? "\(home)/.cache") + "/planet-cred"
        let temporary = folder("TMPDIR") ?? "/tmp"
        fallbacks =
            (folder("XDG_RUNTIME_DIR").map { ["\($0)/planet-cred"] } ?? [])
            + ["\(temporary)/planet-cred-\(Platform.userID)"]
        locks = environment("PLANET_CRED_LOCK_DIR")
    }

    /// The profile's own folder.
    package func folder(_ name: ProfileName) -> ProfileFolder {
        ProfileFolder("\(profiles)/\(name)")
    }

    /// The folders that take its place where it cannot be written, best first.
    func fallbacks(for name: ProfileName) -> [ProfileFolder] {
        folders(in: fallbacks, name)
    }

    /// Those that were ever used, and are ours: usually none, which costs next to nothing to see.
    func usedFallbacks(for name: ProfileName) -> [ProfileFolder] {
        let used = fallbacks.filter(Directory.isExclusive)
        return used.isEmpty ? [] : folders(in: used, name)
    }

    /// The profiles that have a folder in one of them.
    var namesInFallbacks: [ProfileName] {
        fallbacks.filter(Directory.isExclusive).flatMap(Directory.names).compactMap { folder in
            let ending = "-\(homeName)"
            guard folder.hasSuffix(ending) else { return nil }
            // A folder that no profile could be called after is none of ours.
            return try? ProfileName(String(folder.dropLast(ending.count)))
        }
    }

    private func folders(in parents: [String], _ name: ProfileName) -> [ProfileFolder] {
        let folder = "\(name)-\(homeName)"
        return parents.map { ProfileFolder("\($0)/\(folder)", in: $0) }
    }

    /// Next to the profile, or with the other locks.
    func loginLock(for name: ProfileName) -> String {
        locks.map { "\($0)/\(name)-\(homeName).login.lock" } ?? folder(name).loginLock
    }

    /// The lock for the token, where somebody chose a folder for locks.
    package func tokenLock(for name: ProfileName) -> String? {
        locks.map { "\($0)/\(name)-\(homeName).lock" }
    }

    /// Makes the folder that somebody chose for locks, if anybody did. Fails with kind `.failed`.
    func makeLocks() throws(Failure) {
        guard let locks else { return }
        guard locks.utf8.first == UInt8(ascii: "/") else {
            throw Failure(
                .failed, "cannot use '\(locks)' as the lock directory",
                because: "PLANET_CRED_LOCK_DIR must be an absolute path",
                remedy: FileLock.otherFolder)
        }
        try Directory.makeExclusive(locks)
    }
}
