import Glibc
import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("Login by device code", .inTurn) struct DeviceLoginTests {
    private func stage(
        _ change: (inout PracticeServer.Configuration) -> Void = { _ in },
        browser habit: ScratchBrowser.Habit = .following
    ) throws -> LoginStage {
        try LoginStage(.with(change), type: "oidc_device_code", browser: habit)
    }

    @Test("DEV-03, DEV-04: code and page are shown, pending polls go on, and the token is kept")
    func login() async throws {
        let stage = try stage()
        stage.server.devicePolls = [.pending]
        let terminal = try stage.login(elsewhere: [.output])
        let answer = await terminal.outcome()
        #expect(answer.end == .exited(0))
        #expect(answer.output.isEmpty)
        #expect(terminal.shown.contains("and enter the code"))
        #expect(terminal.shown.contains("\(stage.server.issuer)/device"))
        #expect(terminal.shown.contains("logged in to 'person' as"))
        #expect(stage.token["refresh_token"] != nil)
        #expect(try await stage.run("token").end == .exited(0))
    }

    @Test("DEV-01: the request names client and scope, and a confidential client proves itself")
    func request() async throws {
        let stage = try LoginStage(
            type: "oidc_device_code_secret",
            changing: ["client_id": "web", "client_secret": "web-secret"])
        _ = try await stage.login().outcome()
        let request = try #require(
            stage.server.requests.first { $0.path == "/device_authorization" })
        #expect(request.field("scope") == "openid offline_access")
        #expect(request.headers["authorization"]?.hasPrefix("Basic ") == true)
    }

    @Test("DEV-03: the code is shown without a page that holds it, and no browser opens")
    func withoutCompletePage() async throws {
        let stage = try stage { $0.device.namesCompleteURI = false }
        let terminal = try stage.login()
        let code = try await terminal.expect(/enter the code +([A-Z0-9-]+)\n/)
        #expect(stage.browser.urls.isEmpty)
        stage.server.approveDevice(userCode: code)
        #expect(await terminal.outcome().end == .exited(0))
    }

    @Test("DEV-03: a QR code is drawn where the program for it is there") func qrCode() async throws
    {
        let stage = try stage()
        try await stage.home.writeProgram("qrencode", "#!/bin/sh\necho \"QR($(cat)) $*\"\n")
        let terminal = try stage.login("--qr", "--no-open")
        try await stage.follow(try await terminal.expect(/QR\((http:\S+)\)/))
        #expect(await terminal.outcome().end == .exited(0))
        #expect(stage.browser.urls.isEmpty)
    }

    @Test("any profile logs in by device code where its server offers it") func otherProfile()
        async throws
    {
        let stage = try LoginStage()
        #expect(try await stage.login("--device").outcome().end == .exited(0))
        #expect(stage.tokenRequests.last?.field("device_code") != nil)
    }

    @Test(
        "what the server says at a poll ends the login",
        arguments: [
            Row(
                "DEV-06: a denial", PracticeServer.DevicePoll.denied,
                "the server answered 'access_denied'"),
            Row("DEV-07: the code has expired", .expired, "says that the code has expired"),
        ])
    func ended(_ row: Row<PracticeServer.DevicePoll, String>) async throws {
        let stage = try stage(browser: .recording)
        stage.server.devicePolls = [row.given]
        let terminal = try stage.login()
        #expect(await terminal.outcome().end == .exited(77))
        #expect(terminal.shown.contains(row.wanted))
        #expect(terminal.shown.contains("planet-cred: try: planet-cred login person"))
        #expect(stage.tokenRequests.count == 1)
        #expect(!stage.hasToken)
    }

    @Test("DEV-08: a server that says pending for ever is not asked for ever") func forEver()
        async throws
    {
        let stage = try stage({ $0.device.overrides = ["expires_in": 2] }, browser: .recording)
        let terminal = try stage.login()
        // 75 where the machine is too busy for the last poll, which has a second.
        #expect([.exited(75), .exited(77)].contains(await terminal.outcome().end))
        #expect(stage.tokenRequests.count <= 3)
    }

    @Test("DEV-09: a poll that is cut off is not the end") func reset() async throws {
        let stage = try stage()
        stage.server.devicePolls = [.reset]
        #expect(try await stage.login().outcome().end == .exited(0))
    }

    @Test(
        "DEV-10: a place that is no web page is not shown, nor opened",
        arguments: ["file:///etc/passwd", "javascript:alert(1)", "http://example.org/device"])
    func unsafePage(_ page: String) async throws {
        let stage = try stage { $0.device.verificationURI = page }
        let terminal = try stage.login()
        #expect(await terminal.outcome().end == .exited(69))
        #expect(stage.browser.urls.isEmpty)
        #expect(stage.tokenRequests.isEmpty)
    }

    @Test("DEV-10: a code cannot steer the terminal") func controlCharacters() async throws {
        let stage = try stage { $0.device.userCode = "AB\u{1B}[31mCD" }
        let terminal = try stage.login()
        _ = await terminal.outcome()
        #expect(terminal.shown.contains("and enter the code"))
        #expect(!terminal.shown.contains("\u{1B}[31m"))
    }

    @Test("DEV-11: where standard error is captured the code goes to the terminal")
    func captured() async throws {
        let stage = try stage()
        let terminal = try stage.login(elsewhere: [.output, .errors, .input])
        let answer = await terminal.outcome()
        #expect(answer.end == .exited(0))
        #expect(answer.output.isEmpty)
        #expect(terminal.shown.contains("and enter the code"))
        #expect(terminal.shown.contains("logged in to 'person'"))
    }

    @Test("DEV-11: without a terminal it ends at once, and no server is asked") func nowhere()
        async throws
    {
        let stage = try stage()
        let answer = try await stage.run("login", "person")
        #expect(answer.end == .exited(77))
        #expect(answer.output.isEmpty)
        #expect(answer.errors.contains("there is no terminal"))
        #expect(stage.server.requests.isEmpty)
    }

    @Test("DEV-12: Ctrl-C ends the login and changes nothing") func interrupted() async throws {
        let stage = try stage(browser: .recording)
        let terminal = try stage.login()
        try await terminal.expect("waiting for you")
        let files = stage.home.files
        try terminal.sendInterrupt()
        #expect(await terminal.outcome().end == .killed(signal: SIGINT))
        #expect(try terminal.echoIsOn)
        #expect(stage.home.files == files)
    }

    @Test("DEV-12: a signal ends the login and changes nothing") func terminated() async throws {
        let stage = try stage(browser: .recording)
        let terminal = try stage.login()
        try await terminal.expect("waiting for you")
        let files = stage.home.files
        kill(terminal.processID, SIGTERM)
        #expect(await terminal.outcome().end == .killed(signal: SIGTERM))
        #expect(stage.home.files == files)
    }

    @Test("a warning does not run on in the line of the time that is left") func warning()
        async throws
    {
        let stage = try stage { $0.idTokenOverrides = ["aud": "another"] }
        let terminal = try stage.login()
        #expect(await terminal.outcome().end == .exited(0))
        #expect(terminal.shown.contains("left\u{1B}[K\r\u{1B}[Kplanet-cred: warning: "))
    }

    @Test("a terminal that knows no escape sequences is sent none") func dumbTerminal() async throws
    {
        let stage = try stage()
        let terminal = try stage.login(with: ["TERM": "dumb"])
        #expect(await terminal.outcome().end == .exited(0))
        #expect(terminal.shown.contains("and enter the code"))
        #expect(!terminal.shown.contains("\u{1B}"))
    }

    @Test("the time that is left is shown on a terminal, and nowhere else") func countdown()
        async throws
    {
        let stage = try stage(browser: .recording)
        let terminal = try stage.login("--json", elsewhere: [.output])
        try await stage.untilCodeIsWanted()
        try terminal.sendInterrupt()
        _ = await terminal.outcome()
        #expect(!terminal.shown.contains("waiting for you"))
    }
}
