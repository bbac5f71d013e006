import CLinux
package import CredCore

/// The terminal that a person sits at, whatever the standard streams are.
package struct Terminal: ~Copyable {
    private let descriptor: Descriptor

    /// Whether what is typed can be seen.
    package enum Echo: Hashable, Sendable {
        case shown
        case hidden
    }

    package enum Answer: Hashable, Sendable {
        /// Without its line end; may be empty.
        case line(Secret)
        /// Ctrl-D on an empty line, a line that is too long or not UTF-8, or no terminal any more.
        case ended
        case timedOut
    }

    /// `nil` where this process has none.
    package init?() {
        // Non-blocking, of which whoever else has the terminal open notices nothing.
        let flags = O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK
        let number = Descriptor.aboveStandardStreams(openFile("/dev/tty", flags))
        guard number >= 0 else { return nil }
        descriptor = Descriptor(number)
    }

    /// Whether this process has one, in the foreground of it or not.
    package static var isThere: Bool {
        if Terminal() == nil { false } else { true }
    }

    var number: Int32 { descriptor.number }

    /// Whether what is typed is meant for us. Whoever reads or changes a terminal from the
    /// background is stopped.
    static func isInForeground(_ number: Int32) -> Bool { tcgetpgrp(number) == getpgrp() }

    /// Waits until we are in the foreground, and answers how the terminal is set then; `nil` if it
    /// is gone, or out of our reach for good.
    static func settingsInForeground(_ number: Int32) -> termios? {
        var settings = termios()
        // To resume what nobody suspended changes nothing, and stops whoever is in the background.
        // The settings there are the shell's own.
        guard retrying({ tcflow(number, TCOON) }) == 0, tcgetattr(number, &settings) == 0 else {
            return nil
        }
        return settings
    }

    /// How long a text waits for a terminal that takes nothing, in milliseconds: a person holds it up
    /// by Ctrl-S, or who shows it has stopped. No message is worth a login that hangs.
    private static let timeout: Int64 = 2000

    /// Shows text, escape sequences included. What the terminal does not take is dropped.
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

    /// How many characters a line has; 80 where nobody knows.
    package var columnCount: Int {
        var size = winsize()
        let isKnown = linux_window_size(number, &size) == 0 && size.ws_col > 0
        return isKnown ? Int(size.ws_col) : 80
    }

    /// Shows a text in place of the line that the cursor is on, as much of it as fits.
    package func replaceLine(_ text: String) {
        // It cannot, and would show the escape sequence itself.
        if ProcessEnvironment.value("TERM") == "dumb" { return }
        // In the last column some terminals begin a new line.
        write("\r\(text.prefix(columnCount - 1))\u{1B}[K")
    }

    /// Asks for one line.
    ///
    /// Who asks from the background is stopped, as the rules of terminals are. A signal while the
    /// answer is hidden acts as it would otherwise, once the terminal is as before; whoever then
    /// goes on, after Ctrl-Z and `fg`, is asked again.
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
            // Half an answer is not for the shell, and the next words are not part of the question.
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
            // What cannot be hidden is not asked for.
            guard let hidden = HiddenTyping(number) else { return .ended }
            write(question, or: hidden.signals) { deadline }
            if let answer = answer(until: deadline, signals: hidden.signals) { return answer }
        }
    }

    /// `nil` if there is a signal first.
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

/// A line as it comes from a terminal, which hands over whole lines: a person can still mend what
/// they typed until they press Enter.
struct TypedLine {
    /// What was typed before a Ctrl-D in the middle of a line.
    private var bytes: [UInt8] = []

    /// In bytes. The kernel keeps 4095 of a line and drops the rest without a word, so one of that
    /// length may not be what was typed.
    private static let limit = 4094

    enum Progress {
        case more
        /// Without its line end.
        case line(Secret)
        /// Ctrl-D on an empty line, the end of the terminal, or a line that is too long or not text.
        case ended
    }

    /// Takes what a non-blocking terminal has right now.
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
