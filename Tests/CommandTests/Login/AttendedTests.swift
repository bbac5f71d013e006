import Foundation
import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("Logins for other programs and other commands", .inTurn) struct AttendedTests {
    @Test("login --json tells a program what the person needs, then the outcome") func device()
        async throws
    {
        let stage = try LoginStage(
            .with { $0.device.userCode = "WXYZ-1234" }, type: "oidc_device_code")
        let running = try stage.command(["login", "person", "--json"]).start()
        // A request for a code is seen a moment before there is one.
        try await Condition.wait(for: "the code") {
            stage.server.approveDevice(userCode: "WXYZ-1234")
        }
        let answer = await running.outcome()
        #expect(answer.end == .exited(0))
        #expect(answer.errors.isEmpty)
        let objects = try answer.objects
        #expect(objects.map(\.event) == ["device_authorization", "logged_in"])
        #expect(objects[0]["user_code"] as? String == "WXYZ-1234")
        #expect(objects[0]["verification_uri"] as? String == "\(stage.server.issuer)/device")
        #expect(objects[0]["verification_uri_complete"] != nil)
        #expect(objects[0]["expires_at"] is Int)
        #expect(objects[1]["profile"] as? String == "person")
        #expect(objects[1]["renews_itself"] as? Bool == true)
        #expect(stage.browser.urls.isEmpty)
    }

    @Test("login --json goes on though its reader has gone") func goneReader() async throws {
        let stage = try LoginStage()
        let script = """
            mkfifo pipe; exec 3<>pipe 4>pipe 3>&-
            exec planet-cred login person --json --open >&4
            """
        let answer = try await stage.home.shell(script, with: stage.browser.environment)
        #expect(answer.end == .exited(0))
        #expect(stage.token["refresh_token"] != nil)
    }

    @Test("under exec the browser of a login is no child of the command") func orphan() async throws
    {
        let stage = try LoginStage()
        let script = #"read -r children </proc/$$/task/$$/children; echo "<$children>""#
        let terminal = try PseudoTerminal(
            stage.command(["exec", "--login", "--", "sh", "-c", script]), elsewhere: [.output])
        #expect(await terminal.outcome() == Outcome("<>\n"))
        #expect(stage.browser.urls.count == 1)
    }
}

extension Outcome {
    /// Standard output as one JSON object a line.
    fileprivate var objects: [[String: Any]] {
        get throws {
            try lines.map { line in
                let value = try JSONSerialization.jsonObject(with: Data(line.utf8))
                return try #require(value as? [String: Any])
            }
        }
    }
}

extension [String: Any] {
    fileprivate var event: String { self["event"] as? String ?? "" }
}
