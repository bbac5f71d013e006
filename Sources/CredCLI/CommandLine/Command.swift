package import CredCore
package import CredSession

/// What to do, with everything that the command line says about it.
package enum Command: Sendable {
    case get(LoginPolicy)
    case erase
    /// Nothing, successfully: `store`, and what git may invent in the future.
    case nothing
    case capability
    case token(TokenFormat, TokenRequirement, LoginPolicy)
    /// - Parameter firstWord: the index in the process's own words where the command starts.
    case exec(firstWord: Int, [EnvironmentVariable], TokenRequirement, LoginPolicy)
    case login(LoginOptions)
    case logout(LogoutScope)
    case status(ReportLayout)
    case inspect(ReportLayout, Set<Inspection.Question>)
    case completions(Shell)
    case help(CommandSpecification?)
    case version
    case renew, background
    case browse(WebURL)
}

package enum LogoutScope: Hashable, Sendable {
    /// The profile that every command would use.
    case chosen
    case all
}

package enum Shell: String, Hashable, Sendable, CaseIterable {
    case bash, zsh, fish
}

/// Whether somebody is there to log in, should that be needed.
package enum LoginPolicy: Hashable, Sendable {
    case unattended
    /// `--login`
    case attended
}

/// What `login` was told beside the profile.
package struct LoginOptions: Hashable, Sendable {
    package var flow: LoginRequest.Flow = .ofProfile
    package var browser: LoginRequest.BrowserUse = .open
    package var qrCode: QRCodeUse = .none
    package var key: LoginRequest.KeySource = .terminal
    package var timeout: Seconds = LoginRequest.defaultTimeout
    package var layout: Layout = .words

    package enum QRCodeUse: Hashable, Sendable {
        case none, shown
    }

    package enum Layout: Hashable, Sendable {
        case words
        /// One object a line on standard output.
        case json
    }

    package init() {}

    /// For a login that another command needs first: git and jobs should not hang for minutes.
    static var whileOthersWait: LoginOptions {
        var options = LoginOptions()
        options.timeout = 120
        return options
    }
}
