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
