import CLinux
import CredSystem
import Glibc

/// Makes a new terminal the controlling one of this process, for processes that one test has for
/// itself, and is the person who sits there.
final class OwnTerminal: Sendable {
    private let keyboard: Int32
    private let terminal: Int32

    struct Impossible: Error { let code: Int32 }

    init() throws {
        // Whoever leads a session gets the first terminal that they open.
        guard setsid() >= 0 else { throw Impossible(code: errno) }
        keyboard = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        // TIOCSPTLCK and TIOCGPTN: computed constants, which Swift does not import.
        var isLocked: Int32 = 0
        var name: Int32 = -1
        guard ioctl(keyboard, 0x4004_5431, &isLocked) == 0, ioctl(keyboard, 0x8004_5430, &name) == 0
        else { throw Impossible(code: errno) }
        terminal = open("/dev/pts/\(name)", O_RDWR)
        guard tcgetpgrp(terminal) == getpgrp() else { throw Impossible(code: errno) }
    }

    /// The terminal as the program opens it.
    func opened() throws -> Terminal {
        guard let terminal = Terminal() else { throw Impossible(code: ENXIO) }
        return terminal
    }

    func type(_ text: String) { type(Array(text.utf8)) }

    func type(_ bytes: [UInt8]) { write(keyboard, bytes, bytes.count) }

    /// Waits until this is shown, and answers all that was shown since the last look, the echo of
    /// what is typed included. A line ends with `\n`.
    @discardableResult
    func expect(_ text: String) -> String {
        var bytes: [UInt8] = []
        var shown = ""
        while !shown.contains(text) {
            var space = [UInt8](repeating: 0, count: 65_536)
            let count = read(keyboard, &space, space.count)
            bytes += space[..<max(count, 0)]
            shown = String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n")
        }
        return shown
    }

    func resize(_ width: Int) {
        var size = winsize(ws_row: 24, ws_col: UInt16(width), ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(keyboard, UInt(TIOCSWINSZ), &size)
    }

    func hangUp() { close(keyboard) }

    var echoIsOn: Bool {
        var settings = termios()
        tcgetattr(terminal, &settings)
        return settings.c_lflag & tcflag_t(ECHO) != 0
    }
}
