import Foundation
import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("Token endpoint", .inTurn) struct TokenEndpointTests {
    @Test("a client that posts its secret gets a token") func post() async throws {
        let server = try PracticeServer()
        let answer = try await Curl.run(
            server.tokenEndpoint, "--data",
            "grant_type=client_credentials&client_id=m2m&client_secret=m2m-secret&scope=a+b")
        #expect(answer.status == 200)
        #expect(answer.values(of: "Cache-Control") == ["no-store"])
        #expect(answer.json["access_token"] as? String == server.issuedTokens.first)
        #expect(answer.json["token_type"] as? String == "Bearer")
        #expect(answer.json["expires_in"] as? Int == 3600)
        #expect(answer.json["scope"] as? String == "a b")
    }

    struct Secret: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var method: PracticeServer.AuthenticationMethod
        var user: String
        var status: Int
    }

    @Test(
        "a registered way of Basic is the only one that works",
        arguments: [
            Secret(testDescription: "encoded", method: .basic, user: "m%3A2:a+%25", status: 200),
            Secret(testDescription: "not encoded", method: .basic, user: "m%3A2:a %", status: 401),
            Secret(testDescription: "raw", method: .basicRaw, user: "m:2:a %", status: 401),
            Secret(testDescription: "raw only", method: .basicRaw, user: "n:a %", status: 200),
            Secret(
                testDescription: "raw but encoded", method: .basicRaw, user: "n:a+%25", status: 401),
        ])
    func basic(_ row: Secret) async throws {
        var configuration = PracticeServer.Configuration()
        configuration.clients = [
            "m:2": PracticeServer.Client(secret: "a %", methods: [row.method]),
            "n": PracticeServer.Client(secret: "a %", methods: [row.method]),
        ]
        let server = try PracticeServer(configuration)
        let answer = try await Curl.run(
            server.tokenEndpoint, "--user", row.user, "--data", "grant_type=client_credentials")
        #expect(answer.status == row.status)
    }

    struct Rejection: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var arguments: [String]
        var code: String
        var status = 400
    }

    private static let whole =
        "grant_type=client_credentials&client_id=m2m&client_secret=m2m-secret"

    @Test(
        "a request that breaks a rule is rejected with the code of the RFC",
        arguments: [
            Rejection(
                testDescription: "a wrong secret",
                arguments: [
                    "--data", "grant_type=client_credentials&client_id=m2m&client_secret=x",
                ],
                code: "invalid_client", status: 401),
            Rejection(
                testDescription: "no authentication",
                arguments: ["--data", "grant_type=client_credentials&client_id=m2m"],
                code: "invalid_client", status: 401),
            Rejection(
                testDescription: "an unknown client",
                arguments: ["--user", "x:y", "--data", "grant_type=client_credentials"],
                code: "invalid_client", status: 401),
            Rejection(
                testDescription: "another scheme",
                arguments: ["--header", "Authorization: Bearer x", "--data", "grant_type=x"],
                code: "invalid_client", status: 401),
            Rejection(
                testDescription: "Basic that is not base64",
                arguments: ["--header", "Authorization: Basic ***", "--data", "grant_type=x"],
                code: "invalid_client", status: 401),
            Rejection(
                testDescription: "two ways to authenticate",
                arguments: ["--user", "m2m:m2m-secret", "--data", whole], code: "invalid_request"),
            Rejection(
                testDescription: "another client_id",
                arguments: [
                    "--user", "m2m:m2m-secret", "--data",
                    "grant_type=client_credentials&client_id=other",
                ], code: "invalid_request"),
            Rejection(
                testDescription: "a repeated parameter",
                arguments: ["--data", whole + "&scope=a&scope=b"], code: "invalid_request"),
            Rejection(
                testDescription: "a broken escape",
                arguments: ["--data", whole + "&scope=%g0"], code: "invalid_request"),
            Rejection(
                testDescription: "text that is not UTF-8",
                arguments: ["--data", whole + "&scope=%ff"], code: "invalid_request"),
            Rejection(
                testDescription: "JSON",
                arguments: ["--json", "{}"], code: "invalid_request"),
            Rejection(
                testDescription: "a query",
                arguments: ["--url-query", "a=b", "--data", whole], code: "invalid_request"),
            Rejection(
                testDescription: "no grant",
                arguments: ["--user", "m2m:m2m-secret", "--data", "grant_type="],
                code: "invalid_request"),
            Rejection(
                testDescription: "another grant",
                arguments: ["--user", "m2m:m2m-secret", "--data", "grant_type=implicit"],
                code: "unsupported_grant_type"),
            Rejection(
                testDescription: "a public client",
                arguments: ["--data", "grant_type=client_credentials&client_id=public"],
                code: "unauthorized_client"),
        ])
    func rejections(_ row: Rejection) async throws {
        var configuration = PracticeServer.Configuration()
        configuration.clients["public"] = PracticeServer.Client(secret: "", methods: [.none])
        let server = try PracticeServer(configuration)
        let command = try await Command.run(
            "curl",
            ["-s", "-q", "-w", "%{stderr}%{http_code}", server.tokenEndpoint] + row.arguments)
        let object =
            try JSONSerialization.jsonObject(with: Data(command.output)) as? [String: String]
        #expect(object?["error"] == row.code)
        #expect(command.errors == String(row.status))
        #expect(server.issuedTokens.isEmpty)
    }

    @Test("a rejected client is told how to authenticate") func challenge() async throws {
        let server = try PracticeServer()
        let answer = try await Curl.run(
            server.tokenEndpoint, "--user", "m2m:x", "--data", "grant_type=client_credentials")
        #expect(answer.values(of: "WWW-Authenticate") == [#"Basic realm="practice""#])
        #expect(answer.values(of: "Cache-Control") == ["no-store"])
    }

    @Test("only POST is allowed") func get() async throws {
        let server = try PracticeServer()
        let answer = try await Curl.run(server.tokenEndpoint)
        #expect(answer.status == 405)
        #expect(answer.values(of: "Allow") == ["POST"])
    }

    @Test("a token can be padded, and the response extended") func configured() async throws {
        var configuration = PracticeServer.Configuration()
        configuration.tokenSize = 5000
        configuration.tokenLifetime = 60
        configuration.tokenResponseOverrides = ["refresh_token": "r", "expires_in": "60"]
        let server = try PracticeServer(configuration)
        let answer = try await Curl.token(server)
        #expect((answer.json["access_token"] as? String)?.utf8.count == 5000)
        #expect(answer.json["refresh_token"] as? String == "r")
        #expect(answer.json["expires_in"] as? String == "60")
    }
}
