import CredCore
import CredSystem
import Glibc
import TestSupport
import Testing

@Suite("Child", .inTurn) struct ChildTests {
    @Test(
        "status, output and the first line of the errors are told",
        arguments: [
            Row("nothing", "true", End(0, "", "")),
            Row("output", "echo a; echo b", End(0, "a\nb\n", "")),
            Row("a status", "exit 7", End(7, "", "")),
            Row("the largest", "exit 255", End(255, "", "")),
            Row("errors", "echo one >&2; echo two >&2; exit 3", End(3, "", "one")),
            Row("an error without a line end", "printf one >&2", End(0, "", "one")),
            Row("both", "echo a; echo b >&2; exit 1", End(1, "a\n", "b")),
        ])
    func exited(_ row: Row<String, End>) {
        #expect(shell(row.given).run().end == row.wanted)
    }

    @Test("an error line just before the end is not lost")
    func lastWords() {
        let lines = (0..<200).map { _ in shell("echo a; echo b >&2").run().end?.errorLine }
        #expect(lines == Array(repeating: "b", count: 200))
    }

    @Test("a child that a signal ends is told by it")
    func killed() {
        // Any other signal may be blocked in the thread that runs this test.
        #expect(shell("kill -9 $$").run().signal == SIGKILL)
    }

    @Test("a child that does not end in time is ended, whatever it ignores")
    func timeOut() {
        let child = shell("trap '' TERM INT HUP; exec sleep 600", timeLimit: 100)
        guard case .timedOut = child.run() else {
            Issue.record("not timed out")
            return
        }
    }

    @Test("a child without any time is ended at once")
    func noTime() {
        guard case .timedOut = shell("exec sleep 600", timeLimit: 0).run() else {
            Issue.record("not timed out")
            return
        }
    }

