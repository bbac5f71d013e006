import CLinux
package import CredCore

/// The controlling terminal, independent of the standard streams.
package struct Terminal: ~Copyable {
    private let descriptor: Descriptor

    /// Whether typed text is visible.
    package enum Echo: Hashable, Sendable {
        case shown
        case hidden
    }

    package enum Answer: Hashable, Sendable {
        /// The line without its end; may be empty.
        case line(Secret)
        /// Ctrl-D on an empty line, a line that is too long or not UTF-8, or a closed terminal.
        case ended
        case timedOut
    }

    /// Opens the terminal; `nil` if this process has none.
    package init?() {
        // Non-blocking for this descriptor only; other programs on the terminal are not affected.
        let flags = O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK
        let number = Descriptor.aboveStandardStreams(openFile("/dev/tty", flags))
        guard number >= 0 else { return nil }
        descriptor = Descriptor(number)
    }

    /// Whether this process has a terminal, in the foreground or not.
    package static var isThere: Bool {
        if Terminal() == nil { false } else { true }
    }

    var number: Int32 { descriptor.number }

    /// Whether this process is in the foreground. A background process that reads or changes the
    /// terminal is stopped.
    static func isInForeground(_ number: Int32) -> Bool { tcgetpgrp(number) == getpgrp() }

    /// Waits until we are in the foreground and returns the terminal's settings; `nil` if it was
    /// closed or can never be ours.
    static func settingsInForeground(_ number: Int32) -> termios? {
        var settings = termios()
        // Resuming output that is not suspended changes nothing, but stops a background process. In
        // the background the settings are those of the shell.
        guard retrying({ tcflow(number, TCOON) }) == 0, tcgetattr(number, &settings) == 0 else {
            return nil
        }
        return settings
    }

    /// How long to wait for a terminal that accepts no output, in milliseconds: Ctrl-S was pressed,
    /// or the terminal program hangs. A message must not block a login.
    private static let timeout: Int64 = 2000

    /// Writes text, including escape sequences. What the terminal does not accept in time is
    /// dropped.
    package func write(_ text: String) {
        write(text) { SystemClock.uptime() + Self.timeout }
    }

    /// - Parameters:
    ///   - signals: a descriptor at which a signal that comes ends this too.
    ///   - deadline: asked for when something was taken: when it ends if nothing more is, in
    ///     milliseconds of uptime.
    private func write(_ text: String, or signals: Int32 = -1, until deadline: () -> Int64) {
        let events = [
            pollfd(fd: number, events: Int16(POLLOUT), revents: 0),
            pollfd(fd: signals, events: Int16(POLLIN), revents: 0),
        ]
        var rest = Array(text.utf8)[...]
        var end = deadline()
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { bytes in
                retrying { CLinux.write(number, bytes.baseAddress, bytes.count) }
            }
            if count > 0 {
                rest = rest.dropFirst(count)
                end = deadline()
            } else if count == 0 || linux_errno() != EAGAIN {
                return
            } else {
                let ready = Descriptor.ready(events, until: end)
                if ready.contains(signals) || SystemClock.uptime() >= end { return }
            }
        }
    }

    /// The number of columns; 80 if it is not known.
    package var columnCount: Int { Self.columnCount(number) }

    static func columnCount(_ number: Int32) -> Int {
        var size = winsize()
        let isKnown = linux_window_size(number, &size) == 0 && size.ws_col > 0
        return isKnown ? Int(size.ws_col) : 80
    }

    /// Whether the terminal can replace a line; otherwise it would show the escape sequence itself.
    package static var replacesLines: Bool { ProcessEnvironment.value("TERM") != "dumb" }

    /// Replaces the line that the cursor is on, cut to the width of the terminal.
    package func replaceLine(_ text: String) {
        guard Self.replacesLines else { return }
        // Some terminals start a new line after the last column.
        write("\r\(text.prefix(columnCount - 1))\u{1B}[K")
    }

    /// Prompts for one line.
    ///
    /// A background process that prompts is stopped, as usual for terminals. A signal during hidden
    /// input takes effect after the terminal was restored; if the process is then resumed (Ctrl-Z,
    /// `fg`) it prompts again.
    ///
    /// - Parameter deadline: in milliseconds of `SystemClock.uptime()`.
    package func ask(_ question: String, _ echo: Echo, until deadline: Int64) -> Answer {
        let answer =
            switch echo {
            case .shown: askOpenly(question, until: deadline)
            case .hidden: askHidden(question, until: deadline)
            }
        switch answer {
        case .line: break
        case .ended, .timedOut:
            // Discards an incomplete answer, which must not reach the shell, and ends the line of
            // the prompt.
            if Self.isInForeground(number) { tcflush(number, TCIFLUSH) }
            write("\n")
        }
        return answer
    }

    private func askOpenly(_ question: String, until deadline: Int64) -> Answer {
        guard Self.settingsInForeground(number) != nil else { return .ended }
        write(question) { deadline }
        return answer(until: deadline, signals: -1) ?? .ended
    }

    private func askHidden(_ question: String, until deadline: Int64) -> Answer {
        while true {
            // Without hidden input nothing is asked.
            guard let hidden = HiddenTyping(number) else { return .ended }
            write(question, or: hidden.signals) { deadline }
            if let answer = answer(until: deadline, signals: hidden.signals) { return answer }
        }
    }

    /// Reads the answer; `nil` if a signal arrives first.
    private func answer(until deadline: Int64, signals: Int32) -> Answer? {
        let events = [number, signals].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        var line = TypedLine()
        while true {
            let ready = Descriptor.ready(events, until: deadline)
            if ready.contains(number) {
                switch line.read(number) {
                case .more: break
                case .line(let text): return .line(text)
                case .ended: return .ended
                }
            }
            if ready.contains(signals) { return nil }
            if SystemClock.uptime() >= deadline { return .timedOut }
        }
    }
}

