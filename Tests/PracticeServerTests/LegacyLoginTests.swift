import Foundation
import PracticeServer
import TestSupport
import Testing

@Suite("Legacy login", .inTurn) struct LegacyLoginTests {
    @Test("e-mail address and password give an API key in a JWT") func login() async throws {
        let server = try PracticeServer()
        let answer = try await Curl.run(
            server.legacyLoginEndpoint, "--json",
            #"{"email": "alice@example.com", "password": "correct horse"}"#)
        #expect(answer.status == 200)
        let claims = try SignedToken(try #require(answer.json["token"] as? String)).claims
        #expect(claims["email"] as? String == "alice@example.com")
        #expect(server.accepts(try #require(claims["api_key"] as? String)))
    }

    @Test(
        "anything else gives a message",
        arguments: [
            Row(
                "a wrong password",
                ["--json", #"{"email": "alice@example.com", "password": "x"}"#], 401),
            Row("somebody else", ["--json", #"{"email": "bob", "password": "x"}"#], 401),
            Row("no password", ["--json", #"{"email": "alice@example.com"}"#], 400),
            Row("no JSON", ["--json", "{"], 400),
            Row("a form", ["--data", "email=alice@example.com&password=correct+horse"], 400),
        ])
    func refused(_ row: Row<[String], Int>) async throws {
        let server = try PracticeServer()
        let answer = try await Curl.run([server.legacyLoginEndpoint] + row.given)
        #expect(answer.status == row.wanted)
        #expect(answer.json["message"] is String)
        #expect(answer.json["token"] == nil)
    }

    @Test("only POST is allowed") func get() async throws {
        let server = try PracticeServer()
        #expect(try await Curl.run(server.legacyLoginEndpoint).status == 405)
    }
}
