import CLinux
import CredCore
import CredSystem
import Glibc
import TestSupport
import Testing
import Workbench

@Suite("Writing files", .inTurn) struct AtomicFileTests {
    private let scratch: ScratchFolder
    private let path: String
    private let aside: String

    init() throws {
        scratch = try ScratchFolder()
        path = scratch.absolute("file")
        aside = scratch.absolute("file.new")
    }

    @Test(
        "a file is replaced, and nothing else is left",
        arguments: [
            Example("what can be had again", AtomicFile.Durability.replaceable),
            Example("what must survive a power cut", .synced),
        ])
    func replace(_ example: Example<AtomicFile.Durability>) throws {
        for text in ["old", "new", ""] {
            try AtomicFile.replace(path, aside: aside, with: Array(text.utf8), example.given)
            #expect(try scratch.read("file") == text)
        }
        #expect(try scratch.names == ["file"])
    }

    @Test("SEC-01: a file is 0600 whatever the umask and the old file's mode")
    func umask() async throws {
        _ = try scratch.write("file", "old", mode: 0o666)
        await #expect(processExitsWith: .success) {
            [path = path as String, aside = aside as String] in
            Glibc.umask(0)
            try AtomicFile.replace(path, aside: aside, with: [1], .synced)
            try AtomicFile.replace("\(path)2", aside: aside, with: [1], .synced)
        }
        #expect(try scratch.mode("file") == 0o600)
        #expect(try scratch.mode("file2") == 0o600)
    }

    @Test(
        "what a killed process left aside does not matter",
        arguments: [Example("writable", 0o600), Example("read-only", 0o400)] as [Example<Int>])
    func leftover(_ example: Example<Int>) throws {
        _ = try scratch.write("file.new", "a long half of something", mode: example.given)
        try AtomicFile.replace(path, aside: aside, with: Array("new".utf8), .synced)
        #expect(try scratch.read("file") == "new")
        #expect(try scratch.names == ["file"])
        #expect(try scratch.mode("file") == 0o600)
    }

    @Test("SEC-02: nothing is written through a link, at either name")
    func links() throws {
        let victim = try scratch.write("victim", "untouched")
        symlink(victim, path)
        symlink(victim, aside)
        try AtomicFile.replace(path, aside: aside, with: Array("new".utf8), .synced)
        #expect(try scratch.read("victim") == "untouched")
        #expect(try scratch.read("file") == "new")
        #expect(try scratch.names == ["file", "victim"])
    }

    @Test("on a full disk the old file stays and nothing is left aside")
    func fullDisk() async throws {
        _ = try scratch.write("file", "old")
        await #expect(processExitsWith: .success) {
            [path = path as String, aside = aside as String] in
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 1000, rlim_max: 1000)
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            let bytes = [UInt8](repeating: 1, count: 1001)
            let failure = try #require(throws: Failure.self) {
                try AtomicFile.replace(path, aside: aside, with: bytes, .synced)
            }
            #expect(failure.kind == .failed)
            #expect(failure.what.contains("'\(path)'"))
            #expect(failure.because == "File too large")
        }
        #expect(try scratch.read("file") == "old")
        #expect(try scratch.names == ["file"])
    }

    @Test("where a folder cannot be put on disk the file is replaced all the same")
    func unsynced() async throws {
        let folder = try scratch.makeFolder("unreadable")
        try scratch.setMode(scratch.path, 0o711)
        await #expect(processExitsWith: .success) { [folder = folder as String] in
            // For root permissions do not count, for nobody they do.
            let nobody: uid_t = 65534
            chmod(folder, 0o300)
            if geteuid() == 0 {
                chown(folder, nobody, nobody)
                setuid(nobody)
            }
            try AtomicFile.replace(
                "\(folder)/file", aside: "\(folder)/aside", with: Array("new".utf8), .synced)
        }
        chmod(folder, 0o700)
        #expect(try scratch.read("unreadable/file") == "new")
    }

    @Test("a path that is a folder stays one, and nothing is left aside")
    func folder() throws {
        _ = try scratch.makeFolder("file")
        let failure = try #require(throws: Failure.self) {
            try AtomicFile.replace(path, aside: aside, with: [1], .replaceable)
        }
        #expect(failure.because == "Is a directory")
        #expect(try scratch.names == ["file"])
    }

    @Test(
        "where the folder takes no file the failure names the path and the system's reason",
        arguments: [
            Row("it is missing", "missing", "No such file or directory"),
            Row("it is a file", "plain", "Not a directory"),
        ])
    func noFolder(_ row: Row<String, String>) throws {
        _ = try scratch.write("plain", "")
        let path = scratch.absolute("\(row.given)/file")
        let failure = try #require(throws: Failure.self) {
            try AtomicFile.replace(path, aside: "\(path).new", with: [1], .replaceable)
        }
        #expect(failure.kind == .failed)
        #expect(failure.what.contains("'\(path)'"))
        #expect(failure.because == row.wanted)
    }
}
