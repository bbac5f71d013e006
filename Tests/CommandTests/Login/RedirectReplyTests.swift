import Foundation
import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("Replies through the browser", .inTurn) struct RedirectReplyTests {
    @Test(
        "a reply that is not to be trusted ends the login without a token",
        arguments: [
            Row(
                "AUTH-04: the server says no",
                PracticeServer.AuthorizeAnswer.error(
                    "access_denied", description: "not \u{1B}[31m\nyou"),
                "the server answered 'access_denied': not"),
            Row("AUTH-05: two codes", .duplicate("code"), "more than once"),
            Row("AUTH-05: two states", .duplicate("state"), "more than once"),
            Row("AUTH-05: a code and an error", .codeAndError, "a code and an error"),
            Row("AUTH-06: no issuer where there always is one", .issuer(nil), "does not name"),
            Row("AUTH-07: another issuer", .issuer("https://other.example"), "other.example"),
        ])
    func refused(_ row: Row<PracticeServer.AuthorizeAnswer, String>) async throws {
        let stage = try LoginStage()
        stage.server.authorizeAnswers = [row.given]
        let terminal = try stage.login()
        #expect(await terminal.outcome().end == .exited(77))
        #expect(terminal.shown.contains(row.wanted))
        #expect(!terminal.shown.contains("\u{1B}[31m"))
        #expect(stage.tokenRequests.isEmpty)
        let page = try await stage.browser.page()
        #expect(page.text.contains("Not logged in"))
    }

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
        #expect(page.text.contains("Not logged in"))
        #expect(stage.tokenRequests.isEmpty)
        try await stage.follow(url)
        #expect(await terminal.outcome().end == .exited(0))
    }

    @Test("LOOP-04: forged replies fill no pipe, for each reason is told once") func crowd()
        async throws
    {
        let stage = try LoginStage(browser: .recording)
        let terminal = try stage.login()
        let url = try await stage.browser.url()
        let forged = try Callback(of: url).url(["code": "x", "state": "forged"])
        let answers = try await stage.home.shell(
            "for i in 1 2 3; do curl -s -o /dev/null -w '%{http_code} ' \"$1\"; done", forged)
        #expect(answers.text == "400 400 400 ")
        try await stage.follow(url)
        #expect(await terminal.outcome().end == .exited(0))
        #expect(terminal.shown.components(separatedBy: "a reply was not taken").count == 2)
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
        #expect(pages.components(separatedBy: "<h1>Logged in</h1>").count == 3)
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
        #expect(page.text.contains("Not logged in"))
        #expect(other.tokenRequests.isEmpty)
        try await one.follow(reply)
        try await other.follow(otherURL)
        #expect(await terminal.outcome().end == .exited(0))
        #expect(await otherTerminal.outcome().end == .exited(0))
    }
}
