import CredCore
import CredSession
import Glibc
import TestSupport
import Testing
import Workbench

/// Answers to refresh tokens that the token file does not have, or does not have any more.
@Suite("The journal of a renewal") struct RenewalJournalTests {
    private let stage: SessionStage
    private let answer =
        #"{"access_token":"new","token_type":"Bearer","expires_in":3600,"refresh_token":"r1"}"#

    init() throws {
        stage = try SessionStage()
        try stage.writePerson()
        try stage.writeSession()
    }

    @Test("the answer that a killed process left is taken, and the server is not asked")
    func recovered() throws {
        try stage.writeAnswer(to: "r0", answer)
        #expect(try stage.token() == "new")
        #expect(stage.requestCount == 0)
        #expect(try stage.keptRefreshToken == "r1")
    }

    @Test("the process in the background takes it as well")
    func background() throws {
        try stage.writeAnswer(to: "r0", answer)
        try stage.session().renewAhead()
        #expect(stage.requestCount == 0)
        #expect(try stage.keptRefreshToken == "r1")
    }

    @Test("status tells that an answer waits, and takes nothing")
    func status() throws {
        try stage.writeAnswer(to: "r0", answer)
        #expect(try stage.session().status().refreshToken == .answered)
        #expect(try stage.journal.count == 1)
        _ = try stage.token()
        #expect(try stage.session().status().refreshToken == .valid(until: nil))
    }

    @Test("its token lives from when it came, and not from when it was found")
    func receipt() throws {
        try stage.writeAnswer(to: "r0", answer)
        stage.pass(seconds: 1000)
        _ = try stage.token()
        #expect(try stage.session().status().expiresAt == UnixTime(SessionStage.start + 3600))
    }

    @Test("a file system whose clock is ahead does not lengthen its life")
    func clockAhead() throws {
        try stage.writeAnswer(to: "r0", answer)
        try stage.setTime(try stage.journalName("r0"), SessionStage.start + 5000)
        _ = try stage.token()
        #expect(try stage.session().status().expiresAt == UnixTime(SessionStage.start + 3600))
    }

    @Test("a token that has ended by now leaves its refresh token")
    func ended() throws {
        try stage.writeAnswer(to: "r0", answer)
        stage.pass(seconds: 3600)
        stage.script(.rotated("newer", "r2"))
        #expect(try stage.token() == "newer")
        #expect(stage.sentRefreshTokens == ["r1"])
    }

    @Test("a refused token does not take the recovered session with it, whoever is down")
    func refusedToken() throws {
        try stage.writeAnswer(to: "r0", answer)
        stage.script(.down, .down)
        let refused = TokenRequirement(refused: .fingerprint(Secret("new").fingerprint))
        #expect(try stage.failure(refused).kind == .tryAgain)
        #expect(try stage.keptRefreshToken == "r1")
        #expect(try stage.session().status().state == .rejected)
    }

    @Test(
        "what holds no token is no answer",
        arguments: [
            Example("nothing", ""), Example("half of one", #"{"access_token":"new","tok"#),
            Example("a list", "[]"),
        ])
    func noAnswer(_ example: Example<String>) throws {
        try stage.writeAnswer(to: "r0", example.given)
        stage.script(.rotated("asked", "r1"))
        #expect(try stage.token() == "asked")
        #expect(stage.sentRefreshTokens == ["r0"])
    }

    @Test("a refusal that nobody read is no answer either")
    func refusal() throws {
        try stage.writeAnswer(to: "r0", #"{"error":"invalid_grant"}"#, status: 400)
        stage.script(.rotated("asked", "r1"))
        #expect(try stage.token() == "asked")
    }

    @Test("the answer to one refresh token is none to another")
    func another() throws {
        try stage.writeAnswer(to: "other", answer)
        stage.script(.rotated("asked", "r1"))
        #expect(try stage.token() == "asked")
    }

    @Test("a link in place of an answer is not followed")
    func link() throws {
        try stage.write("elsewhere", "HTTP/1.1 200 X\r\n\r\n\(answer)")
        symlink(stage.absolute("elsewhere"), stage.absolute(try stage.journalName("r0")))
        stage.script(.rotated("asked", "r1"))
        #expect(try stage.token() == "asked")
        #expect(try stage.read("elsewhere").hasSuffix(answer))
    }

    @Test("a file that another tool has put back leads to the newest of the session")
    func putBack() throws {
        let old = try stage.read(SessionStage.tokenFile)
        stage.script(.rotated("one", "r1"), .rotated("two", "r2"))
        _ = try stage.token()
        stage.pass(seconds: 3600)
        _ = try stage.token()
        try stage.write(SessionStage.tokenFile, old)
        stage.pass(seconds: 5)
        #expect(try stage.token() == "two")
        #expect(try stage.keptRefreshToken == "r2")
        #expect(stage.sentRefreshTokens == ["r0", "r1"])
    }

    @Test("an answer that brought no refresh token is used once")
    func keptOnce() throws {
        stage.script(.granted("one"), .granted("two"))
        _ = try stage.token()
        stage.pass(seconds: 3600)
        #expect(try stage.token() == "two")
    }

    @Test("a token that was refused does not come back from an answer that was left behind")
    func leftBehind() throws {
        let same = #"{"access_token":"one","token_type":"Bearer","expires_in":3600}"#
        stage.script(.granted("one"), .granted("two"))
        _ = try stage.token()
        try stage.writeAnswer(to: "r0", same)
        try stage.session().reject(Secret("one"))
        #expect(try stage.token() == "two")
    }

    @Test("answers are forgotten ten minutes after, and other files are not")
    func sweep() throws {
        let now = Int64(time(nil))
        try stage.writeAnswer(to: "long ago", answer, at: now - 700)
        try stage.writeAnswer(to: "cut off long ago", "", at: now - 700)
        try stage.writeAnswer(to: "by another clock", answer, at: now + 3600)
        try stage.writeAnswer(to: "a moment ago", answer, at: now - 500)
        try stage.write("\(SessionStage.folder)/token.notes", "mine")
        try stage.setTime("\(SessionStage.folder)/token.notes", now - 700)
        stage.script(.rotated("new", "r1"))
        _ = try stage.token()
        #expect(stage.exists(try stage.journalName("a moment ago")))
        #expect(try stage.journal.count == 2)
        #expect(stage.exists("\(SessionStage.folder)/token.notes"))
    }
}
