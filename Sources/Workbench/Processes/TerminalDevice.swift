import CLinux
import Glibc

/// A new pseudo-terminal with 24 lines of 80 characters, seen from the person's side. The caller
/// must close it.
package struct TerminalDevice: Sendable {
    /// The descriptor for typing (writing) and for reading what is shown.
    package let keyboard: Int32
    /// The path under which a program opens it.
    package let path: String

    package init() throws(Problem) {
        let keyboard = try check(
            "posix_openpt", posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC))
        self.keyboard = keyboard
        do throws(Problem) {
            try check("unlockpt", unlockpt(keyboard))
            var name = [CChar](repeating: 0, count: 64)
            let code = ptsname_r(keyboard, &name, name.count)
            guard code == 0 else { throw .system("ptsname_r", code) }
            path = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
            try resize(width: 80)
        } catch {
            Glibc.close(keyboard)
            throw error
        }
    }

    package func resize(width: Int) throws(Problem) {
        var size = winsize(ws_row: 24, ws_col: UInt16(width), ws_xpixel: 0, ws_ypixel: 0)
        try check("ioctl TIOCSWINSZ", ioctl(keyboard, UInt(TIOCSWINSZ), &size))
    }

    /// Types all of it.
    package func type(_ bytes: [UInt8]) throws(Problem) {
        let count = try check("write", Int32(clamping: write(keyboard, bytes, bytes.count)))
        guard count == bytes.count else { throw .system("write", EAGAIN) }
    }

    /// Whether the terminal shows what is typed.
    package var echoIsOn: Bool {
        get throws(Problem) {
            var settings = termios()
            try check("tcgetattr", tcgetattr(keyboard, &settings))
            return settings.c_lflag & tcflag_t(ECHO) != 0
        }
    }

    /// What was shown, in which a line ends with `\n`.
    package static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n")
    }

    /// Another descriptor of the keyboard.
    func duplicate() throws(Problem) -> Int32 {
        try check("fcntl", fcntl(keyboard, F_DUPFD_CLOEXEC, 3))
    }

    package func close() { Glibc.close(keyboard) }
}
