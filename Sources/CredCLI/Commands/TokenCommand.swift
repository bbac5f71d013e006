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
        let kubernetes = try kubernetesRequest(choice)
        let requirement = requirement.refined(for: choice, context.locations.environment)
        guard let credential = try context.credential(choice, requirement, loginPolicy) else {
            throw Failure(
                .profile, "profile '\(choice.profile.name)' has no credential",
                because: "its client_type is 'none'")
        }
        let identity = context.identity(choice)
        if let omission = format.omission(of: choice.profile) {
            context.world.voice.notice(omission)
        }
        if format == .env, let warning = identity.warning { context.world.voice.notice(warning) }
        try StandardStreams.write(
            try format.text(
                credential, choice.profile, environment: identity.environment(credential),
                version: kubernetes.version, remedy: choice.command("status")))
    }

    /// What kubectl asks for, if it is kubectl that asks. Fails before a token is requested for a
    /// cluster that may not have it.
    private func kubernetesRequest(_ choice: ProfileChoice) throws(Failure) -> KubernetesRequest {
        guard format == .kubernetes else { return try KubernetesRequest(nil) }
        let request = try KubernetesRequest(
            context.locations.environment("KUBERNETES_EXEC_INFO"))
        try request.check(choice.profile, remedy: choice.correction ?? choice.command("status"))
        return request
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
