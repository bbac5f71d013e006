package import CredCore
package import CredSession

/// A command and all its arguments.
package enum Command: Sendable {
    case get(LoginPolicy)
    case erase
    case store
    /// Succeeds without doing anything: commands that git may add in the future.
    case nothing
    case capability
    case token(TokenFormat, TokenRequirement, LoginPolicy)
    /// - Parameter firstWord: the index, in the arguments of this process, at which the command
    ///   starts.
    case exec(firstWord: Int, [EnvironmentVariable], TokenRequirement, LoginPolicy)
    case login(LoginOptions)
    case logout(LogoutScope)
    case status(StatusSubject, ReportLayout)
    case inspect(ReportLayout, Set<Inspection.Question>)
    case profileUse
    case profileCheck(ReportLayout)
    /// - Parameter timeout: how long to wait for the process on the other host.
    case doctor(ReportLayout, timeout: Seconds)
    case completions(Shell)
    case help(HelpTopic)
    case version
    case renew, background
    case browse(WebURL)
}

package enum LogoutScope: Hashable, Sendable {
    /// The profile that other commands would use.
    case chosen
    case all
}

/// What `status` shows.
package enum StatusSubject: Hashable, Sendable {
    /// The profile that other commands would use.
    case chosen
    case all
    /// The profile that git would use for this host.
    case host(Origin)
}

package enum Shell: String, Hashable, Sendable, CaseIterable {
    case bash, zsh, fish
}

/// Whether a person can log in if that is needed.
package enum LoginPolicy: Hashable, Sendable {
    case unattended
    /// `--login`
    case attended
}

/// The options of `login`, except for the profile.
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
        /// JSON, one object per line on standard output.
        case json
    }

    package init() {}

    /// The options of a login that another command starts: its timeout is shorter, so that git and
    /// jobs do not hang for minutes.
    static var whileOthersWait: LoginOptions {
        var options = LoginOptions()
        options.timeout = 120
        return options
    }
}
