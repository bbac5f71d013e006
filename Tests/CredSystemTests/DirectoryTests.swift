import CredCore
import CredSystem
import Glibc
import TestSupport
import Testing
import Workbench

@Suite("Locations", .inTurn) struct DirectoryTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    @Test("SEC-01: a folder and those on the way to it are made 0700, whatever the umask")
    func make() async throws {
        await #expect(processExitsWith: .success) { [path = scratch.absolute("a/b/c") as String] in
            umask(0)
            try Directory.makePrivate(path)
        }
        #expect(try scratch.mode("a") == 0o700)
        #expect(try scratch.mode("a/b") == 0o700)
        #expect(try scratch.mode("a/b/c") == 0o700)
    }

    @Test("a folder that is there stays as it is")
    func existing() throws {
        try Directory.makePrivate(try scratch.makeFolder("a", mode: 0o755))
        #expect(try scratch.mode("a") == 0o755)
    }

    @Test("a folder that cannot be made is a failure with the system's reason")
    func impossible() throws {
        let path = try scratch.write("file", "") + "/below"
        let failure = try #require(throws: Failure.self) { try Directory.makePrivate(path) }
        #expect(failure.kind == .failed)
        #expect(failure.because == "Not a directory")
    }

    @Test("a folder of ours alone is made, and used again")
    func exclusive() throws {
        let path = scratch.absolute("a")
        try Directory.makeExclusive(path)
        try Directory.makeExclusive(path)
        #expect(try scratch.mode(path) == 0o700)
    }

    @Test(
        "SEC-02: a folder that others may enter is refused",
        arguments: [
            Example("the group reads", 0o740), Example("all enter", 0o701), Example("open", 0o777),
        ] as [Example<Int>])
    func open(_ example: Example<Int>) throws {
        let path = try scratch.makeFolder("a", mode: example.given)
        let failure = try #require(throws: Failure.self) { try Directory.makeExclusive(path) }
        #expect(failure.kind == .failed)
        #expect(try scratch.mode(path) == example.given)
    }

    @Test("SEC-02: a link in the place of our folder is refused, whatever it leads to")
    func link() throws {
        symlink(try scratch.makeFolder("target"), scratch.absolute("link"))
        symlink("nowhere", scratch.absolute("dangling"))
        #expect(throws: Failure.self) { try Directory.makeExclusive(scratch.absolute("link")) }
        #expect(throws: Failure.self) { try Directory.makeExclusive(scratch.absolute("dangling")) }
    }

    @Test("SEC-02: a file in the place of our folder is refused")
    func file() throws {
        let path = try scratch.write("file", "")
        #expect(throws: Failure.self) { try Directory.makeExclusive(path) }
    }

    @Test(
        "SEC-02: a folder of another user is refused",
        .enabled(if: geteuid() == 0, "only root can make one"))
    func otherOwner() throws {
        let path = try scratch.makeFolder("a")
        chown(path, 12345, 12345)
        #expect(throws: Failure.self) { try Directory.makeExclusive(path) }
    }

    @Test("the names in a folder are those of everything in it")
    func names() throws {
        _ = try scratch.write(".hidden", "")
        _ = try scratch.makeFolder("ä b")
        #expect(Directory.names(in: scratch.path).sorted() == [".hidden", "ä b"])
    }

    @Test("a folder that is not there holds nothing")
    func noNames() {
        #expect(Directory.names(in: scratch.absolute("missing")) == [])
    }
}
