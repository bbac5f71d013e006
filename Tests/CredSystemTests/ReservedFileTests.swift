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
        let file = try reservedFile(path, byteCount: 65_536)
        let recording = file.recording([])
        var status = stat()
        fstat(recording.output, &status)
        #expect(Int(status.st_size) == 65_536 + recording.start)
        #expect(status.st_blocks * 512 >= 65_536)
        #expect(status.st_mode & 0o777 == 0o600)
    }

    @Test("the file is claimed for as long as its process has it open")
    func held() throws {
        let file = try reservedFile(path)
        let (isHeld, process) = try holder(.elsewhere)
        #expect(isHeld)
        #expect(process == getpid())
        _ = consume file
    }

    @Test(
        "a file whose process has ended is taken over",
        arguments: [
            Row("on this host, once it has ended", Age.ended, true),
            Row("on this host, but not while it is running", .now, false),
            Row("after its time, by any other", .old, true),
            Row("after its answer, by any other", .answered, true),
            Row("not before that by a process that may not see its lock", .elsewhere, false),
        ] as [Row<Age, Bool>])
    func abandoned(_ row: Row<Age, Bool>) async throws {
        _ = try reservedFile(path)
        switch row.given {
        case .now: break
        case .ended: try rewriteNote { $0.place }
        case .elsewhere, .old, .answered, .orphaned:
            try rewriteNote { _ in LockPlace(host: "other", boot: "another", device: 1) }
        }
        guard row.wanted else {
            #expect(try holder(row.given).isHeld)
            return
        }
        // A child of another test that is just starting may have the file open for a moment.
        try await Condition.wait(for: "the end of the claim") {
            try holder(row.given).isHeld == false
        }
    }

    @Test(
        "a file without a note is taken over after two seconds, in which its process may write one")
    func noteless() throws {
        _ = try scratch.write("file", "")
        #expect(try holder(.elsewhere).isHeld)
        #expect(try holder(.old).isHeld == false)
        _ = try scratch.write("file", "")
        #expect(try holder(.orphaned).isHeld == false)
    }

    @Test(
        "an answer that has come since the last look is not written over",
        arguments: [Age.ended, .old, .answered])
    func cameSince(_ age: Age) throws {
        do {
            let file = try reservedFile(path, byteCount: 100)
            pwrite(file.recording([]).output, "answer", 6, off_t(HolderNote.byteCount))
        }
        try rewriteNote {
            age == .ended ? $0.place : LockPlace(host: "other", boot: "another", device: 1)
        }
        #expect(try holder(age).isHeld)
        #expect(try holder(age, seen: "ans").isHeld)
        #expect(try holder(age, seen: "answer").isHeld == false)
    }

    @Test("what is taken over has nothing left of its answer")
    func clean() throws {
        do {
            let file = try reservedFile(path, byteCount: 100)
            pwrite(file.recording([]).output, "old", 3, off_t(HolderNote.byteCount))
        }
        try rewriteNote { $0.place }
        guard
            case .granted(let file) = try ReservedFile.claim(
                path, .init(byteCount: 100, lifetime: 60, now: UnixTime(0), purpose: ""),
                .init(
                    isAnswered: false, seen: Array("old".utf8), lastHolderDied: false,
                    fileSystemTime: UnixTime(0)))
        else { throw Problem("'\(path)' is claimed") }
        file.finish()
        #expect(ReservedFile.answer(in: Array(try scratch.read("file").utf8)) == [])
    }

    @Test("a file is removed by its owner alone, once somebody else has put one in its place")
    func remove() throws {
        let file = try reservedFile(path)
        unlink(path)
        _ = try scratch.write("file", "theirs")
        file.remove()
        #expect(try scratch.names == ["file"])
    }

    @Test("a link of that name goes, and what it leads to stays")
    func link() throws {
        symlink(try scratch.write("precious", "theirs"), path)
        _ = try reservedFile(path)
        #expect(try scratch.read("precious") == "theirs")
    }

    @Test("without room it fails with the system's reason, and leaves nothing")
    func noRoom() throws {
        let failure = try #require(throws: Failure.self) {
            _ = try reservedFile(path, byteCount: 1 << 60)
        }
        #expect(failure.kind == .failed)
        #expect(failure.because == "File too large")
        #expect(try scratch.names == [])
    }

    @Test("a folder that is not there is told")
    func noFolder() throws {
        let failure = try #require(throws: Failure.self) {
            _ = try reservedFile(scratch.absolute("no/file"))
        }
        #expect(failure.because == "No such file or directory")
    }

    @Test("finished, the file holds what was written and no more")
    func finish() throws {
        let file = try reservedFile(path, byteCount: 65_536)
        pwrite(file.recording([]).output, "answer", 6, off_t(HolderNote.byteCount))
        file.finish()
        let content = try scratch.read("file")
        #expect(content.hasSuffix("\nanswer"))
        #expect(content.utf8.count == HolderNote.byteCount + 6)
    }

    @Test(
        "room that nobody used is no content",
        arguments: [
            Row("nothing", [], []), Row("room alone", [0, 0], []),
            Row("content and room", [1, 2, 0, 0], [1, 2]),
            Row("a zero inside", [1, 0, 2, 0], [1, 0, 2]), Row("no room left", [1], [1]),
        ] as [Row<[UInt8], [UInt8]>])
    func content(_ row: Row<[UInt8], [UInt8]>) {
        let note = [UInt8](repeating: 0x20, count: HolderNote.byteCount)
        #expect(ReservedFile.answer(in: note + row.given) == row.wanted)
    }

    enum Age: Sendable {
        case now
        /// Its process has ended.
        case ended
        /// Its process may not see our locks.
        case elsewhere
        /// Likewise, and the claim's time is over.
        case old
        /// Likewise, and the answer is there.
        case answered
        /// The last holder of the lock was killed here.
        case orphaned
    }

    /// Makes the note one of a process that has ended, at another place.
    private func rewriteNote(_ place: (HolderNote) -> LockPlace) throws {
        let text = try scratch.read("file")
        let note = try #require(HolderNote(HolderNote.text(atStartOf: Array(text.utf8))))
        let other = HolderNote(
            place(note), since: note.since, until: note.until, purpose: ""
        ).text.replacing("\"process\":\(getpid())", with: "\"process\":0")
        let bytes = Array(other.utf8)
        let padding = [UInt8](repeating: 0x20, count: HolderNote.byteCount - bytes.count)
        let number = open(path, O_WRONLY)
        defer { close(number) }
        pwrite(number, bytes + padding, HolderNote.byteCount, 0)
    }

    /// Whether the file is claimed by somebody, and by which process.
    /// - Parameter seen: the answer that the caller has seen.
    private func holder(_ age: Age, seen: String = "") throws
        -> (isHeld: Bool, process: Int32?)
    {
        var status = stat()
        stat(path, &status)
        let time = UnixTime(Int64(status.st_mtim.tv_sec) + (age == .old ? 61 : 0))
        let terms = ReservedFile.Terms(
            byteCount: 10, lifetime: 60, now: UnixTime(0), purpose: "")
        switch try ReservedFile.claim(
            path, terms,
            .init(
                isAnswered: age == .answered, seen: Array(seen.utf8),
                lastHolderDied: age == .orphaned,
                fileSystemTime: time))
        {
        case .granted: return (false, nil)
        case .held(let holder): return (true, holder.note?.process)
        }
    }
}
