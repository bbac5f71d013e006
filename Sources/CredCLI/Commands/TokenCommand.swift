import CredCore
import CredSession
import CredSystem

/// Prints a credential in one of the formats.
struct TokenCommand: Sendable {
    let context: CommandContext
    let format: TokenFormat
    let requirement: TokenRequirement
    let loginPolicy: LoginPolicy

    func run() throws(Failure) {
        let choice = try context.choose()
        let requirement = requirement.refined(for: choice, context.locations.environment)
        guard let credential = try context.credential(choice, requirement, loginPolicy) else {
            throw Failure(
                .profile, "profile '\(choice.profile.name)' has no credential",
                because: "its client_type is 'none'")
        }
        try StandardStreams.write(
            try format.text(credential, choice.profile, remedy: choice.command("status")))
    }
}

extension TokenRequirement {
    /// A command run by `exec` with this profile was given a token, which may not be the latest
    /// one.
    fileprivate func refined(
        for choice: ProfileChoice, _ environment: (String) -> String?
    ) -> TokenRequirement {
        var requirement = self
        switch refused {
        case .none, .fingerprint: return self
        case .handedToCaller: requirement.caller = CallingProcess(.parent)
        case .latest: requirement.caller = CallingProcess(.script)
        }
        let isOfCommand =
            switch choice.source {
            // `exec` keeps or sets what selects the same profile inside its command.
            case .environmentFile, .environmentClient, .settingsClient: true
            case .option, .file, .standardInput, .environmentProfile, .environmentKey,
                .settingsProfile, .settingsKey, .host, .builtIn:
                environment("PL_AUTH_PROFILE") == choice.profile.name.description
            }
        guard refused == .latest, isOfCommand, let given = environment("PLANET_CRED_TOKEN")
        else { return requirement }
        requirement.refused = .fingerprint(Secret(given).fingerprint)
        return requirement
    }
}
