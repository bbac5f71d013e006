import PracticeServer
import TestSupport
import Testing
import Workbench

/// What cannot be read is not missing.
@Suite("Files that cannot be read", .inTurn) struct UnreadableFileTests {
    @Test(
        "REF-05: a journal that cannot be read now keeps the refresh token from being sent",
        arguments: ["read", "openat", "fstat,newfstatat"], ["EIO", "EACCES"])
    func journal(_ call: String, _ error: String) async throws {
        let session = try PersonalSession()
        // The answer is in the journal, and nobody has read it yet.
        _ = try await session.shell(
            "strace -e inject=ftruncate:signal=KILL -o /dev/null planet-cred token")
        let answer = try await session.shell(
            """
            file=$(echo ~/.planet/person/token.answer.*)
            strace -P $file -e inject=\(call):error=\(error) -o /dev/null planet-cred token
            """)
        #expect(answer.end == .exited(1))
        #expect(answer.errors.contains("nothing was sent to the server"))
        #expect(session.server.requestCount("/token") == 1)
        #expect(try await session.run("token").text == session.server.issuedTokens[1] + "\n")
        #expect(try session.isAlive())
    }
}
