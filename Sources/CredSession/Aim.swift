import CredCore

/// What the server was asked for in the end; its failures say that it did not come about.
enum Aim: String, Sendable {
    case token = "get a token for"
    case login = "log in to"

    func failure(
        _ kind: Failure.Kind, _ choice: ProfileChoice, because reason: String, remedy: String?
    ) -> Failure {
        Failure(
            kind, "cannot \(rawValue) profile '\(choice.profile.name)'", because: reason,
            remedy: remedy)
    }

    /// What to type to try once more.
    func command(_ choice: ProfileChoice) -> String? {
        switch self {
        case .token: choice.command("token")
        case .login: choice.loginCommand
        }
    }
}

extension Failure {
    /// The server, or another process, is not ready now.
    static func busy(_ choice: ProfileChoice, _ reason: String, _ aim: Aim) -> Failure {
        aim.failure(.tryAgain, choice, because: reason, remedy: aim.command(choice))
    }
}
