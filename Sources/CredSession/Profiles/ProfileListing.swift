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
        let chosen = Result { () throws(Failure) in try choose() }
        let chosenName: ProfileName?
        switch chosen {
        case .success(let choice): chosenName = choice.isNamed ? choice.profile.name : nil
        // The error is ignored: the entry itself contains it.
        case .failure: chosenName = try? name()
        }
        var names = storedNames
        if let chosenName, !names.contains(chosenName) { names.append(chosenName) }
        let named = names.sorted().map { name in
            ListedProfile(
                name: name.description, isDefault: name == chosenName,
                reading: name == chosenName ? chosen : reading(name))
        }
        guard chosenName == nil else { return named }
        let label: String
        switch chosen {
        case .success(let choice): label = choice.profile.name.description
        case .failure: label = "default"
        }
        return [ListedProfile(name: label, isDefault: true, reading: chosen)] + named
    }
}
