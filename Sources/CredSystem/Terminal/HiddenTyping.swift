import CLinux

/// Keeps a terminal from showing what is typed, for as long as this value lives.
///
/// Nobody must be left with a terminal that shows nothing. The signals that end or stop a process
/// are therefore held back meanwhile: whoever waits for typing sees one coming at `signals` and
/// lets this value end. It never takes the signal, which then does what it always does.
struct HiddenTyping: ~Copyable {
    private let terminal: Int32
    private let settings: termios
    private let mask: sigset_t
    private let descriptor: Descriptor

    /// SIGCONT tells that the shell had the terminal meanwhile, after a SIGSTOP that nothing holds
    /// back.
    private static let heldBack = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT]

    /// Drops what was typed before. `nil` if the terminal cannot be changed.
    init?(_ terminal: Int32) {
        guard let settings = Terminal.settingsInForeground(terminal) else { return nil }
        var held = sigset_t()
        sigemptyset(&held)
        for signal in Self.heldBack { sigaddset(&held, signal) }
        var mask = sigset_t()
        sigprocmask(SIG_BLOCK, &held, &mask)
        let number = signalfd(-1, &held, O_CLOEXEC | O_NONBLOCK)
        var hidden = settings
        hidden.c_lflag &= ~tcflag_t(ECHO)
        // The line end alone is shown, so that the next words stand on a line of their own.
        hidden.c_lflag |= tcflag_t(ECHONL)
        guard number >= 0, retrying({ tcsetattr(terminal, TCSANOW, &hidden) }) == 0 else {
            close(number)
            sigprocmask(SIG_SETMASK, &mask, nil)
            return nil
        }
        tcflush(terminal, TCIFLUSH)
        self.terminal = terminal
        self.settings = settings
        self.mask = mask
        descriptor = Descriptor(number)
    }

    deinit {
        // In the background it is not ours to change, and trying would stop us.
        if Terminal.isInForeground(terminal) {
            // Half a secret, or the second line of one, is not for the shell.
            tcflush(terminal, TCIFLUSH)
            var settings = settings
            _ = retrying { tcsetattr(terminal, TCSANOW, &settings) }
        }
        var mask = mask
        // A signal that has come acts here.
        sigprocmask(SIG_SETMASK, &mask, nil)
    }

    /// Has something to read once a signal waits; nobody reads it.
    var signals: Int32 { descriptor.number }
}
