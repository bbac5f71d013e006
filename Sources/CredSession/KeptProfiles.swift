package import CredCore
import CredSystem

/// The profiles for which a token is kept on this machine, configured or not.
package struct KeptProfiles: Sendable {
    private let store: ProfileStore
    /// The choice for a command that names no profile, which need not have a folder of its own.
    private let usual: ProfileChoice?

    package init(_ locations: Locations, usual: ProfileChoice?) {
        store = ProfileStore(locations)
        self.usual = usual
    }

    /// Sorted. Fails with kind `.failed` where nobody can tell.
    package var names: [ProfileName] {
        get throws(Failure) {
            let folder = store.locations.profiles
            if let reason = Directory.obstacle(toNamesIn: folder) {
                throw Failure(
                    .failed, "cannot tell who is logged in",
                    because: "'\(folder)' cannot be read: \(reason)",
                    remedy: "ls -ld \(folder.shellQuoted)")
            }
            let names = Set(store.names() + store.locations.namesInFallbacks)
            return names.filter(isKept).sorted()
        }
    }

    /// One whose configuration is gone is a profile that knows no server. Fails with kind
    /// `.profile` for one that cannot be used.
    package func choice(_ name: ProfileName) throws(Failure) -> ProfileChoice {
        if let usual, usual.profile.name == name { return usual }
        let source = ProfileSource.option(name.description)
        guard let stored = try store.profile(name) else {
            return ProfileChoice(Profile(name: name, method: .none, hosts: []), source)
        }
        return ProfileChoice(stored, source)
    }

    /// A token file is kept for the profile, or the answer to a refresh token, whatever is in it.
    package func isKept(_ name: ProfileName) -> Bool {
        let folders = [store.locations.folder(name)] + store.locations.usedFallbacks(for: name)
        return folders.contains { $0.holdsLogin }
    }
}
