package import CredCore

/// Which profile answers git for a host, and why the others do not.
package struct HostDecision: Sendable {
    /// The profile whose credential git gets; `nil` if it gets none.
    package let chosen: ProfileChoice?
    /// Every profile that was looked at.
    package let examined: [Examined]

    package struct Examined: Sendable {
        package let name: String
        package let finding: Finding
    }

    package enum Finding: Sendable {
        case chosen([HostPattern])
        /// It does not name the host.
        case otherHosts([HostPattern])
        /// It names the host, but another one comes first; the reason in words.
        case behind([HostPattern], String)
        case broken(Failure)
    }
}

extension ProfileSelection {
    /// What `choose(for:)` decides, and why. Fails as that does.
    package func decision(for origin: Origin) throws(Failure) -> HostDecision {
        let choice = try choose(for: origin)
        return HostDecision(chosen: choice, examined: examined(for: origin, choice))
    }

    /// What was found out about each profile for a host.
    /// - Parameters:
    ///   - username: the user name that git asks for.
    ///   - choice: what was chosen for it.
    package func examined(
        for origin: Origin, username: String? = nil, _ choice: ProfileChoice?
    ) -> [HostDecision.Examined] {
        listing(for: origin).map { listed in
            let finding: HostDecision.Finding
            switch listed.reading {
            case .failure(let failure): finding = .broken(failure)
            case .success(let other):
                let hosts = other.profile.hosts
                if !other.profile.covers(origin) {
                    finding = .otherHosts(hosts)
                } else if let choice, choice.profile.name != other.profile.name {
                    finding = .behind(
                        hosts,
                        other.profile.mismatch(username)
                            ?? reason(for: choice, over: other, origin, username))
                } else if choice == nil {
                    finding = .behind(
                        hosts,
                        other.profile.mismatch(username) ?? "other profiles name the host, too")
                } else {
                    finding = .chosen(hosts)
                }
            }
            return HostDecision.Examined(name: listed.name, finding: finding)
        }
    }

    /// The profiles that come into question for a host: the one that the command line names, or
    /// all of them.
    private func listing(for origin: Origin) -> [ListedProfile] {
        let all = listing()
        guard isExplicit else {
            // The built-in default is not listed separately: it is among the profiles found by
            // name.
            return all
        }
        return all.filter { $0.isDefault }
    }

    private func reason(
        for choice: ProfileChoice, over other: ProfileChoice, _ origin: Origin,
        _ username: String?
    ) -> String {
        let name = choice.profile.name
        guard case .host = choice.source else {
            return "'\(name)' comes first, because \(choice.source.description) names it"
        }
        let precedence = ProfileStore.precedence(
            of: choice.profile, over: other.profile, origin, username)
        return switch precedence {
        case .username: "'\(name)' fits the user name better"
        case .exactEntry: "'\(name)' names the host exactly"
        case .name, nil: "'\(name)' comes first by name"
        }
    }
}

extension Profile {
    /// Why the profile does not answer under this user name, in words; `nil` if it may.
    fileprivate func mismatch(_ username: String?) -> String? {
        guard let username, match(username) == nil else { return nil }
        return "its user name is '\(self.username)', not '\(username)'"
    }
}
