/// An error as the user sees it, in three parts: what happened, why, and which command to run next.
/// The only error type of the program.
///
/// The initialiser makes every part printable, so that no server can send control characters to a
/// terminal.
package struct Failure: Error, Hashable, Sendable {
    package let kind: Kind
    /// What we could not do: lower case, subject in single quotes, no full stop.
    package let what: String
    /// The server's or the system's own words, attributed.
    package let because: String?
    /// A command to paste. It is never cut: part of a command, or of a path in it, could do harm.
    package let remedy: String?

    package init(_ kind: Kind, _ what: String, because: String? = nil, remedy: String? = nil) {
        self.kind = kind
        self.what = what.printable
        self.because = because?.printable
        self.remedy = remedy.flatMap { command in
            command.unicodeScalars.count <= Self.remedyLimit
                ? command.printable(limit: Self.remedyLimit) : nil
        }
    }

    /// The maximum length of a remedy in characters: room for a few paths. A longer one is left
    /// out.
    private static let remedyLimit = 4000

    /// What happened and why in one clause, for another failure's reason.
    package var asReason: String { because.map { "\(what): \($0)" } ?? what }

    /// The kind of a failure, which determines the exit status.
    package enum Kind: Hashable, Sendable, CaseIterable {
        case failed
        case usage
        /// A server or a program that we need failed. `EX_UNAVAILABLE`.
        case unavailable
        /// The same call may succeed later. `EX_TEMPFAIL`.
        case tryAgain
        /// Servers refused the last few tokens, so no new one is requested for now.
        case tokensRefused
        /// A person must log in, or the server refused the login. `EX_NOPERM`.
        case loginRequired
        /// A profile is invalid or missing. `EX_CONFIG`.
        case profile
        /// The command given to `exec` exists but cannot be started; the status is that of shells.
        case commandNotExecutable
        case commandNotFound

        package var exitStatus: Int32 {
            switch self {
            case .failed: 1
            case .usage: 2
            case .unavailable: 69
            case .tryAgain, .tokensRefused: 75
            case .loginRequired: 77
            case .profile: 78
            case .commandNotExecutable: 126
            case .commandNotFound: 127
            }
        }
    }
}
