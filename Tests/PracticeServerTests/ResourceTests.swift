import PracticeServer
import TestSupport
import Testing

@Suite("Protected resource", .inTurn) struct ResourceTests {
    struct Presentation: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var option: String
        /// What stands before and after the token.
        var prefix: String
        var suffix = ""
        var scheme: String
    }

    @Test(
        "a token opens the resource",
        arguments: [
            Presentation(
                testDescription: "Bearer", option: "--header", prefix: "Authorization: Bearer ",
                scheme: "Bearer"),
            Presentation(
                testDescription: "bearer in small letters", option: "--header",
                prefix: "authorization: bearer ", scheme: "Bearer"),
            Presentation(
                testDescription: "as the password", option: "--user", prefix: "anyone:",
                scheme: "Basic"),
            Presentation(
                testDescription: "as the user", option: "--user", prefix: "", suffix: ":",
                scheme: "Basic"),
        ])
    func opens(_ row: Presentation) async throws {
        let server = try PracticeServer()
        let token = try server.issueToken()
        let answer = try await Curl.run(
            server.resource, row.option, row.prefix + token + row.suffix)
        #expect(answer.status == 200)
        #expect(answer.json["scheme"] as? String == row.scheme)
        #expect(answer.json["user"] as? String == "m2m")
    }

    @Test(
        "an API key opens the resource",
        arguments: [
            ["--header", "Authorization: api-key key-1"], ["--user", "key-1:"],
            ["--user", "x:key-1"],
        ])
    func apiKey(_ arguments: [String]) async throws {
        var configuration = PracticeServer.Configuration()
        configuration.apiKeys = ["key-1"]
        let server = try PracticeServer(configuration)
        #expect(try await Curl.run(server.resource, arguments[0], arguments[1]).status == 200)
        #expect(server.accepts("key-1"))
        server.revoke("key-1")
        #expect(try await Curl.run(server.resource, arguments[0], arguments[1]).status == 401)
        #expect(!server.accepts("key-1"))
    }

    @Test("a request without a token is told what to bring") func withoutToken() async throws {
        let server = try PracticeServer()
        let answer = try await Curl.run(server.resource)
        #expect(answer.status == 401)
        #expect(answer.values(of: "WWW-Authenticate") == [#"Bearer realm="practice""#])
    }

    @Test(
        "a credential in the wrong place is an invalid token",
        arguments: [
            "Bearer practice-api-key", "Bearer x", "Digest x", "Bearer", "Basic !", "api-key x",
        ])
    func wrong(_ value: String) async throws {
        let server = try PracticeServer()
        let answer = try await Curl.run(server.resource, "--header", "Authorization: \(value)")
        #expect(answer.status == 401)
        #expect(
            answer.values(of: "WWW-Authenticate")
                == [#"Bearer realm="practice", error="invalid_token""#])
    }

    @Test("a revoked token opens nothing") func revoked() async throws {
        let server = try PracticeServer()
        let token = try server.issueToken()
        #expect(server.accepts(token))
        server.revoke(token)
        #expect(!server.accepts(token))
        let header = "Authorization: Bearer \(token)"
        #expect(try await Curl.run(server.resource, "--header", header).status == 401)
    }

    @Test("a token ends with its lifetime") func expired() throws {
        let server = try PracticeServer()
        let token = try server.issueToken()
        server.advanceClock(bySeconds: 2600)
        #expect(server.accepts(token))
        server.advanceClock(bySeconds: 1000)
        #expect(!server.accepts(token))
    }
}
