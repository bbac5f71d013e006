import CredCore
import CredOAuth

/// The profile whose tokens are in a file that does not say for which endpoints they were issued,
/// such as one that another program wrote.
enum TokenOwner: Sendable {
    /// The profile that is used now.
    case profile
    /// A profile of the same name that is stored beside the file.
    case other(TokenBinding)
    /// No profile is stored beside it.
    case unknown
}

extension TokenRecord {
    /// Why the tokens must not be sent to the server of `binding`; `nil` if they may.
    /// - Parameter record: our object, if it describes the tokens.
    static func problem(
        _ record: JSONObject?, _ members: JSONObject, _ binding: TokenBinding,
        _ owner: () -> TokenOwner
    ) -> String? {
        // The keys of profiles without OAuth are not sent to an authorization server.
        guard binding != .none else { return nil }
        if let issuedFor = record?["issued_for"]?.string {
            guard binding.isSameParty(as: issuedFor) else {
                return
                    "its tokens were issued by a different server or to a different client than the profile now names"
            }
            if let endpoints = record?["endpoints"]?.object {
                return endpoints == binding.endpoints
                    ? nil
                    : "its tokens were issued for different endpoints than the profile now names"
            }
            if binding.endpoints.members.isEmpty { return nil }
        } else if let issuer = binding.foreignIssuer(in: members) {
            let secrets = answerMembers.compactMap { secret($0, members) }
            let stated = SentSecrets(secrets).words(issuer.stated, .sentence)
            return "its tokens were issued by '\(stated)', not by '\(issuer.expected)'"
        }
        let isOurs =
            switch owner() {
            case .profile: true
            case .other(let stored): stored.isSameParty(as: binding)
            case .unknown: binding.namesOnlyTheIssuer
            }
        return isOurs
            ? nil
            : "it may belong to a different server, client or endpoint than the profile now names"
    }
}

extension ProfileContext {
    /// The profile whose tokens another program wrote into this profile's directory. A profile file
    /// that is only given the name of a stored profile is not that profile.
    var owner: TokenOwner {
        guard !choice.isNamed, choice.source.isFile else { return .profile }
        // The error is ignored: a stored profile that cannot be used has no tokens.
        guard let stored = try? ProfileStore(locations).profile(profile),
            case .oauth(let client) = stored.profile.method
        else {
            // The name of a file without a name is made from its content.
            return profile.description.utf8.starts(with: "file-".utf8) ? .profile : .unknown
        }
        return .other(TokenBinding(client))
    }
}

extension ProfileSource {
    /// Whether the profile is in a file outside `~/.planet`, which has no name of its own.
    fileprivate var isFile: Bool {
        switch self {
        case .file, .standardInput, .environmentFile: true
        case .option, .environmentProfile, .environmentClient, .environmentKey, .settingsProfile,
            .settingsClient, .settingsKey, .host, .builtIn:
            false
        }
    }
}
