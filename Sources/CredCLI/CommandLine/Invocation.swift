package import CredCore
package import CredSession

/// A command line, understood.
package struct Invocation: Sendable {
    package let command: Command
    package let profile: ProfileRequest
    package let isVerbose: Bool
}

/// What to do, with everything that the command line says about it.
package enum Command: Sendable {
    case get, erase
    /// Nothing, successfully: `store`, and what git may invent in the future.
    case nothing
    case capability
    case token(TokenFormat, Need)
    /// - Parameter firstWord: the index in the process's own words where the command starts.
    case exec(firstWord: Int, [EnvironmentVariable], Need)
    case status(ReportLayout)
    case logout(LogoutScope)
    case inspect(ReportLayout, Set<Inspection.Question>)
    case completions(Shell)
    case help(CommandName?)
    case version
    case renew, background
}

package enum ReportLayout: Hashable, Sendable {
    case table, json
}

package enum LogoutScope: Hashable, Sendable {
    /// The profile that every command would use.
    case chosen
    case all
}

package enum Shell: String, Hashable, Sendable, CaseIterable {
    case bash, zsh, fish
}
