package import CredCore

/// A selected profile with its locations and the world, which everything that works with a profile
/// needs.
package struct ProfileContext: Sendable {
    package let choice: ProfileChoice
    package let locations: Locations
    package let world: World

    package init(_ choice: ProfileChoice, _ locations: Locations, _ world: World) {
        self.choice = choice
        self.locations = locations
        self.world = world
    }

    var profile: ProfileName { choice.profile.name }
}

extension ProfileContext {
    /// The secrets in the profile and in its token file, to be hidden in texts of servers.
    package var secrets: SentSecrets {
        let files: TokenFiles
        let configured: SentSecrets
        switch choice.profile.method {
        case .none, .validator: return .none
        case .apiKey(let key):
            (files, configured) = (
                TokenFiles(keyOf: self), SentSecrets([key.key].compactMap { $0 })
            )
        case .legacy(let login):
            (files, configured) = (
                TokenFiles(keyOf: self), SentSecrets([login.key].compactMap { $0 })
            )
        case .oauth(let client):
            (files, configured) = (TokenFiles(self, client), client.secrets)
        }
        guard choice.storage == .saved else { return configured }
        // The error is ignored: nothing was sent from a file that cannot be read.
        let record = try? files.load(.countAsMissing)
        return record.map { configured.adding($0.secrets) } ?? configured
    }
}
