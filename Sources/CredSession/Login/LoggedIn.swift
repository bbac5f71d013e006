package import CredCore

/// What a login came to.
package struct LoggedIn: Sendable {
    package let profile: Profile
    /// What the server calls the person; `nil` where it does not say, or there is none.
    package let person: String?
    package let expiresAt: UnixTime?
    package let outlook: Outlook

    /// What happens when the token expires.
    package enum Outlook: Hashable, Sendable {
        case renewsItself
        case renewsItselfUntil(UnixTime)
        /// A person must log in again.
        case ends
        /// A key: it does not expire.
        case lasts
    }

    package init(profile: Profile, person: String?, expiresAt: UnixTime?, outlook: Outlook) {
        self.profile = profile
        self.person = person
        self.expiresAt = expiresAt
        self.outlook = outlook
    }
}
