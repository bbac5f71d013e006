import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("Broken connections", .inTurn) struct BrokenConnectionTests {
    /// curl's exit statuses for a reset while it connects, waits, sends or receives.
    private static let reset: Set<Int32> = [7, 52, 55, 56]

    struct Reset: Sendable, CustomTestStringConvertible {
        var testDescription: String { "\(moment)" }
        var moment: PracticeServer.Fault.ResetMoment
        var requestCount: Int
        var tokenCount: Int
    }

    @Test(
        "a reset comes before the request, before its effect or after it",
        arguments: [
            Reset(moment: .onConnect, requestCount: 0, tokenCount: 0),
            Reset(moment: .beforeActing, requestCount: 1, tokenCount: 0),
            Reset(moment: .afterActing, requestCount: 1, tokenCount: 1),
        ])
    func reset(_ row: Reset) async throws {
        let server = try PracticeServer()
        server.faults = [PracticeServer.Fault(.reset(row.moment), times: 1)]
        let answer = try await Curl.token(server)
        #expect(Self.reset.contains(answer.exitStatus))
        #expect(server.connectionCount == 1)
        #expect(server.requests.count == row.requestCount)
        #expect(server.issuedTokens.count == row.tokenCount)
        #expect(try await Curl.token(server).status == 200)
    }

    @Test("a truncated answer announces more than it has") func truncated() async throws {
        let server = try PracticeServer()
        server.script("/token", [.truncate(missingByteCount: 10)])
        let answer = try await Curl.token(server)
        let announced = answer.values(of: "Content-Length").first.flatMap(Int.init)
        #expect(answer.exitStatus == 18)
        #expect(announced == answer.body.count + 10)
        #expect(server.issuedTokens.count == 1)
    }

    @Test("a stalled answer never comes") func stall() async throws {
        let server = try PracticeServer()
        server.script("/token", [.stall])
        let answer = try await Curl.run(
            [server.tokenEndpoint, "--data", "grant_type=x"] + Curl.patience)
        #expect(answer.exitStatus == 28)
        try await Condition.wait(for: "the request") { server.requestCount("/token") == 1 }
    }

    @Test(
        "a huge answer arrives whole in each framing",
        arguments: [
            PracticeServer.Answer.Framing.contentLength, .chunked, .untilClose,
        ])
    func huge(_ framing: PracticeServer.Answer.Framing) async throws {
        let server = try PracticeServer()
        server.script("/token", [.huge(byteCount: 20 << 20, framing: framing)])
        let answer = try await Curl.token(server)
        #expect(answer.exitStatus == 0)
        #expect(answer.body.count == 20 << 20)
    }

    @Test("a client may refuse a huge answer") func hugeRefused() async throws {
        let server = try PracticeServer()
        server.script("/token", [.huge(byteCount: 20 << 20)])
        let answer = try await Curl.run(server.tokenEndpoint, "--max-filesize", "1000000")
        #expect(answer.exitStatus == 63)
        #expect(try await Curl.token(server).status == 200)
    }
}
