import CredCore
import CredSystem
import Glibc
import TestSupport
import Testing
import Workbench

@Suite("File lock", .inTurn) struct FileLockTests {
    private let scratch: ScratchFolder
    private let path: String

    init() throws {
        scratch = try ScratchFolder()
        path = scratch.absolute("lock")
    }

    @Test("SEC-01: the file is made, for its owner alone, and stays")
    func file() throws {
        do {
            let lock = try FileLock(path)
            let isAcquired = try lock.tryAcquire()
            #expect(isAcquired)
        }
        #expect(try scratch.mode("lock") == 0o600)
        #expect(try scratch.names == ["lock", "lock.range"])
    }

    // A lock that we give up may live on for an instant in a process that another test is just
    // starting, so these have a process of their own.

    @Test("two locks of one file exclude each other, in one process too")
    func twice() async {
        await #expect(processExitsWith: .success) { [path = path as String] in
            let second = try FileLock(path)
            do {
                let first = try FileLock(path)
                let isAcquired = try first.tryAcquire()
                let isAcquiredAgain = try first.tryAcquire()
                let isShared = try second.tryAcquire()
                #expect(isAcquired)
                #expect(isAcquiredAgain)
                #expect(!isShared)
            }
            let isFree = try second.tryAcquire()
            #expect(isFree)
        }
    }

    @Test("a lock that is given up is free, whoever has the file open still")
    func givenUp() throws {
        let first = try FileLock(path)
        let isAcquired = try first.tryAcquire()
        let copy = fcntl(first.descriptorNumbers[0], F_DUPFD_CLOEXEC, 3)
        defer { close(copy) }
        _ = consume first
        let isFree = try FileLock(path).tryAcquire()
        #expect(isAcquired)
        #expect(isFree)
    }

    @Test("SEC-05: a child does not inherit the lock")
    func child() async {
        await #expect(processExitsWith: .success) { [path = path as String] in
            let grandchild = try FileLockTests.startSleeper(whileHolding: path)
            defer { kill(grandchild, SIGKILL) }
            let lock = try FileLock(path)
            let isFree = try lock.tryAcquire()
            #expect(isFree)
        }
    }

    /// It would hold the lock for as long as it runs.
    private static func startSleeper(whileHolding path: String) throws -> pid_t {
        let lock = try FileLock(path)
        _ = try lock.tryAcquire()
        let child = Child(
            "sh", ["-c", "sleep 1000 & echo $!"], environment: ProcessEnvironment.allEntries,
            timeLimit: 60_000)
        return try #require(child.run().output.flatMap { pid_t($0.dropLast()) })
    }

    @Test(
        "another process excludes us until it ends, and then at once no more",
        arguments: [Example("asked to end", SIGTERM), Example("killed", SIGKILL)])
    func otherProcess(_ example: Example<Int32>) async throws {
        let lock = try FileLock(path)
        let holder = try await startHolder()
        let isSharedAtFirst = try lock.tryAcquire()
        holder.signal(example.given)
        let end = await holder.outcome().end
        let isFree = try lock.tryAcquire()
        #expect(!isSharedAtFirst)
        #expect(end == .killed(signal: example.given))
        #expect(isFree)
    }

    @Test("a process that was stopped still excludes us")
    func stopped() async throws {
        let lock = try FileLock(path)
        let holder = try await startHolder()
        holder.signal(SIGSTOP)
        let isShared = try lock.tryAcquire()
        holder.signal(SIGKILL)
        _ = await holder.outcome()
        #expect(!isShared)
    }

    @Test("the holder leaves word, which replaces what was there")
    func word() throws {
        let nobody = try FileLock(path).note
        try FileLock(path).write(note: "a long sentence of the last holder")
        try FileLock(path).write(note: "process 1")
        let word = try FileLock(path).note
        #expect(nobody == "")
        #expect(word == "process 1")
    }

    @Test("SEC-02: a link in the place of the lock file is refused")
    func link() throws {
        symlink(try scratch.write("victim", "untouched"), path)
        let failure = try #require(throws: Failure.self) { _ = try FileLock(path) }
        #expect(failure.kind == .failed)
        #expect(failure.what.contains("'\(path)'"))
    }

    @Test("a lock in a folder that is not there is a failure with the system's reason")
    func noFolder() throws {
        let failure = try #require(throws: Failure.self) {
            _ = try FileLock(scratch.absolute("missing/lock"))
        }
        #expect(failure.because == "No such file or directory")
    }

    /// Another process that holds the lock, once it does.
    private func startHolder() async throws -> RunningCommand {
        var command = Command(
            "flock", ["--no-fork", path, "sh", "-c", ": > held; exec sleep 1000"],
            environment: ["PATH": "/usr/bin:/bin"])
        command.folder = scratch.path
        let holder = try command.start()
        try await Condition.wait(for: "the lock") { scratch.exists("held") }
        return holder
    }
}
