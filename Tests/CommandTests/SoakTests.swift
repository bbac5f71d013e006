import Foundation
import PracticeServer
import TestSupport
import Testing
import Workbench

private let soakSeconds =
    ProcessInfo.processInfo.environment["PLANET_CRED_TEST_SOAK"].flatMap(Int.init) ?? 5

/// Eight processes that run random commands at a server with random faults, for as many seconds as
/// `PLANET_CRED_TEST_SOAK` says, or five. `Tests/Faults/soak.sh` is one of them.
@Suite("Soak", .inTurn) struct SoakTests {
    @Test("every failure comes from the server, and no file grows")
    func soak() async throws {
        let server = try PracticeServer()
        let home = try ScratchHome()
        try home.writeProfile(
            "member", .login("oidc_resource_owner", server, changing: [:], own: [:]))
        let user = ["PL_AUTH_USERNAME": "alice@example.com", "PL_AUTH_PASSWORD": "correct horse"]
        #expect(try await home.run("login", "member", with: user).status == 0)
        let end = Int(Date.now.timeIntervalSince1970) + soakSeconds
        let script = Document.top.appending(path: "Tests/Faults/soak.sh").path
        let processes = try (1...8).map { number in
            try home.command("bash", [script, String(number), String(end)]).start()
        }
        var generator = SeededGenerator(seed: 8)
        while Int(Date.now.timeIntervalSince1970) < end {
            server.faults = [Self.fault(&generator)].compactMap { $0 }
            try await Task.sleep(for: .milliseconds(Int.random(in: 50...800, using: &generator)))
        }
        server.faults = []
        for process in processes { _ = await process.outcome() }
        try await report(server, home)
    }

    /// One thing that goes wrong for a while, or nothing. The server never forgets an answer that
    /// it has sent: that costs a login, and is the server's.
    private static func fault(_ generator: inout SeededGenerator) -> PracticeServer.Fault? {
        switch Int.random(in: 0...9, using: &generator) {
        case 0: PracticeServer.Fault(.status(503), path: "/token", times: 2)
        case 1:
            PracticeServer.Fault(
                .status(429, headers: ["Retry-After": "1"]), path: "/token", times: 1)
        case 2: PracticeServer.Fault(.reset(.beforeActing), path: "/token", times: 2)
        case 3: PracticeServer.Fault(.htmlPage, path: "/token", times: 1)
        case 4: PracticeServer.Fault(.jsonBytes(Array("[]".utf8)), path: "/token", times: 1)
        case 5, 6: .latency(milliseconds: 150, path: "/token")
        default: nil
        }
    }

    private func report(_ server: PracticeServer, _ home: ScratchHome) async throws {
        let log = try await home.shell("sed -E 's/^(ok|killed|server) .*/\\1/' ~/log.*")
        let failures = log.lines.filter { $0.hasPrefix("FAILED") }
        let counts = Dictionary(grouping: log.lines) { $0.prefix { $0 != " " } }.mapValues(\.count)
        _ = try await home.shell("rm -f ~/.planet/member/token.{backoff,refused}")
        let last = try await home.run("token", "--rejected", with: ["PL_AUTH_PROFILE": "member"])
        let files = try FileManager.default.contentsOfDirectory(
            atPath: home.absolute(".planet/member"))
        print(
            counts.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(
                separator: ", "),
            "token requests: \(server.requestCount("/token"))", "files: \(files.count)",
            "live refresh tokens: \(server.liveRefreshTokenCount)", separator: "\n")
        #expect(failures == [])
        #expect(last.status == 0, "\(last)")
        #expect(files.count <= 40, "\(files)")
        #expect(server.liveRefreshTokenCount == 1)
    }
}
