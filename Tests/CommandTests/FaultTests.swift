import Foundation
import PracticeServer
import TestSupport
import Testing
import Workbench

/// A kill or an error at any system call of a command costs nobody a login: the command ends with a
/// message, and the next one works. `Tests/Faults/trials.sh` runs the trials.
///
/// `PLANET_CRED_TEST_FAULTS=all` runs all of them, which takes ten minutes; otherwise a part is
/// run.
@Suite("Faults at every system call", .inTurn) struct FaultTests {
    private static let isComplete =
        ProcessInfo.processInfo.environment["PLANET_CRED_TEST_FAULTS"] == "all"

    /// Every how many trials one is run.
    private static func step(_ usual: Int) -> String { isComplete ? "1" : String(usual) }

    @Test(
        "REF-05: a fault in any system call of planet-cred costs no login",
        arguments: [
            "cached", "cold", "refresh", "background", "login", "relogin", "logout", "get", "erase",
        ])
    func own(_ flow: String) async throws { try await run(flow, "own", Self.step(5)) }

    @Test(
        "REF-05: a fault in any system call of curl costs no login",
        arguments: ["cold", "refresh", "background"])
    func curl(_ flow: String) async throws { try await run(flow, "curl", Self.step(7)) }

    private func run(_ flow: String, _ program: String, _ step: String) async throws {
        let server = try PracticeServer()
        let home = try ScratchHome()
        try home.writeProfile("service", for: server)
        try home.writeProfile(
            "member", .login("oidc_resource_owner", server, changing: [:], own: [:]))
        let script = Document.top.appending(path: "Tests/Faults/trials.sh").path
        let command = home.command("bash", [script, flow, program, step])
        let outcome = try await command.start().outcome()
        let failures = outcome.lines.filter { $0.hasPrefix("FAILED") }
        #expect(failures == [], "\(outcome)")
        #expect(outcome.lines.last?.contains(" trials, ") == true, "\(outcome)")
        if Self.isComplete { print(outcome.lines.last ?? "") }
        _ = server
    }
}
