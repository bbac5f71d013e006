import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("Renewal of a person's session", .inTurn) struct RefreshTests {
    @Test("REF-02: file and folder are on disk before the token is printed") func durable()
        async throws
    {
        let session = try PersonalSession()
        let trace = "\(session.home.root)/trace"
        _ = try await session.shell(
            "strace -y -e trace=fsync,rename,write -o \(trace) planet-cred token")
        let calls = try session.home.read(trace).split(separator: "\n").map(String.init)
        let file = calls.firstIndex { $0.hasPrefix("fsync") && $0.contains("token.json.new>") }
        let rename = calls.firstIndex { $0.hasPrefix("rename") && $0.contains("token.json\"") }
        let folder = calls.firstIndex { $0.hasPrefix("fsync") && $0.contains("/person>") }
        let print = calls.firstIndex { $0.hasPrefix("write(1<") }
        let order = [file, rename, folder, print].compactMap(\.self)
        #expect(order.count == 4)
        #expect(order == order.sorted())
    }

    @Test("an ageing token is handed out at once and refreshed by a detached process")
    func background() async throws {
        let session = try PersonalSession(expiresIn: 800)
        #expect(try await session.run("token") == Outcome(session.accessToken + "\n"))
        try await Condition.wait(for: "the new token") {
            session.server.issuedTokens.count == 2
                && session.home.tokenText("person")?.contains(session.server.issuedTokens[1])
                    ?? false
        }
        #expect(try session.isAlive())
    }
}
