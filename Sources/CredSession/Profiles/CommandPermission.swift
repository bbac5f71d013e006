import CredCore
import CredSystem

/// Whether the profile may start the programs that it names. Everything that does so asks here.
///
/// Whoever can write a profile could otherwise run commands as the user who only asks for a token.
/// The file is looked at, the directory that contains it, and `~/.planet` if it is there; not the
/// home directory, whose writers can do more than that already.
struct CommandPermission: Sendable {
    let context: ProfileContext

    /// Fails with kind `.profile` if another user can write the profile.
    /// - Parameter member: the member of the profile that names the program.
    func require(for member: String) throws(Failure) {
        // What came from standard input was sent by the user.
        guard let path = context.choice.path else { return }
        let folders = context.choice.isNamed ? [context.locations.profiles] : []
        let flaws = WriteAccess.flaws(of: path, and: folders)
        guard let worst = flaws.first(where: { $0.cause != .mode }) ?? flaws.first else { return }
        let what = "refusing to run '\(member)' of profile '\(context.profile)'"
        let (reason, remedy): (String, String)
        switch worst.cause {
        case .owner(let userID):
            reason = "'\(worst.path)' belongs to \(UserAccounts.description(of: userID))"
            remedy = Self.waySeen(worst.path, isFile: worst.path == path)
        case .modeOfRoot:
            reason = "other users can write '\(worst.path)', which belongs to root"
            remedy = "ls -ld \(worst.path.shellQuoted)"
        case .mode:
            reason = "other users can write '\(worst.path)'"
            let paths = flaws.map { $0.path.shellQuoted }.joined(separator: " ")
            remedy = "chmod go-w \(paths)"
        }
        throw Failure(
            .profile, what, because: "\(reason), and could run commands as you", remedy: remedy)
    }

    /// The command that shows what somebody else wrote, and for a file the one that adopts it.
    private static func waySeen(_ path: String, isFile: Bool) -> String {
        let (old, new) = (path.shellQuoted, "\(path).mine".shellQuoted)
        return isFile
            ? "less \(old)    # if you trust it: cp \(old) \(new) && mv -f \(new) \(old)"
            : "ls -ld \(old)"
    }
}
