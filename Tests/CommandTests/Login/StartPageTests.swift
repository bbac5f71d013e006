import Glibc
import PracticeServer
import TestSupport
import Testing
import Workbench

/// What other users of the machine learn about a login, from the arguments of the browser.
@Suite("The page that a browser is started with", .inTurn) struct StartPageTests {
    /// The status of the answer to a request, and where it leads.
    private static let ask = "curl -s -o /dev/null -w '%{http_code} %{redirect_url}'"

    @Test(
        "the arguments of the browser reveal nothing about the login",
        arguments: ["oidc_auth_code", "oidc_device_code"])
    func arguments(_ type: String) async throws {
        let stage = try LoginStage(type: type)
        let terminal = try stage.login()
        #expect(await terminal.outcome().end == .exited(0))
        let argument = try #require(stage.browser.arguments.first)
        #expect(
            argument.wholeMatch(
                of: /http:\/\/127\.0\.0\.1:[0-9]+\/open\/[A-Za-z0-9_-]{22}/) != nil)
        #expect(stage.browser.urls.first.map { $0 != argument } == true)
    }

    @Test(
        "only the user is redirected, and is told when others ask",
        .enabled(if: geteuid() == 0, "only root can become another user"),
        arguments: ["http://127.0.0.1/", "http://localhost/", "http://[::1]/"])
    func strangers(_ redirect: String) async throws {
        let stage = try LoginStage(
            browser: .recording, changing: ["local_redirect_uri": .string(redirect)])
        let terminal = try stage.login()
        let url = try await stage.browser.url()
        let argument = stage.browser.arguments[0]
        let theirs = try await stage.home.shell(
            "setpriv --reuid=65534 --clear-groups \(Self.ask) \"$1\"", argument)
        #expect(theirs.text == "404 ")
        try await terminal.expect("user 'nobody' asked for the page of this login")
        let ours = try await stage.home.shell(
            "\(Self.ask) \"$1\"; \(Self.ask) \"$1x\"", argument)
        #expect(ours.text == "302 \(url)404 ")
        try await stage.follow(url)
        #expect(await terminal.outcome().end == .exited(0))
    }

    @Test(
        "a code for a device is not shown to others either",
        .enabled(if: geteuid() == 0, "only root can become another user"))
    func device() async throws {
        let stage = try LoginStage(type: "oidc_device_code", browser: .recording)
        let terminal = try stage.login()
        let url = try await stage.browser.url()
        #expect(url.contains("user_code="))
        let theirs = try await stage.home.shell(
            "setpriv --reuid=65534 --clear-groups \(Self.ask) \"$1\"", stage.browser.arguments[0])
        #expect(theirs.text == "404 ")
        try await stage.follow(url)
        #expect(await terminal.outcome().end == .exited(0))
    }
}
