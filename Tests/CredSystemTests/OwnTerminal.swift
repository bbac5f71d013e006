import CLinux
import CredSystem
import Glibc
import Workbench

/// Makes a new terminal the controlling one of this process, for processes that one test has for
/// itself, and is the person who sits there.
final class OwnTerminal: Sendable {
    private let device: TerminalDevice

    struct Impossible: Error { let code: Int32 }

    init() throws {
        // Whoever leads a session gets the first terminal that they open.
        guard setsid() >= 0 else { throw Impossible(code: errno) }
        device = try TerminalDevice()
        guard tcgetpgrp(open(device.path, O_RDWR)) == getpgrp() else {
            throw Impossible(code: errno)
        }
    }

    /// The terminal as the program opens it.
    func opened() throws -> Terminal {
        guard let terminal = Terminal() else { throw Impossible(code: ENXIO) }
        return terminal
    }

    func type(_ text: String) throws { try type(Array(text.utf8)) }

    func type(_ bytes: [UInt8]) throws { try device.type(bytes) }

    /// Waits until this is shown, and answers all that was shown since the last look, the echo of
    /// what is typed included. A line ends with `\n`.
    @discardableResult
    func expect(_ text: String) -> String {
        var bytes: [UInt8] = []
        var shown = ""
        while !shown.contains(text) {
            var space = [UInt8](repeating: 0, count: 65_536)
            let count = read(device.keyboard, &space, space.count)
            bytes += space[..<max(count, 0)]
            shown = TerminalDevice.text(bytes)
        }
        return shown
    }

    func resize(_ width: Int) throws { try device.resize(width: width) }

    func hangUp() { device.close() }

    var echoIsOn: Bool { get throws { try device.echoIsOn } }
}
