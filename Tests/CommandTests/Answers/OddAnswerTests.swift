import Foundation
import PracticeServer
import TestSupport
import Testing
import Workbench

/// A server that rotates refresh tokens has spent the one that it was sent, whatever its answer looks
/// like.
@Suite("Odd answers", .inTurn) struct OddAnswerTests {
    private func fault(_ answer: OddAnswer, times: Int? = 1) -> PracticeServer.Fault {
        PracticeServer.Fault(.transformed(answer.change), path: "/token", times: times)
    }

    @Test("REF-02: the tokens in an odd answer are found and used", arguments: OddAnswer.readable)
    func readable(_ answer: OddAnswer) async throws {
        let session = try PersonalSession(.with { $0.refreshTokenLifetime = 86_400 * 30 })
        session.server.faults = [fault(answer)]
        #expect(try await session.run("token") == Outcome(session.server.issuedTokens[1] + "\n"))
        #expect(session.server.requestCount("/token") == 1)
        #expect(try session.isAlive())
        #expect(try session.folder().contains("token.unread") == false)
        try session.spend()
        #expect(try await session.run("token") == Outcome(session.server.issuedTokens[2] + "\n"))
        #expect(try session.isAlive())
    }

    @Test(
        "they are found in the journal if the process was killed",
        arguments: OddAnswer.readableLater)
    func killed(_ answer: OddAnswer) async throws {
        let session = try PersonalSession()
        session.server.faults = [fault(answer)]
        _ = try await session.shell(
            "exec strace -e inject=ftruncate:signal=KILL -o /dev/null planet-cred token")
        #expect(try await session.run("token") == Outcome(session.server.issuedTokens[1] + "\n"))
        #expect(session.server.requestCount("/token") == 1)
        #expect(try session.isAlive())
    }

    @Test(
        "the access token in an odd answer to a service account is used",
        arguments: OddAnswer.readable)
    func serviceAccount(_ answer: OddAnswer) async throws {
        let practice = try Practice()
        practice.server.faults = [fault(answer)]
        #expect(try await practice.run("token") == Outcome(practice.server.issuedTokens[0] + "\n"))
        #expect(practice.tokenRequestCount == 1)
    }

    @Test(
        "REF-02: a refresh token that comes without a usable access token carries on",
        arguments: [
            OddAnswer.body("an access token that is not UTF-8") { body in
                let text = String(decoding: body, as: UTF8.self)
                let start =
                    text.range(of: #""access_token":""#)?.upperBound.utf16Offset(in: text) ?? 0
                return body[..<start] + [0xFF] + body[start...]
            },
            .text("a zero in the access token") {
                $0.replacing(#""access_token":""#, with: "\"access_token\":\"a\0")
            },
            .text("another type") { $0.replacing("Bearer", with: "DPoP") + "!" },
            .text("no access token") { $0.replacing("access_token", with: "token") + "!" },
        ])
    func continued(_ answer: OddAnswer) async throws {
        let session = try PersonalSession()
        session.server.faults = [fault(answer)]
        #expect(try await session.run("token").end == .exited(69))
        #expect(try session.isAlive())
        _ = try await session.shell("rm ~/.planet/person/token.backoff")
        #expect(try await session.run("token") == Outcome(session.server.issuedTokens[2] + "\n"))
        #expect(session.server.requestCount("/token") == 2)
    }

    @Test(
        "an answer in which no token is found is kept, and the failure says where",
        arguments: OddAnswer.unreadable)
    func kept(_ answer: OddAnswer) async throws {
        let session = try PersonalSession()
        session.server.faults = [fault(answer)]
        let first = try await session.run("token")
        #expect(first.end == .exited(69))
        let path = try #require(first.errors.firstMatch(of: /is kept in '([^']*)'/)?.1)
        let kept = try Data(contentsOf: URL(filePath: String(path)))
        #expect(String(decoding: kept, as: UTF8.self).contains("HTTP/1.1 200"))
        // As after a lost answer the server is asked once more; this one takes that for a theft.
        _ = try await session.shell("rm ~/.planet/person/token.backoff")
        let second = try await session.run("token")
        #expect(second.end == .exited(77))
        #expect(second.errors.contains("is kept in '\(path)'"))
        #expect(second.errorParts.last == "try: planet-cred login person")
        #expect(try await session.run("token").end == .exited(77))
        #expect(session.server.requestCount("/token") == 2)
        #expect(try Data(contentsOf: URL(filePath: String(path))) == kept)
        #expect(try await session.run("logout").end == .exited(0))
        #expect(!FileManager.default.fileExists(atPath: String(path)))
    }

    @Test("a refresh token whose answers cannot be read is sent twice")
    func twice() async throws {
        let session = try PersonalSession(.with { $0.refreshTokens = .keep })
        session.server.faults = [fault(.body("noise") { _ in [0x8F, 0x02, 0xFF] }, times: nil)]
        for _ in 0..<2 {
            #expect(try await session.run("token").end == .exited(69))
            _ = try await session.shell("rm ~/.planet/person/token.backoff")
        }
        let third = try await session.run("token")
        #expect(third.end == .exited(77))
        #expect(third.errorParts.last == "try: planet-cred login person")
        #expect(session.server.requestCount("/token") == 2)
        #expect(try session.folder().filter { $0 == "token.unread" }.count == 2)
    }

    @Test("what cannot contain a token is not kept, and the refresh token is sent again and again")
    func harmless() async throws {
        let session = try PersonalSession()
        session.server.faults = [PracticeServer.Fault(.htmlPage, path: "/token", times: 3)]
        for _ in 0..<3 {
            #expect(try await session.run("token").end == .exited(69))
            _ = try await session.shell("rm ~/.planet/person/token.backoff")
        }
        #expect(try await session.run("token") == Outcome(session.server.issuedTokens[1] + "\n"))
        #expect(try session.folder().contains("token.unread") == false)
    }

    @Test("an answer that was cut off before the refresh token is asked for again, and kept")
    func cutBefore() async throws {
        let session = try PersonalSession()
        session.server.faults = [
            fault(
                .cut("in the refresh token") {
                    $0.range(of: #""refresh_token":"x"#.dropLast(1))?.upperBound ?? $0.endIndex
                })
        ]
        let first = try await session.run("token")
        #expect(first.end == .exited(77))
        #expect(first.errors.contains("is kept in"))
        // The access token was whole.
        #expect(try await session.run("token") == Outcome(session.server.issuedTokens[1] + "\n"))
        #expect(session.server.requestCount("/token") == 2)
    }

    @Test("what a killed process left and nobody can read is not overwritten")
    func leftBehind() async throws {
        let session = try PersonalSession()
        session.server.faults = [fault(OddAnswer.unreadable[1])]
        _ = try await session.shell(
            "exec strace -e inject=ftruncate:signal=KILL -o /dev/null planet-cred token")
        let next = try await session.run("token")
        #expect(next.end == .exited(77))
        #expect(next.errors.contains("is kept in"))
        #expect(try session.folder().contains("token.unread"))
    }
}
