package import CredCore
import CredSystem

/// What the command line says about which profile to use.
package struct ProfileRequest: Sendable {
    /// `--profile`
    package var name: String?
    /// `--profile-file`; `-` is standard input.
    package var file: String?
    package var storage: Storage

    package enum Storage: Hashable, Sendable {
        case saved
        /// `--no-save`, or its variable: the home folder is neither read nor written.
        case memoryOnly
    }

    package init(name: String?, file: String?, storage: Storage) {
        self.name = name
        self.file = file
        self.storage = storage
    }
}

/// The profile to use, and why that one.
package struct ProfileChoice: Sendable {
    package let profile: Profile
    package let source: ProfileSource
    /// The file the configuration is in; `nil` for those from the environment and standard input.
    package let path: String?
    package let warning: String?
    package let storage: ProfileRequest.Storage

    init(_ stored: ProfileStore.Stored, _ source: ProfileSource) {
        self.init(stored.profile, source, path: stored.path, warning: stored.warning)
    }

    init(
        _ profile: Profile, _ source: ProfileSource, path: String? = nil, warning: String? = nil,
        storage: ProfileRequest.Storage = .saved
    ) {
        self.profile = profile
        self.source = source
        self.path = path
        self.warning = warning
        self.storage = storage
    }

    /// The same choice, made with this storage, and with these words about it as well.
    func with(_ storage: ProfileRequest.Storage, warnings: [String]) -> ProfileChoice {
        let warnings = (warning.map { [$0] } ?? []) + warnings
        return ProfileChoice(
            profile, source, path: path,
            warning: warnings.isEmpty ? nil : warnings.joined(separator: "; "), storage: storage)
    }

    /// How another planet-cred is told to make the same choice; `nil` if it cannot be told.
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

    /// Another program finds this profile by its name: it is in `~/.planet`, or built in.
    package var isNamed: Bool {
        switch source {
        case .option, .environmentProfile, .settingsProfile, .host, .builtIn: true
        case .file, .standardInput, .environmentFile, .environmentClient, .environmentKey,
            .settingsClient, .settingsKey:
            false
        }
    }

    /// The folder of the profile's file.
    var folder: String? {
        path.flatMap { path in
            path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[..<$0]) }
        }
    }

    /// A command of ours for this very profile, to be pasted; `nil` where none could name it.
    package func command(_ words: String) -> String? {
        arguments.map {
            (["planet-cred", words] + $0.map { $0.shellQuoted }).joined(separator: " ")
        }
    }

    /// What to type to see why nothing can be written where the tokens are.
    var lookAtFolder: String {
        "df -h ~/.planet; ls -la ~/.planet/\(profile.name.description.shellQuoted)"
    }

    /// What to type to log in; `nil` where the login would not be kept.
    package var loginCommand: String? {
        guard storage == .saved else { return nil }
        return isNamed
            ? "planet-cred login \(profile.name.description.shellQuoted)" : command("login")
    }
}

/// Where the choice of a profile came from.
package enum ProfileSource: Hashable, Sendable {
    case option(String)
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

    /// What `PLANET_CRED_PROFILE_FILE` says in a job whose profile came from standard input. Nobody
    /// can read that a second time, and what the job has there is its own.
    package static let spentInput = "-"

    /// For people: `--profile`, `PL_AUTH_PROFILE`.
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
