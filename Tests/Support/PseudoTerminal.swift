import Foundation
package import Glibc

/// A command at a terminal of its own, and the person who sits there.
///
/// The terminal has 24 lines of 80 characters. It is the controlling terminal of the command, also
/// where the standard streams lead elsewhere. It goes with this value, and the command with it.
package final class PseudoTerminal: Sendable {
    private let master: Int32
    private let running: RunningCommand

    /// Starts the command.
    ///
    /// - Parameter elsewhere: streams that are not the terminal: the input is then what the command
    ///   says, and the others are found in its outcome.
    package init(_ command: Command, elsewhere: Set<StandardStream> = []) throws {
        let master = try check("open /dev/ptmx", open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC))
        do {
            let path = try Self.unlockedPath(of: master)
            var size = winsize(ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0)
            try check("ioctl TIOCSWINSZ", ioctl(master, UInt(TIOCSWINSZ), &size))
            // Without it a terminal that the command has not opened, or closes, counts as gone.
            let slave = try check("open \(path)", open(path, O_RDWR | O_NOCTTY | O_CLOEXEC))
            defer { close(slave) }
            let reader = try check("fcntl", fcntl(master, F_DUPFD_CLOEXEC, 3))
            running = try command.start(
                at: Command.TerminalEnds(path: path, reader: reader), elsewhere: elsewhere)
            try Self.hold(slave, untilEndOf: running.processID)
        } catch {
            close(master)
            throw error
        }
        self.master = master
    }

    deinit {
        if !running.hasEnded { running.signal(SIGHUP) }
        close(master)
    }

    /// Everything shown so far, also the echo of what was typed. A line ends with `\n`.
    package var shown: String {
        String(decoding: running.written(to: .terminal), as: UTF8.self)
            .replacingOccurrences(of: "\r\n", with: "\n")
    }

    /// Waits until the terminal has shown a text so many times since the start.
    package func expect(_ text: String, times: Int = 1) async throws {
        try await Condition.wait(for: "'\(text)' on the terminal") {
            // Asked first: what a command has shown that has ended is complete.
            let hasEnded = running.hasEnded
            let shown = shown
            if shown.components(separatedBy: text).count > times { return true }
            guard !hasEnded else { throw EndedWithout(text: text, shown: shown) }
            return false
        }
    }

    /// Waits until the terminal has shown what fits, and answers the part that the pattern wants.
    ///
    /// A pattern that goes on after that part finds no half of it.
    package func expect(_ pattern: Regex<(Substring, Substring)>) async throws -> String {
        var found: String?
        try await Condition.wait(for: "a text that fits on the terminal") {
            let hasEnded = running.hasEnded
            let shown = shown
            found = shown.firstMatch(of: pattern).map { String($0.1) }
            guard found != nil || !hasEnded else {
                throw EndedWithout(text: "a text that fits", shown: shown)
            }
            return found != nil
        }
        return found ?? ""
    }

    /// Types a text; `\n` is the Enter key.
    ///
    /// Expect the prompt first: who turns the echo off may drop what was typed before.
    package func type(_ text: String) throws {
        let bytes = Array(text.utf8)
        let count = try check("write", Int32(clamping: write(master, bytes, bytes.count)))
        guard count == bytes.count else { throw SystemCallFailure(call: "write", code: EAGAIN) }
    }

    /// Types Ctrl-C.
    package func sendInterrupt() throws { try type("\u{3}") }

    /// Whether the terminal shows what is typed.
    package var echoIsOn: Bool {
        get throws {
            var settings = termios()
            try check("tcgetattr", tcgetattr(master, &settings))
            return settings.c_lflag & tcflag_t(ECHO) != 0
        }
    }

    package var processID: pid_t { running.processID }

    package var hasEnded: Bool { running.hasEnded }

    /// Waits until the command has ended and nobody holds the terminal open. Its output and errors
    /// are those that went elsewhere.
    package func outcome() async -> Outcome { await running.outcome() }

    package struct EndedWithout: Error, CustomStringConvertible {
        let text: String
        let shown: String

        package var description: String {
            "the command ended without '\(text)' on the terminal, which shows:\n\(shown)"
        }
    }

    private static func unlockedPath(of master: Int32) throws -> String {
        // TIOCSPTLCK and TIOCGPTN: computed constants, which Swift does not import.
        var isLocked: Int32 = 0
        try check("ioctl TIOCSPTLCK", ioctl(master, 0x4004_5431, &isLocked))
        var number: Int32 = -1
        try check("ioctl TIOCGPTN", ioctl(master, 0x8004_5430, &number))
        return "/dev/pts/\(number)"
    }

    private static func hold(_ descriptor: Int32, untilEndOf process: pid_t) throws {
        let copy = try check("fcntl", fcntl(descriptor, F_DUPFD_CLOEXEC, 3))
        Thread.detachNewThread {
            var information = siginfo_t()
            // It is not reaped here, and where it is gone already the call fails at once.
            while waitid(P_PID, id_t(process), &information, WEXITED | Int32(WNOWAIT)) < 0,
                errno == EINTR
            {}
            close(copy)
        }
    }
}
