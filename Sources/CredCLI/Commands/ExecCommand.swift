import CredCore
import CredSession
import CredSystem

/// Replaces planet-cred by another program with the credential in its environment.
struct ExecCommand: Sendable {
    let context: CommandContext
    let firstWord: Int
    let variables: [EnvironmentVariable]
    let requirement: TokenRequirement
    let loginPolicy: LoginPolicy

    /// Returns only on failure.
    func run(_ arguments: ProgramArguments) throws(Failure) -> Failure {
        let choice = try context.choose()
        let credential = try context.credential(choice, requirement, loginPolicy)
        if let warning = identity(choice).warning { context.world.voice.notice(warning) }
        return Execution.replaceProcess(
            arguments, commandFrom: firstWord, changing: changes(credential, choice))
    }

    private func identity(_ choice: ProfileChoice) -> JobIdentity {
        JobIdentity(choice, fileName: context.invocation.profile.name, context.locations)
    }

    /// The changes of the environment, each name once; the command line takes precedence.
    private func changes(_ credential: Credential?, _ choice: ProfileChoice)
        -> [(name: String, value: Secret?)]
    {
        var changes: [(name: String, value: Secret?)] = [
            ("PLANET_CRED_TOKEN", credential?.authorization.credential),
            ("PLANET_CRED_AUTHORIZATION", credential?.authorization.headerValue),
            ("PLANET_CRED_EXPIRES_AT", credential?.expiresAt.map { Secret("\($0.seconds)") }),
        ]
        changes += identity(choice).changes + storageChanges(choice)
        if let credential, credential.kind == .apiKey {
            changes.append(("PL_API_KEY", credential.authorization.credential))
        }
        for variable in choice.profile.environment + variables {
            guard let credential else { continue }
            let value = variable.value { placeholder in
                switch placeholder {
                case .token: credential.authorization.credential.reveal()
                case .authorization: credential.authorization.headerValue.reveal()
                case .expiresAt: credential.expiresAt.map { "\($0.seconds)" } ?? ""
                case .profile: choice.profile.name.description
                }
            }
            changes.append((variable.name, value))
        }
        var last: [(name: String, value: Secret?)] = []
        for change in changes.reversed() where !last.contains(where: { $0.name == change.name }) {
            last.insert(change, at: 0)
        }
        return last
    }

    private func storageChanges(_ choice: ProfileChoice) -> [(name: String, value: Secret?)] {
        switch choice.storage {
        case .saved: []
        case .memoryOnly: [(Invocation.noSaveVariable, Secret("1"))]
        }
    }
}
