import Foundation
import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("Replies through the browser", .inTurn) struct RedirectReplyTests {

    @Test(
        "AUTH-03, LOOP-04: a reply that anybody may have sent does not end the login",
        arguments: [
            Example("another state", ["code": "x", "state": "forged"]),
            Example("an empty state", ["code": "x", "state": ""]),
            Example("no state", ["code": "x"]),
            Example("an error without a state", ["error": "access_denied"]),
        ] as [Example<KeyValuePairs<String, String>>])
    func forged(_ example: Example<KeyValuePairs<String, String>>) async throws {
        let stage = try LoginStage(browser: .recording)
        let terminal = try stage.login()
        let url = try await stage.browser.url()
        let page = try await stage.visit(try Callback(of: url).url(example.given))
        #expect(page.status == "400")
        #expect(!page.text.contains(LoginStage.success))
        #expect(stage.tokenRequests.isEmpty)
        try await stage.follow(url)
        #expect(await terminal.outcome().end == .exited(0))
    }

    @Test("a browser that asks again meanwhile is told as well, and the code is sent once")
    func reload() async throws {
        let stage = try LoginStage(browser: .recording)
        let hold = PracticeServer.Hold()
        stage.server.faults = [.held(hold, path: "/token")]
        let terminal = try stage.login()
        let url = try await stage.browser.url()
        let reply = try await stage.reply(to: url)
        let script = #"""
            target=/${1#http://*/}
            exec 3<>"/dev/tcp/127.0.0.1/$2" 4<>"/dev/tcp/127.0.0.1/$2"
            for browser in 3 4; do
                printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1:%s\r\n\r\n' "$target" "$2" >&$browser
            done
            touch sent; cat <&3; cat <&4
            """#
        let browser = try stage.home.command(
            "bash", ["-c", script, "bash", reply, "\(Callback(of: url).port)"]
        ).start()
        try await Condition.wait(for: "both requests") {
            stage.tokenRequests.count == 1 && stage.home.exists("\(stage.home.root)/work/sent")
        }
        hold.release()
        #expect(await terminal.outcome().end == .exited(0))
        let pages = await browser.outcome().text
        #expect(pages.components(separatedBy: LoginStage.success).count == 3)
        #expect(stage.tokenRequests.count == 1)
    }

    @Test("AUTH-08: of two logins at once each takes its own reply alone") func mixUp() async throws
    {
        let one = try LoginStage(browser: .recording)
        let other = try LoginStage(browser: .recording)
        let terminal = try one.login()
        let otherTerminal = try other.login()
        let url = try await one.browser.url()
        let otherURL = try await other.browser.url()
        // The reply of the one server, brought to the other login.
        let reply = try await one.reply(to: url)
        let port = try Callback(of: url).port
        let otherPort = try Callback(of: otherURL).port
        let page = try await other.visit(
            reply.replacing(":\(port)/", with: ":\(otherPort)/"))
        #expect(!page.text.contains(LoginStage.success))
        #expect(other.tokenRequests.isEmpty)
        try await one.follow(reply)
        try await other.follow(otherURL)
        #expect(await terminal.outcome().end == .exited(0))
        #expect(await otherTerminal.outcome().end == .exited(0))
    }
}
