import Foundation
import Glibc

/// A command on its own terminal, with the means of the person who uses it.
///
/// The terminal has 24 lines of 80 characters. It is the controlling terminal of the command, also
/// where the standard streams lead elsewhere. It goes with this value, and the command with it.
package final class PseudoTerminal: Sendable {
    private let device: TerminalDevice
    private let running: RunningCommand

    /// Starts the command.
    ///
    /// - Parameter elsewhere: streams that are not the terminal: the input is then what the command
    ///   says, and the others are found in its outcome.
    package init(_ command: Command, elsewhere: Set<StandardStream> = []) throws {
        let device = try TerminalDevice()
        do {
            // Without this the terminal counts as closed while the command has not opened it, or
            // has closed it.
            let path = device.path
            let open = try check("open \(path)", open(path, O_RDWR | O_NOCTTY | O_CLOEXEC))
            let running = try command.start(at: device, elsewhere: elsewhere)
            Thread.detachNewThread {
                running.process.waitWithoutReaping()
                close(open)
            }
            self.running = running
        } catch {
            device.close()
            throw error
        }
        self.device = device
    }

    deinit {
        if !running.hasEnded { running.signal(SIGHUP) }
        device.close()
    }

    /// Everything shown so far, also the echo of what was typed. A line ends with `\n`.
    package var shown: String { TerminalDevice.text(running.written(to: .terminal)) }

    /// Waits until the terminal has shown a text so many times since the start.
    package func expect(_ text: String, times: Int = 1) async throws {
        try await Condition.wait(for: "'\(text)' on the terminal") {
            // Checked first: the output of a command that has ended is complete.
            let hasEnded = running.hasEnded
            let shown = shown
            if shown.components(separatedBy: text).count > times { return true }
            guard !hasEnded else { throw EndedWithout(text: text, shown: shown) }
            return false
        }
    }

    /// Waits until the output matches, and returns the captured part.
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
    /// Expect the prompt first: a program that turns the echo off may discard earlier input.
    package func type(_ text: String) throws {
        try device.type(Array(text.utf8))
    }

    /// Types Ctrl-C.
    package func sendInterrupt() throws { try type("\u{3}") }

    /// Whether the terminal shows what is typed.
    package var echoIsOn: Bool { get throws { try device.echoIsOn } }

    package var processID: Int32 { running.processID }

    package var hasEnded: Bool { running.hasEnded }

    /// Waits until the command has ended and no process has the terminal open. Its output and
    /// errors are those that went elsewhere.
    package func outcome() async -> Outcome { await running.outcome() }

    package struct EndedWithout: Error, CustomStringConvertible {
        let text: String
        let shown: String

        package var description: String {
            "the command ended without '\(text)' on the terminal, which shows:\n\(shown)"
        }
    }
}