/// Hides typed text on a terminal while this value exists.
///
/// The terminal must always be restored. The signals that end or stop a process are therefore
/// blocked meanwhile: the reader sees one at `signals` and destroys this value. The signal stays
/// pending and then has its usual effect.
struct HiddenTyping: ~Copyable {
    private let terminal: Int32
    private let settings: termios
    private let mask: sigset_t
    private let descriptor: Descriptor

    /// SIGCONT means that the shell had the terminal meanwhile, after a SIGSTOP, which cannot be
    /// blocked.
    private static let heldBack = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT]

    /// Hides typed text and discards earlier input. `nil` if the terminal cannot be changed.
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
        // Only the line end is shown, so that the next output starts on a new line.
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
        // In the background we must not change it: that would stop us.
        if Terminal.isInForeground(terminal) {
            // Discards input, because part of a secret must not reach the shell.
            tcflush(terminal, TCIFLUSH)
            var settings = settings
            _ = retrying { tcsetattr(terminal, TCSANOW, &settings) }
        }
        var mask = mask
        // A pending signal takes effect here.
        sigprocmask(SIG_SETMASK, &mask, nil)
    }

    /// A descriptor that is readable while a signal is pending; it is never read.
    var signals: Int32 { descriptor.number }
}

/// Reads a line from a terminal, which delivers whole lines: a person can edit the line until
/// Enter.
struct TypedLine {
    /// The text before a Ctrl-D in the middle of a line.
    private var bytes: [UInt8] = []

    /// The maximum length in bytes. The kernel keeps 4095 bytes of a line and drops the rest
    /// without an error, so a line of that length may be incomplete.
    private static let limit = 4094

    enum Progress {
        case more
        /// The line without its end.
        case line(Secret)
        /// Ctrl-D on an empty line, the end of the terminal, or a line that is too long or not
        /// text.
        case ended
    }

    /// Reads what a non-blocking terminal has now.
    mutating func read(_ number: Int32) -> Progress {
        switch Descriptor.readChunk(number, upTo: 65_536) {
        case .nothingYet: return .more
        case .failed: return .ended
        case .end: return bytes.isEmpty ? .ended : take(bytes[...])
        case .bytes(let chunk):
            bytes += chunk
            if let end = bytes.firstIndex(of: 0x0A) { return take(bytes[..<end]) }
            return bytes.count <= Self.limit ? .more : take(bytes[...])
        }
    }

    private mutating func take(_ line: ArraySlice<UInt8>) -> Progress {
        defer { bytes = [] }
        guard line.count <= Self.limit else { return .ended }
        let line = line.last == 0x0D ? line.dropLast() : line
        return String(validating: line, as: UTF8.self).map { .line(Secret($0)) } ?? .ended
    }
}
