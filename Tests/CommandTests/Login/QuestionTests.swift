import Glibc
import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("Logins that ask questions", .inTurn) struct QuestionTests {
    @Test("AUTH-11: a password is asked for unseen, with a warning, and not kept") func password()
        async throws
    {
        let stage = try LoginStage(type: "oidc_resource_owner")
        let terminal = try stage.login()
        _ = try await terminal.expect(/(: )$/)
        #expect(try terminal.echoIsOn)
        try terminal.type("alice@example.com\n")
        _ = try await terminal.expect(/alice@example\.com\n[^\n]*(: )$/)
        #expect(try !terminal.echoIsOn)
        try terminal.type("correct horse\n")
        #expect(await terminal.outcome().end == .exited(0))
        #expect(terminal.shown.contains("warning: "))
        #expect(!terminal.shown.contains("correct horse"))
        #expect(try terminal.echoIsOn)
        #expect(stage.token["access_token"] != nil)
        #expect(stage.home.tokenText("person")?.contains("correct horse") == false)
    }

    @Test(
        "a line that cannot be taken is not said to be missing",
        arguments: [
            Example("the end", "\u{4}"),
            Example("a long line", String(repeating: "k", count: 4095) + "\n"),
        ])
    func unusableLine(_ typed: Example<String>) async throws {
        let stage = try LoginStage(type: "static_apikey")
        let terminal = try stage.login()
        _ = try await terminal.expect(/(: )$/)
        try terminal.type(typed.given)
        #expect(await terminal.outcome().end == .exited(77))
        #expect(terminal.shown.contains("too long"))
    }

    @Test("Ctrl-C at a question turns the echo on again and changes nothing") func interrupted()
        async throws
    {
        let stage = try LoginStage(
            type: "static_apikey", changing: ["bearer_token_prefix": "api-key"])
        let terminal = try stage.login()
        _ = try await terminal.expect(/(: )$/)
        #expect(try !terminal.echoIsOn)
        try terminal.sendInterrupt()
        #expect(await terminal.outcome().end == .killed(signal: SIGINT))
        #expect(try terminal.echoIsOn)
        #expect(!stage.hasToken)
    }
}
