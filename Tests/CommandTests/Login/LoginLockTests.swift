import Glibc
import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("Two at one login", .inTurn) struct LoginLockTests {
    @Test("DEV-12: a second login waits, and shares what the first one got") func shared()
        async throws
    {
        let stage = try LoginStage(browser: .recording)
        let first = try stage.login()
        let url = try await stage.browser.url()
        let second = try stage.login()
        try await second.expect("(process \(first.processID)")
        try await stage.follow(url)
        #expect(await first.outcome().end == .exited(0))
        #expect(await second.outcome().end == .exited(0))
        #expect(second.shown.contains("alice@example.com"))
        #expect(stage.browser.urls.count == 1)
        #expect(stage.tokenRequests.count == 1)
    }

    @Test("DEV-12: a second login goes on where the first one was given up") func succession()
        async throws
    {
        let stage = try LoginStage(browser: .recording)
        let first = try stage.login()
        _ = try await stage.browser.url()
        let second = try stage.login()
        try await second.expect("(process \(first.processID)")
        try first.sendInterrupt()
        _ = await first.outcome()
        try await Condition.wait(for: "the second browser") { stage.browser.urls.count == 2 }
        try await stage.follow(stage.browser.urls[1])
        #expect(await second.outcome().end == .exited(0))
    }

    @Test("during a login a good token is handed out at once") func goodToken() async throws {
        let stage = try LoginStage(browser: .recording)
        let session = try stage.server.issueSession()
        try stage.home.writeSession(
            access: session.accessToken, refresh: session.refreshToken, expiresIn: 3600)
        let terminal = try stage.login()
        _ = try await stage.browser.url()
        let answer = try await stage.home.shell(
            "echo \"<$(planet-cred token --profile person)>\"")
        #expect(answer.text == "<\(session.accessToken)>\n")
        try terminal.sendInterrupt()
        #expect(await terminal.outcome().end == .killed(signal: SIGINT))
    }

    @Test("with --login a command waits for the login that another process is at") func attended()
        async throws
    {
        let stage = try LoginStage(browser: .recording)
        let first = try stage.login()
        let url = try await stage.browser.url()
        let second = try PseudoTerminal(
            stage.command(["token", "--login"]), elsewhere: [.output])
        try await second.expect("(process \(first.processID)")
        try await stage.follow(url)
        #expect(await first.outcome().end == .exited(0))
        #expect(await second.outcome() == Outcome(stage.printedToken))
        #expect(stage.browser.urls.count == 1)
    }

    @Test("looking whether somebody logs in keeps nobody from it", .crowd) func looks() async throws
    {
        let stage = try LoginStage()
        let looking = try (0..<20).map { _ in try stage.command(["token"]).start() }
        let terminal = try stage.login()
        #expect(await terminal.outcome().end == .exited(0))
        #expect(!terminal.shown.contains("(process "))
        for command in looking { _ = await command.outcome() }
    }
}
