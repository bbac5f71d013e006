import CredCore
import CredSystem
import Glibc
import TestSupport
import Testing
import Workbench

@Suite("Standard streams", .inTurn) struct StandardStreamsTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    @Test("an answer that nobody can read is a failure with the system's reason")
    func fullDevice() async {
        await #expect(processExitsWith: .success) {
            dup2(open("/dev/full", O_WRONLY), 1)
            let failure = try #require(throws: Failure.self) {
                try StandardStreams.write(Secret("answer"))
            }
            #expect(failure.kind == .failed)
            #expect(failure.because == "No space left on device")
        }
    }

    @Test("an answer of any size is written whole")
    func large() async throws {
        await #expect(processExitsWith: .success) { [path = scratch.absolute("out") as String] in
            let original = dup(1)
            dup2(open(path, O_WRONLY | O_CREAT, 0o600), 1)
            try StandardStreams.write(Secret(String(repeating: "x", count: 3 << 20)))
            // The test's own machinery has something to say at the end.
            dup2(original, 1)
        }
        #expect(try scratch.read("out").utf8.count == 3 << 20)
    }

    @Test("standard input is read to its end")
    func input() async throws {
        let path = try scratch.write("in", "protocol=https\n\n")
        await #expect(processExitsWith: .success) { [path = path as String] in
            dup2(open(path, O_RDONLY), 0)
            let input = try StandardStreams.readInput()
            #expect(input == Array("protocol=https\n\n".utf8))
        }
    }

    @Test("input of more than 1 MiB is a failure")
    func largeInput() async {
        await #expect(processExitsWith: .success) {
            dup2(open("/dev/zero", O_RDONLY), 0)
            let failure = try #require(throws: Failure.self) { try StandardStreams.readInput() }
            #expect(failure.kind == .failed)
        }
    }

    @Test("input that does not end in time is a failure")
    func endlessInput() async {
        await #expect(processExitsWith: .success) {
            var ends: [Int32] = [-1, -1]
            pipe(&ends)
            dup2(ends[0], 0)
            write(ends[1], "half", 4)
            let failure = try #require(throws: Failure.self) {
                try StandardStreams.readInput(until: SystemClock.uptime())
            }
            #expect(failure.kind == .failed)
            #expect(failure.because == "timed out waiting for the end of the input")
        }
    }

    @Test("input that another process made non-blocking is read to its end all the same")
    func nonBlockingInput() async {
        await #expect(processExitsWith: .success) {
            var ends: [Int32] = [-1, -1]
            pipe(&ends)
            dup2(ends[0], 0)
            _ = fcntl(0, F_SETFL, O_NONBLOCK)
            let writer = Companion { [end = ends[1]] in
                write(end, "whole", 5)
                close(end)
            }
            let input = try StandardStreams.readInput()
            #expect(input == Array("whole".utf8))
            _ = try writer.result()
        }
    }

    @Test("standard input is known to be a terminal")
    func terminal() async {
        await #expect(processExitsWith: .success) {
            let person = try OwnTerminal()
            dup2(open("/dev/null", O_RDONLY), 0)
            #expect(!StandardStreams.inputIsTerminal)
            dup2(open("/dev/tty", O_RDWR), 0)
            #expect(StandardStreams.inputIsTerminal)
            withExtendedLifetime(person) {}
        }
    }

    @Test("where broken pipes are ignored, an answer that nobody reads is a failure")
    func brokenPipe() async {
        await #expect(processExitsWith: .success) {
            Platform.ignoreBrokenPipes()
            let original = dup(1)
            var ends: [Int32] = [-1, -1]
            pipe(&ends)
            close(ends[0])
            dup2(ends[1], 1)
            let failure = try #require(throws: Failure.self) {
                try StandardStreams.write(Secret("answer"))
            }
            dup2(original, 1)
            #expect(failure.because == "Broken pipe")
        }
    }

    @Test("a standard stream that is closed takes no file of ours, and answers nobody")
    func gaps() async {
        await #expect(processExitsWith: .exitCode(7)) {
            for number: Int32 in 0...2 { close(number) }
            Platform.closeGapsInStandardStreams()
            let next = open("/dev/null", O_RDONLY)
            let isWritten = (try? StandardStreams.write(Secret("answer"))) != nil
            // Nobody could hear of a failed expectation.
            exit(next > 2 && !isWritten ? 7 : 8)
        }
    }
}
