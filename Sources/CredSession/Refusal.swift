import CredCore

/// Why a server gave no token and will not give one to the same request.
package struct Refusal: Hashable, Sendable {
    /// What the server finds fault with.
    package enum Cause: String, Hashable, Sendable {
        /// The client: its id, its secret, what it asks for.
        case client
        /// What the client may ask for by itself.
        case grant
        /// The refresh token: somebody must log in again.
        case session
        /// Nothing that it says: its answer holds no token.
        case answer
    }

    package let cause: Cause
    /// In one clause, attributed.
    package let reason: String

    package init(_ cause: Cause, _ reason: String) {
        self.cause = cause
        self.reason = reason
    }
}

extension Failure {
    static func refused(_ refusal: Refusal, _ choice: ProfileChoice, _ aim: Aim) -> Failure {
        let kind: Failure.Kind
        let remedy: String?
        switch refusal.cause {
        case .client: (kind, remedy) = (.profile, choice.correction)
        case .grant: (kind, remedy) = (.loginRequired, choice.correction)
        case .session: (kind, remedy) = (.loginRequired, choice.loginCommand)
        case .answer: (kind, remedy) = (.unavailable, aim.command(choice).map { "\($0) -v" })
        }
        return aim.failure(kind, choice, because: refusal.reason, remedy: remedy)
    }
}

extension ProfileChoice {
    /// What to type to mend the configuration.
    var correction: String? {
        switch source {
        case .environmentClient:
            "export PL_AUTH_CLIENT_ID=... PL_AUTH_CLIENT_SECRET=..."
        case .option, .file, .standardInput, .environmentFile, .environmentProfile,
            .environmentKey, .settingsProfile, .settingsClient, .settingsKey, .host, .builtIn:
            path.map { "${EDITOR:-vi} \($0.shellQuoted)" }
        }
    }
}
