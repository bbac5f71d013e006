package import CredCore
package import CredSession
import CredSystem

/// Logs out of one or all profiles and reports each result.
struct LogoutCommand: Sendable {
    let context: CommandContext
    let scope: LogoutScope

    /// Returns the exit status, that of the first profile that fails.
    func run() throws(Failure) -> Int32 {
        switch scope {
        case .chosen:
            try logOut(try chosen())
            return 0
        case .all: return try logOutOfAll()
        }
    }

    /// The selected profile; for one that cannot be used, whatever is saved for it.
    private func chosen() throws(Failure) -> (ProfileName, Logout) {
        do throws(Failure) {
            return logout(try context.choose())
        } catch {
            guard error.kind == .profile, let name = try context.selection.name(),
                KeptProfiles(context.locations, usual: nil).isKept(name)
            else { throw error }
            return logout(name, unusable: error)
        }
    }

    private func kept(_ name: ProfileName, _ kept: KeptProfiles) throws(Failure)
        -> (ProfileName, Logout)
    {
        do throws(Failure) {
            return logout(try kept.choice(name))
        } catch {
            guard error.kind == .profile else { throw error }
            return logout(name, unusable: error)
        }
    }

    private func logOutOfAll() throws(Failure) -> Int32 {
        // The error is ignored: a profile that cannot be selected is none of those with a token
        // file.
        let kept = KeptProfiles(context.locations, usual: try? context.selection.choose())
        let names = try kept.names
        if names.isEmpty { say("not logged in with any profile") }
        var status: Int32 = 0
        for name in names {
            do throws(Failure) {
                try logOut(try self.kept(name, kept))
            } catch {
                StandardStreams.writeError(error.text)
                if status == 0 { status = error.kind.exitStatus }
            }
        }
        return status
    }

    private func logout(_ choice: ProfileChoice) -> (ProfileName, Logout) {
        let logout = Logout(context.profile(choice))
        return (choice.profile.name, logout)
    }

    private func logout(_ name: ProfileName, unusable failure: Failure) -> (ProfileName, Logout) {
        let logout = Logout(
            name, unusable: failure, context.locations, context.world)
        return (name, logout)
    }

    private func logOut(_ chosen: (name: ProfileName, logout: Logout)) throws(Failure) {
        let outcome = try chosen.logout.run()
        say(outcome.sentence(chosen.name, now: context.world.clock.now()))
    }

    private func say(_ sentence: String) {
        StandardStreams.writeError("planet-cred: \(sentence.printable)\n")
    }
}

extension Logout.Outcome {
    /// The result for a profile, in one clause.
    package func sentence(_ profile: ProfileName, now: UnixTime) -> String {
        switch self {
        case .nobodyLoggedIn: "not logged in with profile '\(profile)'"
        case .revoked: "logged out of profile '\(profile)': the server has revoked its tokens"
        case .expired: "logged out of profile '\(profile)': its token had already expired"
        case .accessTokenLives(let end, let reason):
            "logged out of profile '\(profile)': the refresh token is revoked, but the access token stays valid \(Self.until(end, now)), because it could not be revoked: \(reason)"
        case .forgotten(let end, let reason):
            "deleted the token of profile '\(profile)', but could not revoke it; it stays valid \(Self.until(end, now)): \(reason)"
        case .keyForgotten:
            "deleted the API key of profile '\(profile)'; the service still accepts it"
        }
    }

    private static func until(_ end: UnixTime?, _ now: UnixTime) -> String {
        end.map { "until \($0.rfc3339) (\($0.relative(to: now)))" } ?? "until it expires"
    }
}
