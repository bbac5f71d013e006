import Foundation
import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("Login in a browser", .inTurn) struct BrowserLoginTests {
    @Test(
        "AUTH-09, LOOP-01, PKCE-04: a login ends with a token, and the redirect URI never changes")
    func login() async throws {
        let stage = try LoginStage()
        let terminal = try stage.login()
        #expect(await terminal.outcome().end == .exited(0))
        #expect(terminal.shown.contains("alice@example.com"))
        let authorization = try #require(URLComponents(string: stage.browser.urls[0]))
        #expect(authorization["code_challenge_method"] == "S256")
        #expect(authorization["code_verifier"] == nil)
        let form = try #require(stage.tokenRequests.first)
        #expect(form.field("redirect_uri") == authorization["redirect_uri"])
        #expect(form.field("code_verifier") != nil)
        let page = try await stage.browser.page()
        #expect(page.text.contains(LoginStage.success))
        #expect(stage.token["refresh_token"] != nil)
        #expect(try await stage.run("token") == Outcome(stage.printedToken))
        #expect(stage.tokenRequests.count == 1)
    }

    @Test(
        "LOOP-01: the browser comes back to the redirect URI that is registered",
        arguments: [
            "http://127.0.0.1:0/back", "http://localhost/", "http://[::1]:0/a/b?c=d",
            "http://127.0.0.1",
        ])
    func redirects(_ registered: String) async throws {
        let stage = try LoginStage(changing: ["local_redirect_uri": .string(registered)])
        let terminal = try stage.login()
        #expect(await terminal.outcome().end == .exited(0))
        let sent = try #require(stage.tokenRequests.first?.field("redirect_uri"))
        let port = try #require(URLComponents(string: sent)?.port)
        let plain = sent.replacing(":\(port)", with: "")
        #expect(plain == registered.replacing(":0", with: ""))
    }

    @Test("PKCE-04: a confidential client proves itself and its code") func confidential()
        async throws
    {
        let stage = try LoginStage(
            type: "oidc_auth_code_secret",
            changing: ["client_id": "web", "client_secret": "web-secret"])
        let terminal = try stage.login()
        #expect(await terminal.outcome().end == .exited(0))
        let request = try #require(stage.tokenRequests.first)
        #expect(request.headers["authorization"]?.hasPrefix("Basic ") == true)
        #expect(request.field("code_verifier") != nil)
    }

    @Test("AUTH-10: the browser gets the URL as one argument, and it is shown too") func browser()
        async throws
    {
        let stage = try LoginStage()
        let terminal = try stage.login()
        _ = await terminal.outcome()
        let url = try #require(stage.browser.urls.first)
        #expect(stage.browser.urls == [url])
        #expect(terminal.shown.contains(url))
    }

    @Test("AUTH-10: a browser elsewhere ends at an address that can be pasted") func pasted()
        async throws
    {
        let stage = try LoginStage(browser: .recording)
        let terminal = try stage.login(
            "--no-open", with: ["SSH_CONNECTION": "192.0.2.1 5000 192.0.2.2 22"])
        try await terminal.expect("ssh -N -L")
        let reply = try await stage.reply(to: await stage.shownURL(terminal))
        try terminal.type("\(reply)\n")
        #expect(await terminal.outcome().end == .exited(0))
        #expect(stage.browser.urls.isEmpty)
    }

    @Test("AUTH-10: the command that forwards a port can be pasted into any shell")
    func forwarding()
        async throws
    {
        let stage = try LoginStage(
            browser: .recording, changing: ["local_redirect_uri": "http://[::1]/"])
        let terminal = try stage.login(
            "--no-open", with: ["SSH_CONNECTION": "192.0.2.1 5000 192.0.2.2 22"])
        try await terminal.expect(" 192.0.2.2")
        #expect(terminal.shown.contains(/ssh -N -L '[0-9]+:\[::1]:[0-9]+' 192/))
        try terminal.sendInterrupt()
        _ = await terminal.outcome()
    }

    @Test("AUTH-10: a registered page that shows the code is used where no browser is")
    func remotePage() async throws {
        let stage = try LoginStage(
            .with {
                $0.clients["pub"]?.redirectURIs = ["https://app.example/code"]
            },
            changing: [
                "redirect_uri": "https://app.example/code",
                "local_redirect_uri": "http://127.0.0.1/",
            ])
        let terminal = try stage.login(with: LoginStage.noBrowser)
        _ = try await terminal.expect(/(: )$/)
        let reply = try await stage.reply(to: await stage.shownURL(terminal))
        let code = try #require(URLComponents(string: reply)?["code"])
        try terminal.type("\(code)\n")
        #expect(await terminal.outcome().end == .exited(0))
        #expect(stage.tokenRequests.first?.field("redirect_uri") == "https://app.example/code")
    }
}
