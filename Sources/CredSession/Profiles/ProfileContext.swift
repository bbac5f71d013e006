package import CredCore

/// A chosen profile, where its things are kept, and the world: what all that is done with a profile
/// works with.
package struct ProfileContext: Sendable {
    package let choice: ProfileChoice
    package let locations: Locations
    package let world: World

    package init(_ choice: ProfileChoice, _ locations: Locations, _ world: World) {
        self.choice = choice
        self.locations = locations
        self.world = world
    }

    var profile: ProfileName { choice.profile.name }
}
