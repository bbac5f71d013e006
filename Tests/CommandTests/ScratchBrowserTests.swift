import PracticeServer
import TestSupport
import Testing
import Workbench

/// The browser that other tests give to a login.
@Suite("Scratch browser", .inTurn) struct ScratchBrowserTests {
    @Test("it follows redirects and keeps the page it ends on") func following() async throws {
        let server = try PracticeServer()
        server.script("/start", [.redirect(to: "\(server.url)/end?a=b&c=d")])
        server.script("/end", [.status(200, headers: ["X-Page": "end"], text: "Done")])
        let home = try ScratchHome()
        let browser = try ScratchBrowser(in: home)
        let url = "\(server.url)/start?x='y'&z=$(id)"
        _ = try await home.shell(#"$BROWSER "$1""#, url, with: browser.environment)
        #expect(try await browser.url() == url)
        let page = try await browser.page()
        #expect(page.address == "\(server.url)/end?a=b&c=d")
        #expect(page.headers.contains("X-Page: end"))
        #expect(page.text == "Done")
        #expect(server.requests.map(\.path) == ["/start", "/end"])
    }

    @Test("it can only keep the URL") func recording() async throws {
        let server = try PracticeServer()
        let home = try ScratchHome()
        let browser = try ScratchBrowser(in: home, .recording)
        _ = try await home.shell(
            #"$BROWSER "$1"; $BROWSER two"#, server.url, with: browser.environment)
        #expect(browser.urls == [server.url, "two"])
        #expect(server.connectionCount == 0)
    }

    @Test("the page of a server that is not there says so") func gone() async throws {
        let home = try ScratchHome()
        let browser = try ScratchBrowser(in: home)
        _ = try await home.shell(#"$BROWSER http://127.0.0.1:1/"#, with: browser.environment)
        #expect(try await browser.page().text.hasPrefix("curl: (7)"))
    }

    @Test("several arguments are told apart from one URL") func arguments() async throws {
        let home = try ScratchHome()
        let browser = try ScratchBrowser(in: home)
        let answer = try await home.shell(#"$BROWSER a b"#, with: browser.environment)
        #expect(answer == Outcome(status: 64))
        #expect(browser.urls == ["2 arguments: a b"])
    }
}
