import CredCore
import CredSession
import CredSystem

/// Ends logins, one or all, and says what became of each.
struct LogoutCommand: Sendable {
    let context: CommandContext
    let scope: LogoutScope

    /// Answers the exit status: that of the first profile that fails.
    func run() throws(Failure) -> Int32 {
        switch scope {
        case .chosen:
            try logOut(try context.choose())
            return 0
        case .all: return logOutOfAll()
        }
    }

    private func logOutOfAll() -> Int32 {
        // A choice that cannot be used is none of those that have a token file.
        let kept = KeptProfiles(context.folders, usual: try? context.selection.choose())
        let names = kept.names
        if names.isEmpty { say("nobody is logged in") }
        var status: Int32 = 0
        for name in names {
            do throws(Failure) {
                try logOut(try kept.choice(name))
            } catch {
                StandardStreams.writeError(error.text)
                if status == 0 { status = error.kind.exitStatus }
            }
        }
        return status
    }

    private func logOut(_ choice: ProfileChoice) throws(Failure) {
        let logout = Logout(
            choice, storage: context.invocation.profile.storage, folders: context.folders,
            world: context.world)
        let outcome = try logout.run()
        say(outcome.sentence(choice.profile.name, now: context.world.now()))
    }

    private func say(_ sentence: String) {
        StandardStreams.writeError("planet-cred: \(sentence.printable)\n")
    }
}
