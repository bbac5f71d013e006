import Glibc
import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("Login by device code", .inTurn) struct DeviceLoginTests {
    /// What ends the line of the time that is left, and only that.
    private static let timeLeft = "\u{1B}[K"

    private func stage(
        _ change: (inout PracticeServer.Configuration) -> Void = { _ in },
        browser habit: ScratchBrowser.Habit = .following
    ) throws -> LoginStage {
        try LoginStage(.with(change), type: "oidc_device_code", browser: habit)
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
        let code = try await terminal.expect(/\ ([A-Z]{4}-[A-Z]{4})\n/)
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

    @Test("DEV-11: where standard error is captured the code goes to the terminal")
    func captured() async throws {
        let stage = try stage { $0.device.userCode = "WDJB-MJHT" }
        let terminal = try stage.login(elsewhere: [.output, .errors, .input])
        let answer = await terminal.outcome()
        #expect(answer.end == .exited(0))
        #expect(answer.output.isEmpty)
        #expect(terminal.shown.contains("WDJB-MJHT"))
        #expect(terminal.shown.contains("alice@example.com"))
    }

    @Test("DEV-12: Ctrl-C ends the login and changes nothing") func interrupted() async throws {
        let stage = try stage(browser: .recording)
        let terminal = try stage.login()
        try await terminal.expect(Self.timeLeft)
        let files = stage.home.files
        try terminal.sendInterrupt()
        #expect(await terminal.outcome().end == .killed(signal: SIGINT))
        #expect(try terminal.echoIsOn)
        #expect(stage.home.files == files)
    }

    @Test("DEV-12: a signal ends the login and changes nothing") func terminated() async throws {
        let stage = try stage(browser: .recording)
        let terminal = try stage.login()
        try await terminal.expect(Self.timeLeft)
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
        #expect(terminal.shown.contains("\(Self.timeLeft)\r\u{1B}[Kplanet-cred: warning: "))
    }

    @Test("a terminal that knows no escape sequences is sent none") func dumbTerminal() async throws
    {
        let stage = try stage { $0.device.userCode = "WDJB-MJHT" }
        let terminal = try stage.login(with: ["TERM": "dumb"])
        #expect(await terminal.outcome().end == .exited(0))
        #expect(terminal.shown.contains("WDJB-MJHT"))
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
        #expect(!terminal.shown.contains(Self.timeLeft))
    }
}
