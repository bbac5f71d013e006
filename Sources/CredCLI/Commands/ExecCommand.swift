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
        let identity = context.identity(choice)
        if let warning = identity.warning { context.world.voice.notice(warning) }
        return Execution.replaceProcess(
            arguments, commandFrom: firstWord, changing: identity.environment(credential, variables)
        )
    }
}

extension CommandContext {
    /// What makes a job use this choice.
    func identity(_ choice: ProfileChoice) -> JobIdentity {
        JobIdentity(choice, fileName: invocation.profile.name, locations)
    }
}
