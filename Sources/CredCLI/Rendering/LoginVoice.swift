import CredSession
import CredSystem

/// Where a person reads what a login needs of them: standard error, or the controlling terminal
/// where standard error is captured.
enum LoginVoice: Sendable {
    case standardError
    case terminal
    case nobody

    static var current: LoginVoice {
        if StandardStreams.errorIsTerminal { return .standardError }
        return Terminal.isThere ? .terminal : .nobody
    }

    var audience: LoginRequest.Audience {
        switch self {
        case .standardError, .terminal: .person
        case .nobody: .nobody
        }
    }

    /// Whole lines.
    func say(_ text: String) {
        switch self {
        case .standardError, .nobody: StandardStreams.writeError(text)
        case .terminal:
            guard let terminal = Terminal() else { return }
            terminal.write(text)
        }
    }

    /// How it ended, which who captures standard error should find there.
    func conclude(_ text: String) {
        StandardStreams.writeError(text)
        if self == .terminal { say(text) }
    }

    /// A line that the next one replaces.
    func replaceLine(_ text: String) {
        guard self != .nobody, let terminal = Terminal() else { return }
        terminal.replaceLine(text)
    }

    /// Clears away a line that was to be replaced.
    func endLine() {
        replaceLine("")
    }
}
