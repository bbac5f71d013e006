package import CredCore
import CredSystem

/// What the command line says about the profile to use.
package struct ProfileRequest: Sendable {
    /// `--profile`, or the operand of a command that takes a profile.
    package var name: ProfileName?
    package var nameForm: NameForm = .option
    /// `--profile-file`; `-` is standard input.
    package var file: String?
    package var storage: Storage

    package enum Storage: Hashable, Sendable {
        case saved
        /// `--no-save`, or its variable: the home directory is neither read nor written.
        case memoryOnly
    }

    /// How the command line gives the name.
    package enum NameForm: Hashable, Sendable {
        case option, operand
    }

    /// The variable that means `--no-save` for every command, also inside a job of `exec`.
    package static let noSaveVariable = "PLANET_CRED_NO_SAVE"

    package init(name: ProfileName?, file: String?, storage: Storage) {
        self.name = name
        self.file = file
        self.storage = storage
    }
}

/// The profile to use, and what chose it.
package struct ProfileChoice: Sendable {
    package let profile: Profile
    package let source: ProfileSource
    /// The file with the configuration; `nil` if it came from the environment or standard input.
    package let path: String?
    package let warning: String?
    /// The warning that other users can read the secret in the file.
    let looseness: String?
    package let storage: ProfileRequest.Storage

    init(_ stored: ProfileStore.Stored, _ source: ProfileSource) {
        self.init(stored.profile, source, path: stored.path, looseness: stored.looseness)
    }

    init(
        _ profile: Profile, _ source: ProfileSource, path: String? = nil, warning: String? = nil,
        looseness: String? = nil, storage: ProfileRequest.Storage = .saved
    ) {
        self.profile = profile
        self.source = source
        self.path = path
        self.warning = warning
        self.looseness = looseness
        self.storage = storage
    }

    /// The same choice with this storage and these further warnings.
    package func with(_ storage: ProfileRequest.Storage, warnings: [String]) -> ProfileChoice {
        let warnings = (warning.map { [$0] } ?? []) + warnings
        return ProfileChoice(
            profile, source, path: path,
            warning: warnings.isEmpty ? nil : warnings.joined(separator: "; "),
            looseness: looseness, storage: storage)
    }

    /// The options with which another planet-cred makes the same choice; `nil` if there are none.
    package var arguments: [String]? {
        sourceArguments.map { arguments in
            switch storage {
            case .saved: arguments
            case .memoryOnly: ["--no-save"] + arguments
            }
        }
    }

    private var sourceArguments: [String]? {
        switch source {
        case .standardInput: nil
        case .file(let path), .environmentFile(let path):
            ["--profile-file", path, "--profile", profile.name.description]
        case .environmentClient, .environmentKey, .settingsClient, .settingsKey: []
        case .option, .environmentProfile, .settingsProfile, .host, .builtIn:
            ["--profile", profile.name.description]
        }
    }

    /// Whether another program finds this profile by its name: it is in `~/.planet`, or built in.
    package var isNamed: Bool {
        switch source {
        case .option, .environmentProfile, .settingsProfile, .host, .builtIn: true
        case .file, .standardInput, .environmentFile, .environmentClient, .environmentKey,
            .settingsClient, .settingsKey:
            false
        }
    }

    /// The planet-cred command for this profile, to be pasted; `nil` if no options can select it.
    package func command(_ words: String) -> String? {
        arguments.map {
            (["planet-cred", words] + $0.map { $0.shellQuoted }).joined(separator: " ")
        }
    }

    /// The command that shows why the token cannot be written.
    var lookAtFolder: String {
        "df -h ~/.planet; ls -la ~/.planet/\(profile.name.description.shellQuoted)"
    }

    /// The command with which to log in without replacing a login of another profile that has the
    /// same name: a profile file is given no name.
    package var loginBesideOthers: String? {
        switch source {
        case .file(let path), .environmentFile(let path):
            storage == .saved ? "planet-cred login --profile-file \(path.shellQuoted)" : nil
        case .option, .standardInput, .environmentProfile, .environmentClient, .environmentKey,
            .settingsProfile, .settingsClient, .settingsKey, .host, .builtIn:
            loginCommand
        }
    }

    /// The command with which to log in; `nil` if the login would not be saved.
    package var loginCommand: String? {
        guard storage == .saved else { return nil }
        let name = profile.name.description
        // A name that looks like an option has to follow one.
        return isNamed && !name.hasPrefix("-")
            ? "planet-cred login \(name.shellQuoted)" : command("login")
    }
}

/// What chose a profile.
package enum ProfileSource: Hashable, Sendable {
    case option(ProfileName)
    case file(path: String)
    /// `--profile-file -`
    case standardInput
    case environmentFile(path: String)
    case environmentProfile(String)
    case environmentClient
    case environmentKey
    case settingsProfile(String)
    case settingsClient
    case settingsKey
    case host
    case builtIn

    /// The value of `PLANET_CRED_PROFILE_FILE` in a job whose profile came from standard input. It
    /// cannot be read a second time, and the job's own standard input is something else.
    package static let consumedStandardInput = "-"

    /// For messages: `--profile`, `PL_AUTH_PROFILE`.
    package var description: String {
        switch self {
        case .option: "--profile"
        case .file(let path): "--profile-file \(path)"
        case .standardInput: "--profile-file - (standard input)"
        case .environmentFile: "PLANET_CRED_PROFILE_FILE"
        case .environmentProfile: "PL_AUTH_PROFILE"
        case .environmentClient: "PL_AUTH_CLIENT_ID and PL_AUTH_CLIENT_SECRET"
        case .environmentKey: "PL_API_KEY"
        case .settingsProfile: "PL_AUTH_PROFILE in ~/.planet.json"
        case .settingsClient: "PL_AUTH_CLIENT_ID and PL_AUTH_CLIENT_SECRET in ~/.planet.json"
        case .settingsKey: "the API key in ~/.planet.json"
        case .host: "its hosts"
        case .builtIn: "the built-in default"
        }
    }
}
