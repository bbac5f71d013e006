import CLinux
import CredCore
import CredSystem
import Foundation
import Glibc
import TestSupport
import Testing
import Workbench

/// Exchanges whose answer curl writes to a file by itself: another program stands in for it.
@Suite("Recorded exchanges", .inTurn) struct RecordedExchangeTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    private static let answer = #"printf 'HTTP/1.1 200 OK\r\n\r\n{"a":1}'"#

    @Test("the answer is in the file and is answered, with nothing around it")
    func answer() async throws {
        await #expect(processExitsWith: .success) { [folder = scratch.path as String] in
            let exchange = try RecordedPost(folder).post(by: RecordedExchangeTests.answer)
            #expect(exchange.response?.body == Array(#"{"a":1}"#.utf8))
        }
        let content = try #require(scratch.read("answer").split(separator: "\n", maxSplits: 1).last)
        #expect(content.hasPrefix("HTTP/1.1 200 OK\r\n\r\n{\"a\":1}\0"))
    }

    @Test("curl inherits the locks after its three streams, and no other descriptor")
    func descriptors() async throws {
        await #expect(processExitsWith: .success) { [folder = scratch.path as String] in
            let script = """
                list=$(for number in 0 1 2 3 4 5 6 7 8 9; do readlink /proc/$$/fd/$number; done)
                echo "$list" > "${0%/*}/descriptors"
                \(RecordedExchangeTests.answer)
                """
            _ = try RecordedPost(folder).post(by: script)
        }
        let lines = try scratch.read("descriptors").split(separator: "\n")
        // The last is the shell's own, to read the list.
        try #require(lines.count == 6)
        #expect(lines[1].hasSuffix("/answer"))
        #expect(lines[3].hasSuffix("/lock"))
        #expect(lines[4].hasSuffix("/lock.range"))
        #expect(lines[5].hasPrefix("pipe:"))
    }

    @Test("a program other than curl inherits no lock")
    func others() throws {
        let lock = try FileLock(scratch.absolute("lock"))
        let isAcquired = try lock.tryAcquire()
        let child = Child(
            "sh", ["-c", "readlink /proc/$$/fd/*"], environment: [], timeLimit: 60_000)
        guard case .exited(_, let output, _) = child.run() else {
            Issue.record("it did not run")
            return
        }
        #expect(isAcquired)
        #expect(!String(decoding: output, as: UTF8.self).contains("lock"))
        _ = consume lock
    }

    @Test("curl has a session of its own, so that Ctrl-C does not reach it")
    func session() async throws {
        await #expect(processExitsWith: .success) { [folder = scratch.path as String] in
            let script = """
                cut -d' ' -f1,6 /proc/$$/stat > "${0%/*}/session"
                \(RecordedExchangeTests.answer)
                """
            _ = try RecordedPost(folder).post(by: script)
        }
        let words = try scratch.read("session").split(whereSeparator: \.isWhitespace)
        #expect(words.count == 2)
        #expect(words.first == words.last)
    }

    @Test("curl is waited for, although the answer has come whole")
    func waited() async throws {
        await #expect(processExitsWith: .success) { [folder = scratch.path as String] in
            let answer = #"printf 'HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n{"a":1}'"#
            let exchange = try RecordedPost(folder).post(by: "\(answer); : > \"${0%/*}/end\"")
            #expect(exchange.response?.body == Array(#"{"a":1}"#.utf8))
        }
        #expect(try scratch.read("end") == "")
    }

    @Test("an answer that is there whole counts, whatever becomes of curl after it")
    func diedAfter() async {
        await #expect(processExitsWith: .success) { [folder = scratch.path as String] in
            let stage = try RecordedPost(folder)
            let killed = try stage.post(by: "\(RecordedExchangeTests.answer); kill -9 $$")
            let failed = try stage.post(by: "\(RecordedExchangeTests.answer); exit 56")
            #expect(killed.response?.status == 200)
            #expect(failed.response?.status == 200)
        }
    }

    @Test("half an answer is none")
    func diedWithin() async {
        await #expect(processExitsWith: .success) { [folder = scratch.path as String] in
            let exchange = try RecordedPost(folder).post(
                by: #"printf 'HTTP/1.1 200 OK\r\n\r\n{"a'; kill -9 $$"#)
            #expect(exchange == .interrupted("curl was killed by signal 9"))
        }
    }

    @Test("a page that is no JSON is answered as it is")
    func page() async {
        await #expect(processExitsWith: .success) { [folder = scratch.path as String] in
            let exchange = try RecordedPost(folder).post(
                by: #"printf 'HTTP/1.1 503 Busy\r\n\r\n<p>'"#)
            #expect(exchange.response?.status == 503)
        }
    }

    @Test("nothing of an earlier try shines through, and the room stays")
    func again() async throws {
        await #expect(processExitsWith: .success) { [folder = scratch.path as String] in
            let stage = try RecordedPost(folder)
            let long = #"printf 'HTTP/1.1 200 OK\r\n\r\n'; head -c 5000 /dev/zero | tr '\0' x"#
            _ = try stage.post(by: long)
            let exchange = try stage.post(by: RecordedExchangeTests.answer)
            #expect(exchange.response?.body == Array(#"{"a":1}"#.utf8))
            var status = stat()
            fstat(stage.recording.output, &status)
            #expect(status.st_size == 65_536 + stage.recording.start)
        }
    }

    @Test("what is given up ends with all that it has started")
    func group() async {
        await #expect(processExitsWith: .success) { [folder = scratch.path as String] in
            let stage = try RecordedPost(folder)
            let exchange = try stage.post(
                by: "sleep 1000 & echo $! >'\(folder)/started'; cat /dev/zero >&2")
            guard case .interrupted = exchange else {
                Issue.record("\(exchange)")
                return
            }
            let started = try String(
                contentsOf: URL(filePath: "\(folder)/started"), encoding: .utf8)
            let number = try #require(Int(started.filter(\.isNumber)))
            let status = URL(filePath: "/proc/\(number)/stat")
            try await Condition.wait(for: "the end of what curl had started") {
                // Gone, or waiting for who collects it.
                guard let text = try? String(contentsOf: status, encoding: .utf8) else {
                    return true
                }
                return text.contains(") Z ")
            }
        }
    }

    @Test("a server that never ends its answer does not fill the disk")
    func endless() async {
        await #expect(processExitsWith: .success) { [folder = scratch.path as String] in
            let stage = try RecordedPost(folder)
            let exchange = try stage.post(by: "exec cat /dev/zero")
            guard case .interrupted = exchange else {
                Issue.record("\(exchange)")
                return
            }
            var status = stat()
            fstat(stage.recording.output, &status)
            #expect(status.st_size <= HTTPResponse.maximumByteCount)
        }
    }
}

