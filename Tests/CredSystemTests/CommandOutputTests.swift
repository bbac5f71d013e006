import CredCore
import CredSystem
import Foundation
import TestSupport
import Testing
import Workbench

@Suite("Secrets from commands", .inTurn) struct CommandOutputTests {
    @Test(
        "the secret is the first line that the command prints",
        arguments: [
            Row("a line", "echo secret", "secret"), Row("no line end", "printf secret", "secret"),
            Row("a line end of Windows", #"printf 'secret\r\n'"#, "secret"),
            Row("more lines", "echo secret; echo login: me", "secret"),
            Row("spaces", "echo ' a b '", " a b "), Row("letters", "echo ä漢", "ä漢"),
            Row("words on the side", "echo note >&2; echo secret", "secret"),
        ])
    func secret(_ row: Row<String, String>) throws {
        #expect(try CommandOutput.firstLine(of: .shell(row.given)) == Secret(row.wanted))
    }

    @Test("a list of words is started without a shell")
    func words() throws {
        let program = CommandLineProgram.arguments(["printf", "%s", "$HOME 'x'"])
        #expect(try CommandOutput.firstLine(of: program) == Secret("$HOME 'x'"))
    }

    @Test(
        "a command that gives no secret is a fault of the profile, with the reason",
        arguments: [
            Row("nothing", "true", "printed nothing"),
            Row("an empty line", "echo", "printed nothing"),
            Row("no UTF-8", #"printf '\377\n'"#, "not UTF-8"),
            Row("nothing but words on the side", "echo locked >&2", "printed nothing: locked"),
            Row("a status", "echo SECRET; echo locked >&2; exit 3", "status 3: locked"),
            Row("a signal", "kill -9 $$", "signal 9"),
            Row("too much", "exec cat /dev/zero", "1 MiB"),
        ])
    func failure(_ row: Row<String, String>) throws {
        let failure = try #require(throws: Failure.self) {
            try CommandOutput.firstLine(of: .shell(row.given))
        }
        #expect(failure.kind == .profile)
        #expect(failure.because?.contains(row.wanted) == true)
        #expect(failure.because?.contains("SECRET") == false)
    }

    @Test("a reason ends where the command says nothing of it")
    func silent() throws {
        let failure = try #require(throws: Failure.self) {
            try CommandOutput.firstLine(of: .shell("exit 3"))
        }
        #expect(failure.because == "/bin/sh -c ...: it exited with status 3")
    }

    @Test("a command that is not there is told as such")
    func missing() throws {
        let failure = try #require(throws: Failure.self) {
            try CommandOutput.firstLine(of: .arguments(["/missing/pass", "show"]))
        }
        #expect(failure.kind == .profile)
        #expect(failure.because?.contains("/missing/pass: ") == true)
    }

    /// Each writes a line with its process id into the working directory before anything else does.
    @Test(
        "ending a command also ends what it started",
        arguments: [
            Example("a child", "start"),
            Example("a child of a child", "sh -c 'start; wait' & pause 1"),
            Example("one whose parent has ended", "(start)"),
            Example(
                "one that left its environment",
                "env -i PATH=/usr/bin:/bin sh -c 'echo $$ >>pids; exec sleep 600' & pause 1"),
        ])
    func family(_ example: Example<String>) async throws {
        let scratch = try ScratchFolder()
        let script = """
            cd '\(scratch.path)'
            start() { sleep 600 & echo $! >>pids; }
            pause() { until [ -s pids ] && [ $(wc -l <pids) -ge $1 ]; do :; done; }
            \(example.given)
            pause 1
            exec cat /dev/zero
            """
            .replacing("sh -c 'start; wait'", with: "sh -c 'sleep 600 & echo $! >>pids; wait'")
        _ = #expect(throws: Failure.self) { try CommandOutput.firstLine(of: .shell(script)) }
        let process = try #require(Int32(scratch.read("pids").split(separator: "\n")[0]))
        try await Condition.wait(for: "the end of a child") { try !isRunning(process) }
    }

    @Test("a process with a group of its own, such as an agent, keeps running") func agent() throws
    {
        let scratch = try ScratchFolder()
        let script = """
            cd '\(scratch.path)'
            setsid sh -c 'echo $$ >pids; exec sleep 600' &
            until [ -s pids ]; do :; done
            exec cat /dev/zero
            """
        _ = #expect(throws: Failure.self) { try CommandOutput.firstLine(of: .shell(script)) }
        let process = try #require(Int32(scratch.read("pids").split(separator: "\n")[0]))
        #expect(try isRunning(process))
        kill(process, SIGKILL)
    }

    @Test("a command that runs out of time is ended in the same way") func timeout() async throws {
        let scratch = try ScratchFolder()
        let script = "cd '\(scratch.path)'; sleep 600 & echo $! >pids; wait"
        let failure = try #require(throws: Failure.self) {
            try CommandOutput.firstLine(of: .shell(script), timeLimit: 500)
        }
        #expect(failure.because?.contains("timed out") == true)
        // On a busy machine it may not have come so far.
        guard let process = Int32((try? scratch.read("pids"))?.dropLast() ?? "") else { return }
        try await Condition.wait(for: "the end of a child") { try !isRunning(process) }
    }

    /// Whether a process exists and has not ended; an orphan may wait for its new parent.
    private func isRunning(_ process: Int32) throws -> Bool {
        let path = "/proc/\(process)/stat"
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return false }
        return !text.contains(") Z ") && !text.contains(") X ")
    }
}
