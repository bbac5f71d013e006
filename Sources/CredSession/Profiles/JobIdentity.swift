package import CredCore
import CredSystem

/// The variables that make everything in a command of `exec` use the same profile: planet-cred, and
/// Planet's Python tools, which would otherwise find another identity in the environment.
package struct JobIdentity: Sendable {
    private let choice: ProfileChoice
    private let fileName: ProfileName?
    private let locations: Locations

    /// - Parameter fileName: the name that `--profile` gave to the profile's file.
    package init(_ choice: ProfileChoice, fileName: ProfileName?, _ locations: Locations) {
        self.choice = choice
        self.fileName = fileName
        self.locations = locations
    }

    /// The variables by which Planet's tools choose an identity.
    private static let names = [
        "PL_AUTH_PROFILE", "PL_AUTH_CLIENT_ID", "PL_AUTH_CLIENT_SECRET", "PL_API_KEY",
        "PL_AUTH_TOKEN", "PL_AUTH_TOKEN_FILE",
    ]

    /// The changes of the environment; `nil` removes a variable.
    package var changes: [(name: String, value: Secret?)] {
        let kept =
            switch choice.source {
            case .environmentClient: ["PL_AUTH_CLIENT_ID", "PL_AUTH_CLIENT_SECRET"]
            case .environmentKey: ["PL_API_KEY"]
            case .option, .environmentProfile, .settingsProfile, .host, .builtIn, .file,
                .environmentFile, .standardInput, .settingsClient, .settingsKey:
                [] as [String]
            }
        let removed = Self.names.filter { !kept.contains($0) }
        return removed.map { (name: $0, value: nil) } + selection
    }

    /// What selects the profile.
    private var selection: [(name: String, value: Secret?)] {
        let file = "PLANET_CRED_PROFILE_FILE"
        let nameOfFile = ProfileSelection.fileNameVariable
        return switch choice.source {
        case .option, .environmentProfile, .settingsProfile, .host, .builtIn:
            [
                ("PL_AUTH_PROFILE", Secret(choice.profile.name.description)),
                (file, nil), (nameOfFile, nil),
            ]
        case .file(let path):
            [(file, Secret(path)), (nameOfFile, fileName.map { Secret($0.description) })]
        case .environmentFile(let path): [(file, Secret(path))]
        case .standardInput: [(file, Secret(ProfileSource.consumedStandardInput))]
        case .environmentClient, .environmentKey, .settingsClient, .settingsKey: []
        }
    }

    /// A warning that names what Planet's tools would use in the command instead of a profile that
    /// they cannot see; `nil` if they find the profile, or no identity at all.
    ///
    /// After the environment they read `~/.planet.json`, whatever the environment says, and then
    /// take the login of `planet-user`.
    package var warning: String? {
        guard !choice.isNamed, choice.storage == .saved else { return nil }
        let isKey = if case .apiKey = choice.profile.method { true } else { false }
        let isClient = choice.source == .environmentClient
        let found = PlanetSettings.read(locations.settings).sources.first { source in
            // The environment takes precedence over the file, and a client over any key.
            (source != .settingsKey || !(isKey || isClient))
                && (source != .settingsClient || !isClient)
        }
        let theirs: String
        if let found {
            guard found != choice.source else { return nil }
            theirs = found.description
        } else {
            guard !isKey, !isClient, locations.folder(.planetUser).holdsLogin else { return nil }
            theirs = "the login of 'planet-user'"
        }
        return "Planet's Python tools cannot see profile '\(choice.profile.name)'; "
            + "in this command they will use \(theirs)"
    }
}
