package import CredCore

/// Chooses the profile for one host.
extension ProfileSelection {
    /// The profile for a host; `nil` if no profile names it.
    ///
    /// A profile that the command line names is the only candidate. One that the environment or
    /// `~/.planet.json` names comes first, and then all others: it may be meant for other hosts.
    /// - Parameters:
    ///   - username: the user name that git asks for, which is answered like git's own helpers do:
    ///     only by a profile with that name.
    ///   - skipping: told of every broken profile that is passed over, although it may name the
    ///     host.
    package func choose(
        for origin: Origin, username: String? = nil, skipping: (Failure) -> Void = { _ in }
    ) throws(Failure) -> ProfileChoice? {
        if let explicit {
            let choice = try load(explicit)
            let isMeant = username.map { choice.profile.match($0) != nil } ?? true
            return choice.profile.covers(origin) && isMeant ? choice : nil
        }
        var second: ProfileChoice?
        if let ambient = try ambient() {
            let choice = try load(ambient)
            if choice.profile.covers(origin) {
                switch username.map(choice.profile.match) {
                case nil, .stated??, .name??, .usual??: return choice
                case .unstated??: second = choice
                case .some(nil): break
                }
            }
        }
        guard request.storage == .saved else { return second }
        let found = store.profile(covering: origin, for: username, skipping: skipping)
        guard let found, second == nil || found.profile.match(username ?? "") != .unstated else {
            return second
        }
        return ProfileChoice(found, .host)
    }

    /// Why a profile that the command line names is not used for a host that it names; `nil` if it
    /// does not name the host.
    package func mismatch(for origin: Origin, username: String) throws(Failure) -> Failure? {
        guard let explicit else { return nil }
        let profile = try load(explicit).profile
        guard profile.covers(origin), profile.match(username) == nil else { return nil }
        return Failure(
            .profile, "profile '\(profile.name)' is not for the user name '\(username)'",
            because: "git asks for '\(username)' at '\(origin.authority)', and 'username' of the "
                + "profile is '\(profile.username)'",
            remedy: "git config --show-origin --get-regexp 'credential.*|url.*'")
    }
}