/// A folder with a program that stands in for curl, a lock and a file for the answer; in the process
/// that an exit test starts.
private struct RecordedPost: ~Copyable {
    private let file: ReservedFile
    private let lock: FileLock
    private let program: String

    init(_ folder: String) throws {
        let lock = try FileLock("\(folder)/lock")
        let file = try reservedFile("\(folder)/answer", byteCount: 65_536)
        self.lock = lock
        self.file = file
        program = "\(folder)/curl"
        setenv("PLANET_CRED_CURL", program, 1)
    }

    var recording: Recording { file.recording(lock.descriptorNumbers) }

    func post(by script: String) throws -> TransportResult {
        try Data("#!/bin/sh\n\(script)\n".utf8).write(to: URL(filePath: program))
        chmod(program, 0o700)
        return CurlTransport.send(
            HTTPRequest(.post, try WebURL("https://as.example/token"), body: Secret("SECRET")),
            timeLimit: 60_000,
            recording: recording, version: "1.2.3")
    }
}

/// A new file for an answer.
func reservedFile(_ path: String, byteCount: Int = 10) throws -> ReservedFile {
    let terms = ReservedFile.Terms(
        byteCount: byteCount, lifetime: 60, now: UnixTime(0), purpose: "a test")
    let claim = try ReservedFile.claim(
        path, terms,
        .init(isAnswered: false, seen: [], lastHolderDied: false, fileSystemTime: UnixTime(0)))
    guard case .granted(let file) = claim else { throw Problem("'\(path)' is claimed") }
    return file
}