    @Test(
        "output up to 1 MiB is read whole",
        arguments: [Example("a pipe's worth", 65_536), Example("the limit", Child.outputLimit)])
    func output(_ example: Example<Int>) {
        #expect(
            shell("head -c \(example.given) /dev/zero").run().end?.output.utf8.count
                == example.given)
    }

    @Test(
        "more output than 1 MiB is refused",
        arguments: [
            Example("a byte more", "head -c \(Child.outputLimit + 1) /dev/zero"),
            Example("without end", "exec cat /dev/zero"),
            Example("errors without end", "exec cat /dev/zero >&2"),
        ])
    func tooMuch(_ example: Example<String>) {
        guard case .wroteTooMuch = shell(example.given).run() else {
            Issue.record("not refused")
            return
        }
    }

    @Test("a grandchild that keeps the output open holds nobody up")
    func grandchild() throws {
        let output = try #require(shell("sleep 600 & echo $!").run().output)
        let grandchild = try #require(pid_t(output.dropLast()))
        #expect(kill(grandchild, SIGKILL) == 0)
    }

    @Test(
        "a program that is not there is told as such",
        arguments: [
            Example("a name", "planet-cred-no-such-program"), Example("a path", "/missing/program"),
            Example("below a file", "/etc/passwd/program"),
        ])
    func missing(_ example: Example<String>) {
        let child = Child(example.given, [], environment: [], timeLimit: 60_000)
        guard case .notFound = child.run() else {
            Issue.record("found")
            return
        }
    }

    @Test("a program that may not be run is told with the system's reason")
    func notExecutable() {
        let child = Child("/etc/passwd", [], environment: [], timeLimit: 60_000)
        guard case .notStarted(let error) = child.run() else {
            Issue.record("started")
            return
        }
        #expect(error.reason == "Permission denied")
    }

    @Test(
        "a child that wrote enough has ended well, however and whenever it ends",
        arguments: [
            Example("it hangs", "echo enough; exec sleep 600"),
            Example("it hangs, whatever it is told", "trap '' TERM; echo enough; exec sleep 600"),
            Example("it fails", "echo enough; exit 7"),
            Example("it fails, and says so", "echo enough; echo no >&2; exit 7"),
            Example("a signal ends it", "echo enough; kill -9 $$"),
        ])
    func enough(_ example: Example<String>) {
        let end = shell(example.given, isEnough: { $0 == Array("enough\n".utf8) }).run().end
        #expect(end?.status == 0)
        #expect(end?.output == "enough\n")
    }

    @Test(
        "what is not enough is waited for",
        arguments: [
            Row("less", "echo enoug", End(0, "enoug\n", "")),
            Row("a failure", "echo enoug; echo no >&2; exit 7", End(7, "enoug\n", "no")),
            Row("more at once", "echo enough enough; exit 7", End(7, "enough enough\n", "")),
        ])
    func notEnough(_ row: Row<String, End>) {
        let child = shell(row.given, isEnough: { $0 == Array("enough\n".utf8) })
        #expect(child.run().end == row.wanted)
    }

    @Test("no child is left behind, whether or not it was waited for") func nobodyLeft() async {
        await #expect(processExitsWith: .success) {
            for script in ["echo enough; exec sleep 600", "echo enough; exit 7", "echo more"] {
                for _ in 0..<10 {
                    let child = Child(
                        "sh", ["-c", script], environment: ProcessEnvironment.entries(["PATH"]),
                        timeLimit: 60_000, isEnough: { $0 == Array("enough\n".utf8) })
                    #expect(child.run().end?.status == 0)
                }
            }
            #expect(waitpid(-1, nil, WNOHANG) == -1)
            #expect(errno == ECHILD)
        }
    }

    @Test("a child that is left to the system has been killed, whatever it would have done")
    func orphaned() async {
        await #expect(processExitsWith: .success) {
            let child = Child(
                "sh", ["-c", "trap '' TERM; echo enough; exec sleep 600"],
                environment: ProcessEnvironment.entries(["PATH"]), timeLimit: 60_000,
                isEnough: { $0 == Array("enough\n".utf8) }, leftover: .orphaned)
            #expect(child.run().end == ChildTests.End(0, "enough\n", ""))
            var status: Int32 = 0
            #expect(waitpid(-1, &status, 0) > 0)
            #expect(status & 0x7F == SIGKILL)
        }
    }

    @Test("words reach the child as they are")
    func words() {
        let child = Child(
            "printf", ["[%s]", "a b", "", "ä'\"\\$(x)\n*"], environment: [], timeLimit: 60_000)
        #expect(child.run().output == "[a b][][ä'\"\\$(x)\n*]")
    }

    @Test("a child ends well even where we were told to ignore the end of children")
    func ignoredChildren() async {
        await #expect(processExitsWith: .success) {
            signal(SIGCHLD, SIG_IGN)
            let child = Child("sh", ["-c", "exit 7"], environment: [], timeLimit: 60_000)
            #expect(child.run().end == ChildTests.End(7, "", ""))
        }
    }

    struct End: Hashable, Sendable {
        let status: Int32, output: String, errorLine: String

        init(_ status: Int32, _ output: String, _ errorLine: String) {
            (self.status, self.output, self.errorLine) = (status, output, errorLine)
        }
    }

    private func shell(
        _ script: String, timeLimit: Int64 = 60_000,
        isEnough: @escaping @Sendable ([UInt8]) -> Bool = { _ in false }
    ) -> Child {
        Child(
            "sh", ["-c", script], environment: ProcessEnvironment.entries(["PATH"]),
            timeLimit: timeLimit, isEnough: isEnough)
    }
}

extension Child.Outcome {
    /// How it ended by itself; `nil` if it did not.
    var end: ChildTests.End? {
        guard case .exited(let status, let output, let errorLine) = self else { return nil }
        return ChildTests.End(status, String(decoding: output, as: UTF8.self), errorLine)
    }

    /// What it wrote before it ended well.
    var output: String? {
        guard let end, end.status == 0 else { return nil }
        return end.output
    }

    var signal: Int32? {
        if case .killed(let signal) = self { signal } else { nil }
    }
}
