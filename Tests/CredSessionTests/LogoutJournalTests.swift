import CredCore
import CredSession
import Glibc
import TestSupport
import Testing
import Workbench

/// What a logout finds in the journal, where no token file leads.
@Suite("Logout from the journal") struct LogoutJournalTests {
    private let stage: SessionStage

    init() throws {
        stage = try SessionStage()
        try stage.writeLogin()
    }

    private func body(_ access: String, _ refresh: String? = nil, life: String = "3600") -> String {
        let next = refresh.map { #","refresh_token":"\#($0)""# } ?? ""
        return #"{"access_token":"\#(access)","token_type":"Bearer","expires_in":\#(life)\#(next)}"#
    }

    private func loseTokenFile() { unlink(stage.absolute(SessionStage.tokenFile)) }

    private var sent: [String?] { stage.happened.requests.map { $0.field("token") } }

    @Test(
        "an answer that no token file leads to is revoked",
        arguments: [
            Example("no file", nil), Example("an empty file", ""), Example("no tokens", "{}"),
            Example("another login", #"{"access_token":"THEIRS","refresh_token":"OTHER"}"#),
        ] as [Example<String?>])
    func orphan(_ example: Example<String?>) throws {
        loseTokenFile()
        if let text = example.given { try stage.write(SessionStage.tokenFile, text) }
        try stage.writeAnswer(to: "R0", body("A1", "R1"))
        for _ in 0..<4 { stage.script(.status(200)) }
        #expect(try stage.logOut() == .revoked)
        #expect(sent.contains("R1") && sent.contains("A1"))
        #expect(try stage.journal == [])
    }

    @Test("of a chain of answers the last refresh token and every access token are revoked")
    func tips() throws {
        loseTokenFile()
        try stage.writeAnswer(to: "R0", body("A1", "R1"), at: stage.now - 30)
        try stage.writeAnswer(to: "R1", body("A2", "R2"), at: stage.now - 20)
        try stage.writeAnswer(to: "X0", body("B1", "X1"), at: stage.now - 10)
        for _ in 0..<5 { stage.script(.status(200)) }
        #expect(try stage.logOut() == .revoked)
        #expect(sent == ["X1", "R2", "B1", "A2", "A1"])
    }

    @Test("a refresh token that stays the same is not taken for one that was replaced")
    func kept() throws {
        loseTokenFile()
        try stage.writeAnswer(to: "R", body("A", "R"))
        stage.script(.status(200), .status(200))
        #expect(try stage.logOut() == .revoked)
        #expect(sent == ["R", "A"])
    }

    @Test("an access token that has expired by our clock is not sent")
    func expired() throws {
        try stage.writeAnswer(to: "R0", body("OLD", "R1", life: "60"), at: stage.now - 61)
        try stage.writeAnswer(to: "R1", body("NEW", "REFRESH", life: #""90""#), at: stage.now - 61)
        for _ in 0..<3 { stage.script(.status(200)) }
        #expect(try stage.logOut() == .revoked)
        #expect(sent == ["REFRESH", "ACCESS", "NEW"])
    }

    @Test("REF-10: tokens in an answer that is not named after this server are not sent to it")
    func foreign() throws {
        loseTokenFile()
        try stage.writeAnswer(to: "R0", body("A1", "R1"))
        try stage.writeLogin(more: #","client_id":"other""#)
        loseTokenFile()
        let failure = try stage.logOutFailure()
        #expect(failure.kind == .unavailable)
        #expect(failure.because?.hasPrefix("a token was issued by a different server") == true)
        #expect(sent == [])
        #expect(try stage.journal == [])
    }

    @Test("an answer belongs to its server whatever its scopes were")
    func scopes() throws {
        loseTokenFile()
        try stage.writeAnswer(to: "R0", body("A1", "R1"))
        try stage.writeLogin(more: #","scopes":["a","b"]"#)
        loseTokenFile()
        stage.script(.status(200), .status(200))
        #expect(try stage.logOut() == .revoked)
        #expect(sent == ["R1", "A1"])
    }

    @Test(
        "a file without a token is no login",
        arguments: [
            Example("space for an answer that never came", ""),
            Example("a refusal", #"{"error":"invalid_grant"}"#),
        ])
    func tokenless(_ example: Example<String>) throws {
        loseTokenFile()
        try stage.writeAnswer(to: "R0", example.given, status: 400)
        #expect(try stage.logOut() == .nobodyLoggedIn)
        #expect(sent == [])
        #expect(try stage.journal == [])
    }

    @Test(
        "if time is short, the refresh token is revoked first, and access tokens are reported as live"
    )
    func timeOver() throws {
        let stage = try SessionStage(latency: 6000)
        try stage.writeLogin()
        try stage.writeAnswer(to: "R0", body("A1", "REFRESH"))
        for _ in 0..<3 { stage.script(.status(200)) }
        guard case .accessTokenLives(_, let reason) = try stage.logOut() else {
            Issue.record("all was revoked")
            return
        }
        #expect(reason == "the server did not answer within 10 s")
        #expect(stage.requestCount == 2)
    }
}
