import CredCore
import CredSession

/// What every command works with.
struct CommandContext: Sendable {
    let invocation: Invocation
    let folders: Folders
    let world: World

    var selection: ProfileSelection {
        ProfileSelection(invocation.profile, folders: folders, environment: world.environment)
    }

    /// The profile for a command that is not about one host, with a word about what is wrong
    /// with its file.
    func choose() throws(Failure) -> ProfileChoice {
        let choice = try selection.choose()
        if let warning = choice.warning { world.notice(warning) }
        return choice
    }

    func session(_ choice: ProfileChoice) -> Session {
        Session(choice, storage: invocation.profile.storage, folders: folders, world: world)
    }
}
