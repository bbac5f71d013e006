package import CredCore

/// A selected profile with its locations and the world, which everything that works with a profile
/// needs.
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
