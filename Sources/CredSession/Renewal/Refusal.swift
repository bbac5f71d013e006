import CredCore
import CredOAuth

/// Why a server did not issue a token, and will not issue one for the same request.
package struct Refusal: Hashable, Sendable {
    /// What the server refused.
    package enum Cause: String, Hashable, Sendable {
        /// The client: its id, its secret, or what it requests.
        case client
        /// The secret of the client, or its id.
        case credential
        /// The grant that the client uses without a user.
        case grant
        /// The user name or the password in the profile.
        case password
        /// The refresh token: the user must log in again.
        case session
        /// Nothing: the answer was successful but contains no usable token.
        case answer
        /// Nothing yet: the command for the client secret failed.
        case secret
    }

    package let cause: Cause
    /// One clause that says who said what, for messages.
    package let reason: String

    package init(_ cause: Cause, _ reason: String) {
        self.cause = cause
        self.reason = reason
    }
}

extension Refusal {
    /// The failure of the command that prints the client secret, for other processes that wait for
    /// the token; `nil` if the secret does not come from a command.
    init?(ofCommand authentication: ClientAuthentication, _ failure: Failure) {
        guard case .secret(.command, _) = authentication else { return nil }
        self.init(.secret, failure.asReason)
    }
}

extension Failure {
    static func refused(_ refusal: Refusal, _ choice: ProfileChoice, _ operation: Operation)
        -> Failure
    {
        let kind: Failure.Kind
        let remedy: String?
        var reason = refusal.reason
        switch refusal.cause {
        case .credential:
            (kind, remedy) = (.profile, choice.secretCorrection)
            if let origin = choice.secretOrigin { reason += "; the secret comes from \(origin)" }
        // The grant of a client, or its password, that no login replaces.
        case .client, .grant, .password, .secret: (kind, remedy) = (.profile, choice.correction)
        case .session: (kind, remedy) = (.loginRequired, choice.loginCommand)
        case .answer: (kind, remedy) = (.unavailable, operation.command(choice).map { "\($0) -v" })
        }
        return operation.failure(kind, choice, because: reason, remedy: remedy)
    }
}

extension OAuthRejection {
    /// What a rejection of the client is about.
    var causeInClient: Refusal.Cause {
        switch code {
        case "invalid_client": .credential
        case nil where status == 401: .credential
        default: .client
        }
    }
}

extension ProfileChoice {
    private var secret: ClientAuthentication.SecretSource? {
        guard case .oauth(let client) = profile.method,
            case .secret(let source, _) = client.authentication
        else { return nil }
        return source
    }

    /// Where the client's secret comes from; `nil` if it is in the configuration itself.
    fileprivate var secretOrigin: String? {
        switch secret {
        case nil, .literal: nil
        case .file(let name): "'\(name)'"
        case .command(let program): "'client_secret_command' (\(program.name))"
        }
    }

    /// The command with which to correct the client's secret.
    fileprivate var secretCorrection: String? {
        guard case .file(let name) = secret else { return correction }
        return "${EDITOR:-vi} \(name.shellQuoted)"
    }

    /// The command with which to correct the configuration.
    package var correction: String? {
        switch source {
        case .environmentClient:
            "export PL_AUTH_CLIENT_ID=... PL_AUTH_CLIENT_SECRET=..."
        case .option, .file, .standardInput, .environmentFile, .environmentProfile,
            .environmentKey, .settingsProfile, .settingsClient, .settingsKey, .host, .builtIn:
            path.map { "${EDITOR:-vi} \($0.shellQuoted)" }
        }
    }
}

/// The purpose of the requests, named in the messages of their failures.
enum Operation: String, Sendable {
    case token = "get a token for"
    case login = "log in with"

    func failure(
        _ kind: Failure.Kind, _ choice: ProfileChoice, because reason: String, remedy: String?
    ) -> Failure {
        Failure(
            kind, "cannot \(rawValue) profile '\(choice.profile.name)'", because: reason,
            remedy: remedy)
    }

    /// The command that tries again.
    func command(_ choice: ProfileChoice) -> String? {
        switch self {
        case .token: choice.command("token")
        case .login: choice.loginCommand
        }
    }
}

extension Failure {
    /// The server, or another process, is not ready now.
    static func busy(_ choice: ProfileChoice, _ reason: String, _ operation: Operation) -> Failure {
        operation.failure(.tryAgain, choice, because: reason, remedy: operation.command(choice))
    }
}
