import CredCore
import CredSystem
import Foundation
import Glibc
import TestSupport
import Testing

@Suite("QR code", .timeLimit(.minutes(1))) struct QRCodeTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test(
        "a code is lines of the same width, each with its colours",
        .enabled(if: QRCode.text(for: "text") != nil, "takes qrencode"))
    func picture() throws {
        let url = "https://example.com/device?user_code=ABCD-EFGH"
        let picture = try #require(QRCode.text(for: url))
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
            #expect(QRCode.text(for: "the text") == "")
        }
        let told = try await scratch.told("qrencode")
        #expect(told.hasSuffix("\nthe text"))
        #expect(told.components(separatedBy: "the text").count == 2)
        #expect(!told.contains("SECRET"))
    }

    @Test(
        "where there is no code, there is none",
        arguments: [
            Row("no program", "/missing", 10), Row("too long a text", "/usr/bin:/bin", 10_000),
        ])
    func none(_ row: Row<String, Int>) async {
        await #expect(processExitsWith: .success) {
            [path = row.given as String, count = row.wanted as Int] in
            setenv("PATH", path, 1)
            #expect(QRCode.text(for: String(repeating: "x", count: count)) == nil)
        }
    }
}
