import Foundation
import PracticeServer
import Workbench

/// A shell whose commands are shown to an audience, run and watched.
struct ShownShell: Sendable {
    let home: ScratchHome
    let server: PracticeServer
    private let profile: String
    private let isTerminal = isatty(STDOUT_FILENO) == 1

    /// No step takes a second; a command that hangs ends the demonstration after this many
    /// milliseconds, for the machine may be busy with other things.
    private static let patience = 600_000

    init(_ home: ScratchHome, _ server: PracticeServer, profile: String) {
        self.home = home
        self.server = server
        self.profile = profile
    }

    /// What a command line printed, on both streams, and how it ended.
    struct Seen: Sendable {
        let text: String
        let status: Int32

        /// Ended well and printed exactly this and an LF.
        func says(_ line: String) -> Bool { status == 0 && text == "\(line)\n" }

        var saysNothing: Bool { status == 0 && text.isEmpty }
    }

    func say(_ sentence: String) { write("\n\(styled("# \(sentence)", dim))\n") }

    func note(_ sentence: String) { write("\(styled("# \(sentence)", dim))\n") }

    /// Shows a command line and what it prints. Fails if that is not what `expected` says, of
    /// which `isExpected` is the test.
    @discardableResult
    func run(
        _ line: String, expected: String, _ isExpected: (Seen) -> Bool
    ) throws(Problem) -> Seen {
        write("$ \(styled(line, bold))\n")
        let seen = try runUnseen(line)
        write(shortened(seen.text))
        if !seen.text.isEmpty, !seen.text.hasSuffix("\n") { write("\n") }
        guard isExpected(seen) else {
            throw Problem(
                """
                this step did not do what it should:
                \(line)
                expected: \(expected)
                seen: exit status \(seen.status) and this text:
                \(shortened(seen.text))
                """)
        }
        return seen
    }

    /// Runs a command line that the audience need not see.
    func runUnseen(_ line: String) throws(Problem) -> Seen {
        var command = home.command(
            "/bin/sh", ["-c", line], with: ["PL_AUTH_PROFILE": profile])
        // What a login shows on the terminal would be shown twice.
        command.leadsSession = true
        let output = try MemoryFile()
        let running = try command.start(output: output.descriptor, errors: output.descriptor)
        guard let ending = try running.wait(milliseconds: Self.patience) else {
            running.endGroup()
            _ = try running.wait()
            throw Problem("the step '\(line)' did not end within \(Self.patience / 1000) s")
        }
        return Seen(text: output.text, status: ending.status)
    }

    func write(_ text: String) {
        // Without a reader the steps are still worth doing, for the exit status.
        try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    }

    /// With the beginning of each token in place of the token.
    private func shortened(_ text: String) -> String {
        server.issuedTokens.reduce(text) { text, token in
            text.replacing(token, with: "\(token.prefix(8))...")
        }
    }

    // SGR parameters, ECMA-48 §8.3.117.
    private var bold: Int { 1 }
    private var dim: Int { 2 }

    private func styled(_ text: String, _ style: Int) -> String {
        isTerminal ? "\u{1B}[\(style)m\(text)\u{1B}[0m" : text
    }
}
