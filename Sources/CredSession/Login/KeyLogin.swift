import CredCore
import CredOAuth
import CredSystem

/// A login that stores an API key: one that the person has, or one that a server returns for a
/// password.
struct KeyLogin: Sendable {
    let dialogue: LoginDialogue
    let keeping: LoginKeeping

    private var choice: ProfileChoice { dialogue.choice }

    /// Saves a key that the person has, where Planet's Python tools look for it; sends no request.
    func run(_ key: APIKey) throws(Failure) -> LoggedIn {
        guard key.key == nil else { throw .hasKey(choice) }
        guard let text = try text(),
            Authorization(scheme: key.scheme, credential: text.reveal()) != nil
        else {
            throw Failure(
                .failed, "cannot use the API key",
                because: "it is empty or contains a character that is not allowed in an HTTP header"
            )
        }
        // The Python tools require both members.
        return try keeping.keep(
            key: ["api_key": .string(text.reveal()), "bearer_token_prefix": .string(key.scheme)],
            of: nil)
    }

    /// Reads the key; `nil` if it is not UTF-8.
    private func text() throws(Failure) -> Secret? {
        switch dialogue.request.key {
        case .terminal: return try dialogue.ask("API key", .hidden)
        case .standardInput:
            guard !StandardStreams.inputIsTerminal else {
                throw Failure(
                    .usage, "cannot read the API key from standard input",
                    because: "it is a terminal, which would show the key",
                    remedy: choice.loginCommand)
            }
            return Secret(firstLineOf: try StandardStreams.readInput(until: dialogue.deadline))
        case .file(let path):
            switch File.read(path, .anyFile) {
            case .content(let content): return Secret(firstLineOf: content.bytes)
            case .missing: throw .unreadableKey(path, "it does not exist")
            case .unreadable(let reason): throw .unreadableKey(path, reason)
            case .refused(let reason):
                throw .unreadableKey(path, "\(reason); use '--key-file -' to read standard input")
            }
        }
    }

    /// Saves the key that Planet returns for an e-mail address and a password.
    func run(_ legacy: LegacyLogin) throws(Failure) -> LoggedIn {
        guard legacy.key == nil else { throw .hasKey(choice) }
        let endpoint = try legacy.endpoint()
        let (email, password) = try dialogue.credentials(
            UserCredentials(), named: "E-mail address")
        let result = LegacyLoginGrant.request(
            email: email, password: password, at: endpoint, world: dialogue.world,
            timeLimit: Renewal.timeout)
        switch result {
        // Whatever reason the server gives, it concerns the address or the password.
        case .rejected(let rejection), .endpointMissing(.notFound(let rejection)):
            throw .loginRefused(choice, rejection.reason)
        case .success, .endpointMissing(.unnamed), .busy, .unusable, .failed:
            let answer = try result.value(ofLoginTo: choice)
            return try keeping.keep(
                key: [
                    "jwt": .string(answer.jwt.reveal()),
                    "key": .string(answer.key.credential.reveal()),
                ], of: email)
        }
    }
}

extension Failure {
    fileprivate static func hasKey(_ choice: ProfileChoice) -> Failure {
        Failure(
            .usage, "profile '\(choice.profile.name)' needs no login",
            because: "its configuration already contains the API key",
            remedy: choice.command("token"))
    }

    fileprivate static func unreadableKey(_ path: String, _ reason: String) -> Failure {
        Failure(
            .failed, "cannot read the API key in '\(path)'", because: reason,
            remedy: "ls -l \(path.shellQuoted)")
    }
}
