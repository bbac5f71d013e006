package import CredCore
import CredSystem

/// The paths of all files, and the environment variables that a user sets.
package struct Locations: Sendable {
    /// The home directory; `nil` if the user has none.
    let home: String?
    /// `~/.planet`
    package let profiles: String
    /// `~/.planet.json`
    package let settings: String
    /// `$XDG_CACHE_HOME/planet-cred`
    package let cache: String
    /// The directories for tokens if the home directory cannot be written, in order of preference.
    private let fallbacks: [String]
    /// `PLANET_CRED_LOCK_DIR`, for home directories on a file system without locks.
    package let locks: String?
    /// A name that differs between homes, for their fallback directories.
    private var homeName: String {
        String(SHA256.hexadecimalDigest(of: Array(profiles.utf8)).prefix(8))
    }

    /// The value of an environment variable; `nil` if it is missing or empty.
    package let environment: @Sendable (String) -> String?

    /// - Parameter home: `nil` for a user without a home directory, which is treated like one that
    ///   cannot be written: nothing is in it.
    package init(home: String?, environment: @escaping @Sendable (String) -> String?) {
        self.environment = environment
        self.home = home
        let home = home ?? ProfileFolder.nowhere
        /// Ignores a relative path, as the XDG Base Directory Specification requires: it would
        /// depend on the working directory.
        func folder(_ name: String) -> String? {
            environment(name).flatMap { $0.isAbsolutePath ? $0 : nil }
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

    /// The profile's own directory.
    package func folder(_ name: ProfileName) -> ProfileFolder {
        ProfileFolder("\(profiles)/\(name)")
    }

    /// The directories that replace it if it cannot be written, in order of preference.
    func fallbacks(for name: ProfileName) -> [ProfileFolder] {
        folders(in: fallbacks, name)
    }

    /// The fallback directories that exist and belong to us; usually none, which is quick to find
    /// out.
    func usedFallbacks(for name: ProfileName) -> [ProfileFolder] {
        let used = fallbacks.filter(Directory.isExclusive)
        return used.isEmpty ? [] : folders(in: used, name)
    }

    /// The profiles that have a directory in one of the fallbacks.
    var namesInFallbacks: [ProfileName] {
        fallbacks.filter(Directory.isExclusive).flatMap(Directory.names).compactMap { folder in
            let ending = "-\(homeName)"
            guard folder.hasSuffix(ending) else { return nil }
            // A directory whose name is not a profile name is not ours.
            return try? ProfileName(String(folder.dropLast(ending.count)))
        }
    }

    private func folders(in parents: [String], _ name: ProfileName) -> [ProfileFolder] {
        let folder = "\(name)-\(homeName)"
        return parents.map { ProfileFolder("\($0)/\(folder)", in: $0) }
    }

    /// The locks of a profile.
    enum Lock: String {
        case token = "lock"
        case login = "login.lock"
    }

    /// The path of a lock in `PLANET_CRED_LOCK_DIR`, whose directory is created, or beside the
    /// profile if that is not set. Fails with kind `.failed`.
    func lock(_ lock: Lock, of folder: ProfileFolder, _ random: (Int) -> [UInt8]) throws(Failure)
        -> String
    {
        guard let locks, try makeLockFolder() else {
            return lock == .login ? folder.loginLock : folder.tokenLock
        }
        return "\(locks)/\(folder.identity(random)).\(lock.rawValue)"
    }

    /// Creates `PLANET_CRED_LOCK_DIR`, or checks that only we can use it; returns `false` if the
    /// variable is not set. Fails with kind `.failed`.
    func makeLockFolder() throws(Failure) -> Bool {
        guard let locks else { return false }
        guard locks.isAbsolutePath else {
            throw Failure(
                .failed, "cannot use '\(locks)' as the lock directory",
                because: "PLANET_CRED_LOCK_DIR must be an absolute path",
                remedy: FileLock.otherFolder)
        }
        do {
            try Directory.makeExclusive(locks)
        } catch {
            throw Failure(
                error.kind, error.what, because: error.because, remedy: FileLock.otherFolder)
        }
        return true
    }
}
