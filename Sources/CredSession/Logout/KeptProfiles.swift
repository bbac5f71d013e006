package import CredCore
import CredSystem

/// The profiles that have a token file on this machine, whether or not they are still configured.
package struct KeptProfiles: Sendable {
    private let store: ProfileStore
    /// The profile that a command without options would use, which need not have a folder.
    private let usual: ProfileChoice?

    package init(_ locations: Locations, usual: ProfileChoice?) {
        store = ProfileStore(locations)
        self.usual = usual
    }

    /// The names, sorted. Fails with kind `.failed` if the directory of profiles cannot be read.
    package var names: [ProfileName] {
        get throws(Failure) {
            let folder = store.locations.profiles
            if let reason = Directory.obstacle(toNamesIn: folder) {
                throw Failure(
                    .failed, "cannot list the profiles that are logged in",
                    because: "'\(folder)' cannot be read: \(reason)",
                    remedy: "ls -ld \(folder.shellQuoted)")
            }
            let names = Set(store.names() + store.locations.namesInFallbacks)
            return names.filter(isKept).sorted()
        }
    }

    /// The profile with this name; without a configuration it is one that names no server. Fails
    /// with kind `.profile` if the configuration cannot be used.
    package func choice(_ name: ProfileName) throws(Failure) -> ProfileChoice {
        if let usual, usual.profile.name == name { return usual }
        let source = ProfileSource.option(name)
        guard let stored = try store.profile(name) else {
            return ProfileChoice(Profile(name: name, method: .none, hosts: []), source)
        }
        return ProfileChoice(stored, source)
    }

    /// Whether there is a token file for the profile, or an answer to a refresh token, whatever it
    /// contains.
    package func isKept(_ name: ProfileName) -> Bool {
        let folders = [store.locations.folder(name)] + store.locations.usedFallbacks(for: name)
        return folders.contains { $0.holdsLogin }
    }
}
