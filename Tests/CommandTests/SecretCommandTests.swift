import PracticeServer
import TestSupport
import Testing
import Workbench

/// A password manager that asks at the terminal.
@Suite("Secrets from a command that asks", .inTurn) struct SecretCommandTests {
    private func practice(_ command: String) throws -> Practice {
        try Practice(
            changing: ["client_secret": nil], own: ["client_secret_command": .string(command)])
    }

    @Test("the command can read from the terminal") func prompt() async throws {
        let practice = try practice(
            "printf 'Passphrase: ' >/dev/tty; read -r secret </dev/tty; echo \"$secret\"")
        let terminal = try PseudoTerminal(practice.command(["token"]))
        try await terminal.expect("Passphrase: ")
        try terminal.type("m2m-secret\n")
        #expect(await terminal.outcome().end == .exited(0))
        #expect(terminal.shown.contains(practice.server.issuedTokens[0]))
    }

    @Test("Ctrl-C ends the command and planet-cred") func interrupt() async throws {
        let practice = try practice("echo Passphrase >/dev/tty; exec sleep 600")
        let terminal = try PseudoTerminal(practice.command(["token"]))
        try await terminal.expect("Passphrase")
        try terminal.sendInterrupt()
        // Also waits until nobody has the terminal open.
        #expect(await terminal.outcome().end == .killed(signal: 2))
    }
}
