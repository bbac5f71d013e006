/// Where the choice of a profile came from.
package enum ProfileSource: Hashable, Sendable {
    case option(String)
    case file(path: String)
    case environmentProfile(String)
    case environmentClient
    case environmentKey
    case settingsProfile(String)
    case settingsClient
    case settingsKey
    case host
    case builtIn

    /// For people: `--profile`, `PL_AUTH_PROFILE`.
    package var description: String {
        switch self {
        case .option: "--profile"
        case .file(let path):
            path == "-" ? "--profile-file - (standard input)" : "--profile-file \(path)"
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
