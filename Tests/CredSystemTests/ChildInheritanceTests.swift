import CredCore
import CredSystem
import Glibc
import TestSupport
import Testing
import Workbench

/// What a child has from us: its input, its environment, and nothing else.
@Suite("What a child inherits", .inTurn) struct ChildInheritanceTests {
    @Test(
        "the whole input is there, whatever its size",
        arguments: [
            Example("none", 0), Example("a line", 80), Example("all that goes into a pipe", 60_000),
            Example("a byte more", 60_001), Example("100 KB", 100_000), Example("1 MiB", 1 << 20),
        ])
    func input(_ example: Example<Int>) {
        let text = String((0..<example.given).map { _ in Character("x") })
        let child = Child(
            "cat", [], environment: [], input: Secret(text), timeLimit: 60_000)
        #expect(child.run().output == text)
    }

    @Test("further inputs can be opened by number, in any order, whatever their size and bytes")
    func furtherInputs() {
        let large = [UInt8](repeating: UInt8(ascii: "x"), count: 200_000)
        let child = Child(
            "cat", ["/dev/fd/5", "/dev/fd/4", "/dev/fd/3", "-"], environment: [],
            input: Secret("input"), furtherInputs: [[0x61, 0, 0x62], [], large],
            timeLimit: 60_000)
        #expect(
            child.run().output?.utf8.elementsEqual(large + [0x61, 0, 0x62] + "input".utf8) == true)
    }

    @Test("SEC-05: beside its further inputs no descriptor of ours is inherited")
    func furtherDescriptors() {
        // The last one is the list itself.
        let child = Child(
            "ls", ["/proc/self/fd"], environment: [], furtherInputs: [[1], [2]], timeLimit: 60_000)
        #expect(child.run().output == "0\n1\n2\n3\n4\n5\n")
    }

    @Test("a child that does not read its input harms nobody")
    func unread() {
        let input = Secret(String(repeating: "x", count: 100_000))
        let child = Child("true", [], environment: [], input: input, timeLimit: 60_000)
        #expect(child.run().output == "")
    }

    @Test("the environment is exactly the entries given")
    func environment() {
        let child = Child(
            "env", [], environment: ["A=1", "B=x y=ä\nz", "EMPTY="], timeLimit: 60_000)
        #expect(child.run().output == "A=1\nB=x y=ä\nz\nEMPTY=\n")
    }

    @Test("SEC-05: no descriptor of ours is inherited, not even one that asks for it")
    func descriptors() throws {
        let scratch = try ScratchFolder()
        let path = try scratch.write("inheritable", "")
        let descriptor = open(path, O_RDONLY)
        defer { close(descriptor) }
        #expect(fcntl(descriptor, F_GETFD) == 0)
        // The fourth is the list itself.
        let child = Child("ls", ["/proc/self/fd"], environment: [], timeLimit: 60_000)
        #expect(child.run().output == "0\n1\n2\n3\n")
    }

    @Test("a child is ended by a broken pipe though we ignore them")
    func brokenPipe() async {
        await #expect(processExitsWith: .success) {
            Platform.ignoreBrokenPipes()
            let child = Child("sh", ["-c", "kill -PIPE $$"], environment: [], timeLimit: 60_000)
            guard case .killed(SIGPIPE) = child.run() else {
                Issue.record("it lives on")
                return
            }
        }
    }

    @Test("a child runs where our own standard streams are closed")
    func closedStreams() async {
        await #expect(processExitsWith: .exitCode(7)) {
            for number: Int32 in 0...2 { close(number) }
            let child = Child(
                "sh", ["-c", "cat; echo error >&2"], environment: [], input: Secret("input"),
                timeLimit: 60_000)
            let isRight = child.run().end == ChildTests.End(0, "input", "error")
            // Nobody could hear of a failed expectation.
            exit(isRight ? 7 : 8)
        }
    }

    @Test("no descriptor is left open afterwards")
    func leaks() async {
        await #expect(processExitsWith: .success) {
            let before = Directory.names(in: "/proc/self/fd").count
            for _ in 0..<50 {
                for program in ["true", "false", "/missing/program", "/etc/passwd"] {
                    _ = Child(
                        program, [], environment: [], furtherInputs: [[1], [2]], timeLimit: 60_000
                    ).run()
                }
            }
            // The test's own machinery opens and closes a few meanwhile.
            #expect(Directory.names(in: "/proc/self/fd").count < before + 50)
        }
    }
}
