package import CredCore

/// A profile of this user, as a list of all of them shows it.
package struct ListedProfile: Sendable {
    /// The name; for a default that cannot be chosen, and has none, what should have chosen it.
    package let name: String
    /// Whether commands that are not about one host use it.
    package let isDefault: Bool
    /// The profile, or why it cannot be used.
    package let reading: Result<ProfileChoice, Failure>
}

extension ProfileSelection {
    /// Every profile by name, and before them the default if it has none.
    package func listing() -> [ListedProfile] {
        let usual = Result { () throws(Failure) in try choose() }
        let usualName: ProfileName?
        switch usual {
        case .success(let choice): usualName = choice.isNamed ? choice.profile.name : nil
        // The error is ignored: it is the one that is listed.
        case .failure: usualName = try? name()
        }
        var names = storedNames
        if let usualName, !names.contains(usualName) { names.append(usualName) }
        let named = names.sorted().map { name in
            ListedProfile(
                name: name.description, isDefault: name == usualName,
                reading: name == usualName ? usual : reading(name))
        }
        guard usualName == nil else { return named }
        let label: String
        switch usual {
        case .success(let choice): label = choice.profile.name.description
        case .failure: label = "default"
        }
        return [ListedProfile(name: label, isDefault: true, reading: usual)] + named
    }
}
