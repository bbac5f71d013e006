import CLinux
import CredCore
import CredSystem
import Glibc
import TestSupport
import Testing
import Workbench

@Suite("Reserved file", .inTurn) struct ReservedFileTests {
    private let scratch: ScratchFolder
    private let path: String

    init() throws {
        scratch = try ScratchFolder()
        path = scratch.absolute("file")
    }

    @Test("the room is there before anything is written, for us alone")
    func room() throws {
        let file = try ReservedFile.make(path, byteCount: 65_536)
        var status = stat()
        fstat(file.descriptorNumber, &status)
        #expect(status.st_size == 65_536)
        #expect(status.st_blocks * 512 >= 65_536)
        #expect(status.st_mode & 0o777 == 0o600)
    }

    @Test("an older file of that name goes, and nobody who has it open writes to the new one")
    func older() throws {
        let old = open(try scratch.write("file", "old"), O_WRONLY)
        defer { close(old) }
        let file = try ReservedFile.make(path, byteCount: 10)
        write(old, "old", 3)
        #expect(try scratch.read("file").utf8.allSatisfy { $0 == 0 })
        _ = consume file
    }

    @Test("a link of that name goes, and what it leads to stays")
    func link() throws {
        symlink(try scratch.write("precious", "theirs"), path)
        _ = try ReservedFile.make(path, byteCount: 10)
        #expect(try scratch.read("precious") == "theirs")
    }

    @Test("without room it fails with the system's reason, and leaves nothing")
    func noRoom() throws {
        let failure = try #require(throws: Failure.self) {
            _ = try ReservedFile.make(path, byteCount: 1 << 60)
        }
        #expect(failure.kind == .failed)
        #expect(failure.because == "File too large")
        #expect(try scratch.names == [])
    }

    @Test("a folder that is not there is told")
    func noFolder() throws {
        let failure = try #require(throws: Failure.self) {
            _ = try ReservedFile.make(scratch.absolute("no/file"), byteCount: 10)
        }
        #expect(failure.because == "No such file or directory")
    }

    @Test("finished, the file holds what was written and no more")
    func finish() throws {
        let file = try ReservedFile.make(path, byteCount: 65_536)
        write(file.descriptorNumber, "answer", 6)
        file.finish()
        #expect(try scratch.read("file") == "answer")
    }

    @Test(
        "room that nobody used is no content",
        arguments: [
            Row("nothing", [], []), Row("room alone", [0, 0], []),
            Row("content and room", [1, 2, 0, 0], [1, 2]),
            Row("a zero inside", [1, 0, 2, 0], [1, 0, 2]), Row("no room left", [1], [1]),
        ] as [Row<[UInt8], [UInt8]>])
    func content(_ row: Row<[UInt8], [UInt8]>) {
        #expect(ReservedFile.content(of: row.given) == row.wanted)
    }
}
