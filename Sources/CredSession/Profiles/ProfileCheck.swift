import CredCore
import CredSystem

/// Looks at everything that a profile says, without sending a request.
package struct ProfileCheck: Sendable {
    private let context: ProfileContext
    private var choice: ProfileChoice { context.choice }
    private var profile: Profile { choice.profile }

    package init(_ context: ProfileContext) {
        self.context = context
    }

    /// What is wrong, one clause for each.
    package var problems: [String] {
        var problems = [choice.warning].compactMap { $0 }
        problems += ProfileReview(choice, context.locations).findings
        if case .oauth(let client) = profile.method {
            problems += self.problems(of: client)
        }
        if profile.hosts.isEmpty, profile.method != .none, profile.method != .validator {
            problems.append(
                "no host may receive the credential: 'hosts' in 'planet_cred' is empty or missing, and the service is not a known one"
            )
        }
        return problems + gitProblems
    }

    private func problems(of client: OAuthClient) -> [String] {
        var problems: [String] = []
        if let file = client.server.certificateAuthorityFile,
            let reason = File.obstacle(toReading: file)
        {
            problems.append("cannot read '\(file)', the 'certificate_authority_file': \(reason)")
        }
        if case .authorizationCode(_, .file(let page)?) = client.grant,
            let reason = File.obstacle(toReading: page)
        {
            problems.append(
                "cannot read '\(page)', the 'authorization_callback_acknowledgement_file': \(reason)"
            )
        }
        do throws(Failure) {
            let loader = ClientCredentialLoader(silent)
            try loader.requirePermission(client)
            // The command of a secret is not run.
            if case .secret(.command, _) = client.authentication { return problems }
            _ = try loader.credential(client)
        } catch {
            problems.append(error.asReason)
        }
        return problems
    }

    /// The same profile, whose warnings are among the problems already.
    private var silent: ProfileContext {
        var world = context.world
        world.voice.isHeard = false
        return ProfileContext(choice, context.locations, world)
    }

    /// Helpers that git asks before this program, for each host of the profile.
    private var gitProblems: [String] {
        guard choice.isNamed, let settings = GitConfiguration.credentialHelpers() else { return [] }
        return profile.hosts.compactMap { pattern in
            guard let origin = Self.example(of: pattern) else { return nil }
            guard let other = GitHelperOrder(settings, for: origin).first else { return nil }
            let place = "credential.\(origin.scheme.rawValue)://\(pattern.text).helper"
                .shellQuoted
            return
                "git asks its helper '\(other)' for '\(pattern.text)' before planet-cred, and may "
                + "get an expired token from it; try: "
                + "git config --global --replace-all \(place) '' && git config --global --add \(place) planet"
        }
    }

    /// A host that the pattern matches.
    private static func example(of pattern: HostPattern) -> Origin? {
        switch pattern {
        case .exact(let host, let port):
            let scheme: Origin.Scheme = host.isLoopback ? .http : .https
            return try? Origin(
                scheme: scheme, host: host, port: port ?? scheme.defaultPort)
        case .below(let domain): return try? Origin(scheme: .https, authority: "any.\(domain)")
        }
    }
}
