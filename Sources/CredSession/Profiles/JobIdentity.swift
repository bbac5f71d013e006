package import CredCore
import CredSystem

/// The environment of a job: its credential, and what makes everything in it use the same profile:
/// planet-cred, and Planet's Python tools, which would otherwise find another identity.
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

    package typealias Change = (name: String, value: Secret?)

    /// All changes of the environment, each name once; `nil` removes a variable. The one list for
    /// `exec` and `token --format env`.
    /// - Parameter variables: those of the command line, which take precedence over the profile's.
    package func environment(_ credential: Credential?, _ variables: [EnvironmentVariable] = [])
        -> [Change]
    {
        var changes: [Change] = [
            ("PLANET_CRED_TOKEN", credential?.authorization.credential),
            ("PLANET_CRED_AUTHORIZATION", credential?.authorization.headerValue),
            ("PLANET_CRED_EXPIRES_AT", credential?.expiresAt.map { Secret("\($0.seconds)") }),
        ]
        changes += self.changes
        if choice.storage == .memoryOnly {
            changes.append((ProfileRequest.noSaveVariable, Secret("1")))
        }
        if let credential, credential.kind == .apiKey {
            changes.append(("PL_API_KEY", credential.authorization.credential))
        }
        if let credential {
            for variable in choice.profile.environment + variables {
                changes.append((variable.name, value(of: variable, credential)))
            }
        }
        var last: [Change] = []
        for change in changes.reversed() where !last.contains(where: { $0.name == change.name }) {
            last.insert(change, at: 0)
        }
        return last
    }

    private func value(of variable: EnvironmentVariable, _ credential: Credential) -> Secret {
        variable.value { placeholder in
            switch placeholder {
            case .token: credential.authorization.credential.reveal()
            case .authorization: credential.authorization.headerValue.reveal()
            case .expiresAt: credential.expiresAt.map { "\($0.seconds)" } ?? ""
            case .profile: choice.profile.name.description
            }
        }
    }

    /// What selects the profile, and the removal of what would select another.
    private var changes: [Change] {
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
    private var selection: [Change] {
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
        guard choice.storage == .saved else { return nil }
        let obstacle = choice.isNamed ? missingMember : nil
        if choice.isNamed, obstacle == nil { return nil }
        let isKey = if case .apiKey = choice.profile.method { true } else { false }
        let isClient = choice.source == .environmentClient
        let found = PlanetSettings.read(locations.settings).sources.first { source in
            // The environment takes precedence over the file, and a client over any key.
            switch source {
            case .settingsKey: !isKey && !isClient
            case .settingsClient: !isClient
            case .settingsProfile, .option, .file, .standardInput, .environmentFile,
                .environmentProfile, .environmentClient, .environmentKey, .host, .builtIn:
                !choice.isNamed
            }
        }
        let theirs: String
        if let found {
            guard found != choice.source else { return nil }
            theirs = found.description
        } else {
            guard !isKey, !isClient, locations.folder(.planetUser).holdsLogin else { return nil }
            theirs = "the login of 'planet-user'"
        }
        let what =
            obstacle.map { "use profile '\(choice.profile.name)', which has no '\($0)'" }
            ?? "see profile '\(choice.profile.name)'"
        return "Planet's Python tools cannot \(what); in this command they will use \(theirs)"
    }

    /// A member without which those tools do not load the profile.
    private var missingMember: String? {
        guard let path = choice.path, case .content(let content) = File.read(path, .anyFile),
            // The error is ignored: the profile has just been read.
            let object = (try? JSONValue(parsing: content.bytes))?.object
        else { return nil }
        return ProfileMembers.missingForPython(in: object)
    }
}
