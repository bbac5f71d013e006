import CredCore
import CredSystem
import Foundation
import Glibc
import TestSupport
import Testing
import Workbench

@Suite("QR code", .inTurn) struct QRCodeTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    @Test(
        "a code is lines of the same width, each with its colours",
        .enabled(if: QRCode.draw("text", within: 80) != .missing, "takes qrencode"))
    func picture() throws {
        let url = "https://example.com/device?user_code=ABCD-EFGH"
        let picture = try #require(QRCode.draw(url, within: 33).text)
        let lines = picture.split(separator: "\n")
        let rows = lines.map { $0.trimmingPrefix("\u{1B}[40;37;1m").dropLast(4) }
        #expect(lines.allSatisfy { $0.hasSuffix("\u{1B}[0m") })
        #expect(Set(rows.map(\.count)) == [33])
    }

    @Test("the text is told to nobody else on the machine")
    func secrecy() async throws {
        _ = try scratch.program("qrencode", #"printf '%s\n' "$@"; /usr/bin/env; /bin/cat"#)
        await #expect(processExitsWith: .success) { [folder = scratch.path as String] in
            setenv("PATH", folder, 1)
            setenv("PL_API_KEY", "SECRET", 1)
            #expect(QRCode.draw("the text", within: 80) == .drawn(""))
        }
        let told = try await scratch.told("qrencode")
        #expect(told.hasSuffix("\nthe text"))
        #expect(told.components(separatedBy: "the text").count == 2)
        #expect(!told.contains("SECRET"))
    }

    @Test(
        "where no code can be drawn, the reason is told",
        arguments: [
            Row("its words", "echo 'too long' >&2; exit 1", "'qrencode' says 'too long'"),
            Row("none", "exit 3", "'qrencode' exited with status 3"),
            Row("its end", "kill -9 $$", "'qrencode' was killed by signal 9"),
            Row("no text", #"printf '\377'"#, "the output of 'qrencode' is not UTF-8"),
        ])
    func failed(_ row: Row<String, String>) async {
        await #expect(processExitsWith: .success) {
            [
                folder = scratch.path as String, script = row.given as String,
                reason = row.wanted as String
            ] in
            try QRCodeTests.standIn(script, in: folder)
            #expect(QRCode.draw("text", within: 80) == .failed(reason))
        }
    }

    @Test("a machine without the program has no code")
    func missing() async {
        await #expect(processExitsWith: .success) {
            setenv("PATH", "/missing", 1)
            #expect(QRCode.draw("text", within: 80) == .missing)
        }
    }

    @Test("a code that is wider than the terminal is not drawn")
    func width() async {
        await #expect(processExitsWith: .success) { [folder = scratch.path as String] in
            let picture = "\u{1B}[40;37;1m▄█\u{1B}[0m\n\u{1B}[40m▄\u{1B}[1m▀ m\u{1B}[0m\n"
            try QRCodeTests.standIn("printf '%s' '\(picture)'", in: folder)
            #expect(QRCode.draw("text", within: 4) == .drawn(picture))
            #expect(QRCode.draw("text", within: 3) == .tooWide(columnCount: 4))
        }
    }

    /// Makes the program, in the process that starts it: a file that another process has open for
    /// writing cannot be started, and other tests start processes all the time.
    private static func standIn(_ script: String, in folder: String) throws {
        let path = "\(folder)/qrencode"
        try Data("#!/bin/sh\n\(script)\n".utf8).write(to: URL(filePath: path))
        chmod(path, 0o700)
        setenv("PATH", folder, 1)
    }
}

extension QRCode.Drawing {
    fileprivate var text: String? {
        if case .drawn(let text) = self { text } else { nil }
    }
}
