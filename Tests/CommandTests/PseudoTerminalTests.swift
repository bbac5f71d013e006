import Glibc
import TestSupport
import Testing
import Workbench

/// The terminal that other tests sit at.
@Suite("Pseudo-terminal", .inTurn) struct PseudoTerminalTests {
    private func start(
        _ script: String, input: String = "", elsewhere: Set<StandardStream> = []
    ) throws -> PseudoTerminal {
        let command = try ScratchHome().command("sh", ["-c", script], input: input)
        return try PseudoTerminal(command, elsewhere: elsewhere)
    }

    @Test("what is typed is echoed, and the command reads it by lines") func typing() async throws {
        let terminal = try start("cat")
        try terminal.type("hello\n")
        try await terminal.expect("hello\n", times: 2)
        try terminal.type("\u{4}")
        #expect(await terminal.outcome() == Outcome())
        #expect(terminal.shown == "hello\nhello\n")
    }

    @Test("a command may turn the echo off") func echo() async throws {
        let terminal = try start(
            "stty -echo; printf 'Password: '; read x; stty echo; echo; echo got $x")
        try await terminal.expect("Password: ")
        #expect(try !terminal.echoIsOn)
        try terminal.type("secret\n")
        #expect(await terminal.outcome() == Outcome())
        #expect(terminal.shown == "Password: \ngot secret\n")
        #expect(try terminal.echoIsOn)
    }

    @Test(
        "a stream that is elsewhere is not the terminal",
        arguments: [
            Row("none", [], Outcome()),
            Row("output", [.output], Outcome("out\n")),
            Row("errors", [.errors], Outcome(errors: "err\n")),
            Row("all", [.input, .output, .errors], Outcome("out\n", errors: "err\n")),
        ] as [Row<Set<StandardStream>, Outcome>])
    func elsewhere(_ row: Row<Set<StandardStream>, Outcome>) async throws {
        let terminal = try start(
            "echo out; echo err >&2; echo asked >/dev/tty; read x </dev/tty; echo $x >/dev/tty",
            elsewhere: row.given)
        try await terminal.expect("asked\n")
        try terminal.type("answer\n")
        #expect(await terminal.outcome() == row.wanted)
        #expect(terminal.shown.hasSuffix("answer\nanswer\n"))
    }

    @Test("the standard input that is elsewhere is the command's") func input() async throws {
        let terminal = try start("cat", input: "a\nb", elsewhere: [.input, .output])
        #expect(await terminal.outcome() == Outcome("a\nb"))
        #expect(terminal.shown == "")
    }

    @Test(
        "Ctrl-C interrupts the command",
        arguments: [
            Example("whose streams are the terminal", []),
            Example("whose streams are all elsewhere", [.input, .output, .errors]),
        ] as [Example<Set<StandardStream>>])
    func interrupt(_ row: Example<Set<StandardStream>>) async throws {
        let terminal = try start("echo ready >/dev/tty; exec sleep 1000", elsewhere: row.given)
        try await terminal.expect("ready")
        try terminal.sendInterrupt()
        #expect(await terminal.outcome().end == .killed(signal: SIGINT))
    }

    @Test("the terminal has a size") func size() async throws {
        let terminal = try start("stty size")
        #expect(await terminal.outcome() == Outcome())
        #expect(terminal.shown == "24 80\n")
    }

    @Test("a command that ends without the text is not waited for") func endedWithout() async throws
    {
        let terminal = try start("echo other")
        await #expect(throws: PseudoTerminal.EndedWithout.self) {
            try await terminal.expect("text")
        }
    }

    @Test("closing the terminal ends the command") func hangUp() async throws {
        let home = try ScratchHome()
        let command = home.command("sh", ["-c", "echo $$ >~/id; exec sleep 1000"])
        var terminal: PseudoTerminal? = try PseudoTerminal(command)
        let processID = try #require(terminal?.processID)
        try await Condition.wait(for: "the command") { home.exists("id") }
        terminal = nil
        try await Condition.wait(for: "the end of the command") { kill(processID, 0) != 0 }
    }
}
