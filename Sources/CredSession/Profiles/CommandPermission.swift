import CredCore
import CredSystem

/// Checks whether a profile may run the programs that it names; required before any of them is run.
///
/// Otherwise whoever can write to a profile could run commands as the user who only asks for a
/// token. The file, its directory and `~/.planet`, if the file is there, are checked; not the home
/// directory, because whoever can write to that can do more already.
struct CommandPermission: Sendable {
    let context: ProfileContext

    /// Fails with kind `.profile` if another user can write to the profile.
    /// - Parameter member: the member of the profile that names the program.
    func require(for member: String) throws(Failure) {
        // A profile on standard input comes from the user.
        guard let path = context.choice.path else { return }
        let folders = context.choice.isNamed ? [context.locations.profiles] : []
        let flaws = WriteAccess.flaws(of: path, and: folders)
        guard let worst = flaws.first(where: { $0.cause != .mode }) ?? flaws.first else { return }
        let what = "refusing to run '\(member)' of profile '\(context.profile)'"
        let (reason, remedy): (String, String)
        switch worst.cause {
        case .owner(let userID):
            reason =
                "'\(worst.path)' belongs to \(UserAccounts.description(of: userID)), who could run commands as you"
            remedy = Self.review(worst.path, isFile: worst.path == path)
        case .modeOfRoot:
            reason =
                "'\(worst.path)' belongs to root, and other users can write to it and so run commands as you"
            remedy = "ls -ld \(worst.path.shellQuoted)"
        case .mode:
            reason = "other users can write to '\(worst.path)' and so run commands as you"
            let paths = flaws.map { $0.path.shellQuoted }.joined(separator: " ")
            remedy = "chmod go-w \(paths)"
        }
        throw Failure(
            .profile, what, because: reason, remedy: remedy)
    }

    /// The command that shows a file or directory of another user, and for a file the one that
    /// replaces it with a copy of the user's own.
    private static func review(_ path: String, isFile: Bool) -> String {
        let (old, new) = (path.shellQuoted, "\(path).mine".shellQuoted)
        return isFile
            ? "less \(old)    # if you trust it: cp \(old) \(new) && mv -f \(new) \(old)"
            : "ls -ld \(old)"
    }
}
