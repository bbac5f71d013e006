import CLinux
import CredCore
import CredSystem
import Glibc
import TestSupport
import Testing
import Workbench

@Suite("Reading files", .inTurn) struct FileTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    @Test("a file is read whole, with its time and its permissions")
    func content() throws {
        let path = try scratch.write("file", "text", mode: 0o640)
        var times = [timeval(tv_sec: 1234, tv_usec: 0), timeval(tv_sec: 5678, tv_usec: 999_999)]
        utimes(path, &times)
        let content = try #require(File.read(path, .ownFile).content)
        #expect(content.bytes == Array("text".utf8))
        #expect(content.modifiedAt == UnixTime(5678))
        #expect(content.permissions == 0o640)
    }

    @Test(
        "others can read a file if its group or everybody can",
        arguments: [
            Row("owner", 0o600, false), Row("group", 0o640, true), Row("everybody", 0o604, true),
            Row("all", 0o777, true), Row("others may only run it", 0o611, false),
        ] as [Row<Int, Bool>])
    func readableByOthers(_ row: Row<Int, Bool>) throws {
        let path = try scratch.write("file", "text", mode: row.given)
        let content = try #require(File.read(path, .anyFile).content)
        #expect(content.isReadableByOthers == row.wanted)
    }

    @Test("an empty file is content")
    func empty() throws {
        let path = try scratch.write("file", "")
        #expect(try #require(File.read(path, .ownFile).content).bytes.isEmpty)
    }

    @Test(
        "what is not there is missing, whatever on the way is not",
        arguments: [
            Example("the file", "missing"), Example("the folder", "missing/file"),
            Example("a folder that is a file", "file/below"),
            Example("a link's target", "dangling"),
        ])
    func missing(_ example: Example<String>) throws {
        _ = try scratch.write("file", "")
        symlink("nowhere", scratch.absolute("dangling"))
        #expect(File.read(scratch.absolute(example.given), .anyFile).kind == .missing)
    }

    @Test("SEC-02: a link is followed for a person's file and refused for ours")
    func link() throws {
        symlink(try scratch.write("file", "text"), scratch.absolute("link"))
        let content = try #require(File.read(scratch.absolute("link"), .anyFile).content)
        #expect(content.bytes == Array("text".utf8))
        #expect(File.read(scratch.absolute("link"), .ownFile).kind == .refused)
    }

    @Test(
        "SEC-02: what is no regular file is refused, at once",
        arguments: [File.Trust.anyFile, .ownFile])
    func notRegular(_ trust: File.Trust) throws {
        mkfifo(scratch.absolute("fifo"), 0o600)
        #expect(File.read(scratch.absolute("fifo"), trust).kind == .refused)
        #expect(File.read(try scratch.makeFolder("folder"), trust).kind == .refused)
        #expect(File.read("/dev/zero", trust).kind == .refused)
    }

    @Test(
        "SEC-02: a file of another user is refused where it must be ours",
        .enabled(if: geteuid() == 0, "only root can make one"))
    func otherOwner() throws {
        let path = try scratch.write("file", "text", mode: 0o644)
        chown(path, 12345, 12345)
        #expect(File.read(path, .ownFile).kind == .refused)
        #expect(File.read(path, .anyFile).kind == .content)
    }

    @Test("a file of the limit's size is read, and one that is larger is not")
    func limit() throws {
        let path = try scratch.write("file", "12345")
        #expect(File.read(path, .ownFile, limit: 5).kind == .content)
        #expect(File.read(path, .ownFile, limit: 4).kind == .unreadable)
    }

    @Test("a name that is too long cannot be read")
    func longName() {
        let name = String(repeating: "a", count: 5000)
        #expect(File.read(scratch.absolute(name), .anyFile).kind == .unreadable)
    }

    @Test("removing a file that is not there does no harm")
    func remove() throws {
        let path = try scratch.write("file", "")
        File.remove(path)
        File.remove(path)
        #expect(try scratch.names == [])
    }

    @Test("a log gets lines at its end, and is only for its owner")
    func append() throws {
        File.append(scratch.absolute("log"), "one\n")
        File.append(scratch.absolute("log"), "two\n")
        #expect(try scratch.read("log") == "one\ntwo\n")
        #expect(try scratch.mode("log") == 0o600)
    }

    @Test("a log that cannot be written stops nothing")
    func noLog() throws {
        File.append(scratch.absolute("missing/log"), "one\n")
        #expect(try scratch.names == [])
    }
}

extension File.Reading {
    enum Kind: Hashable {
        case content, missing, unreadable, refused
    }

    var kind: Kind {
        switch self {
        case .content: .content
        case .missing: .missing
        case .unreadable: .unreadable
        case .refused: .refused
        }
    }

    var content: File.Content? {
        if case .content(let content) = self { content } else { nil }
    }
}
