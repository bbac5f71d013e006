import PracticeServer
import TestSupport
import Testing
import Workbench

/// What planet-cred writes it can read, whatever a server sends.
@Suite("Large answers", .inTurn) struct LargeAnswerTests {
    @Test(
        "a token of a large answer is saved and read again",
        arguments: [
            // 400 KB, and three times as much with escapes.
            OddAnswer.first("text", "\"a\":\"\(String(repeating: "é", count: 200_000))\""),
            .first("characters of 4 bytes", "\"a\":\"\(String(repeating: "😀", count: 200_000))\""),
            // 600 KB, and more than 2 MB on lines of their own.
            .first("a list", "\"a\":[0\(String(repeating: ",1", count: 300_000))]"),
            // Each of them is looked for among all the others only once.
            .first("members", (0..<70_000).map { "\"a\($0)\":1" }.joined(separator: ",")),
            .first(
                "control characters", "\"a\":\"\(String(repeating: "\u{7F}", count: 400_000))\""),
        ])
    func saved(_ answer: OddAnswer) async throws {
        let session = try PersonalSession()
        session.server.faults = [
            PracticeServer.Fault(.transformed(answer.change), path: "/token", times: 1)
        ]
        let first = try await session.run("token")
        #expect(first.text == session.server.issuedTokens[1] + "\n")
        #expect(try await session.run("token") == Outcome(first.text))
        #expect(session.server.requestCount("/token") == 1)
        #expect(try session.isAlive())
    }

    @Test("where there is too much for the file the login stays, and what is not needed goes")
    func tooMuch() async throws {
        let session = try PersonalSession()
        let more = String(repeating: "x", count: 900_000)
        try session.write(
            access: session.accessToken, refresh: session.refreshToken, expiresIn: -10,
            more: ", \"theirs\": \"\(more)\"")
        let answer = OddAnswer.first("more", "\"ours\":\"\(more)\"")
        session.server.faults = [
            PracticeServer.Fault(.transformed(answer.change), path: "/token", times: 1)
        ]
        let first = try await session.run("token")
        #expect(first.text == session.server.issuedTokens[1] + "\n")
        #expect(first.errors.contains("would be larger than 1 MiB"))
        #expect(try await session.run("token") == Outcome(first.text))
        #expect(session.server.requestCount("/token") == 1)
        #expect(try session.isAlive())
    }

    @Test("the file is UTF-8, and a terminal obeys nothing in it")
    func characters() async throws {
        let session = try PersonalSession()
        let answer = OddAnswer.first("a name", #""name":"Zoë \u009b31m \u001b[31m \u007f""#)
        session.server.faults = [PracticeServer.Fault(.transformed(answer.change), path: "/token")]
        _ = try await session.run("token")
        #expect(
            session.home.tokenText("person")?.contains(
                #""name": "Zoë \u009b31m \u001b[31m \u007f""#)
                == true)
    }
}
