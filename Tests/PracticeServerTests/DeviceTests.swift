import Foundation
import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("Device flow", .inTurn) struct DeviceTests {
    private static let pub = ["--data", "client_id=pub"]

    private func begin(
        _ server: PracticeServer, as client: [String] = pub
    ) async throws -> Curl {
        try await Curl.run(
            [server.deviceAuthorizationEndpoint, "--data", "scope=openid+a"] + client)
    }

    private func poll(
        _ server: PracticeServer, _ code: String, as client: [String] = pub
    ) async throws -> Curl {
        try await Curl.run(
            [
                server.tokenEndpoint, "--data-urlencode",
                "grant_type=urn:ietf:params:oauth:grant-type:device_code",
                "--data", "device_code=\(code)",
            ] + client)
    }

    private func code(_ server: PracticeServer) async throws -> String {
        try #require(await begin(server).json["device_code"] as? String)
    }

    @Test("a device is told what to show") func authorization() async throws {
        let server = try PracticeServer()
        let answer = try await begin(server).json
        let userCode = try #require(answer["user_code"] as? String)
        #expect(userCode.wholeMatch(of: /[B-Z]{4}-[B-Z]{4}/) != nil)
        #expect(answer["verification_uri"] as? String == "\(server.url)/device")
        let complete = "\(server.url)/device?user_code=\(userCode)"
        #expect(answer["verification_uri_complete"] as? String == complete)
        #expect(answer["expires_in"] as? Int == 600)
        #expect(answer["interval"] as? Int == 1)
    }

    @Test("what a device is told can be anything") func configured() async throws {
        var configuration = PracticeServer.Configuration()
        configuration.device.interval = nil
        configuration.device.lifetime = 12
        configuration.device.userCode = "A\u{1B}[31m&"
        configuration.device.verificationURI = "file:///etc/passwd?a"
        configuration.device.overrides = ["more": true]
        let answer = try await begin(PracticeServer(configuration)).json
        #expect(answer["interval"] == nil)
        #expect(answer["expires_in"] as? Int == 12)
        #expect(answer["user_code"] as? String == "A\u{1B}[31m&")
        #expect(answer["verification_uri"] as? String == "file:///etc/passwd?a")
        let complete = "file:///etc/passwd?a&user_code=A%1B%5B31m%26"
        #expect(answer["verification_uri_complete"] as? String == complete)
        #expect(answer["more"] as? Bool == true)
    }

    @Test("there may be no complete URI") func incomplete() async throws {
        var configuration = PracticeServer.Configuration()
        configuration.device.namesCompleteURI = false
        let answer = try await begin(PracticeServer(configuration)).json
        #expect(answer["verification_uri"] != nil)
        #expect(answer["verification_uri_complete"] == nil)
    }

    @Test("a device gets its tokens once the person has opened the page") func page() async throws {
        let server = try PracticeServer()
        let answer = try await begin(server).json
        let code = try #require(answer["device_code"] as? String)
        #expect(try await poll(server, code).json["error"] as? String == "authorization_pending")
        let place = try #require(answer["verification_uri"] as? String)
        #expect(try await Curl.run(place).status == 200)
        #expect(try await poll(server, code).json["error"] as? String == "authorization_pending")
        let complete = try #require(answer["verification_uri_complete"] as? String)
        #expect(try await Curl.run(complete).status == 200)
        let tokens = try await poll(server, code).json
        #expect(server.accepts(try #require(tokens["access_token"] as? String)))
        #expect(server.acceptsRefresh(try #require(tokens["refresh_token"] as? String)))
        #expect(tokens["scope"] as? String == "openid a")
        let claims = try SignedToken(try #require(tokens["id_token"] as? String)).claims
        #expect(claims["sub"] as? String == "alice")
        #expect(claims["nonce"] == nil)
        #expect(try await poll(server, code).json["error"] as? String == "invalid_grant")
    }

    @Test("a test can agree instead of the person") func approval() async throws {
        var configuration = PracticeServer.Configuration()
        configuration.device.userCode = "CODE"
        let server = try PracticeServer(configuration)
        let code = try await code(server)
        #expect(!server.approveDevice(userCode: "EDOC"))
        #expect(server.approveDevice(userCode: "CODE"))
        #expect(try await poll(server, code).status == 200)
    }

    @Test("a code that no device shows is refused") func unknownUserCode() async throws {
        let server = try PracticeServer()
        #expect(try await Curl.run("\(server.url)/device?user_code=x").status == 400)
    }

    @Test(
        "a poll follows the script",
        arguments: [
            Row("pending", .pending, "authorization_pending"), Row("slow", .slowDown, "slow_down"),
            Row("denied", .denied, "access_denied"), Row("expired", .expired, "expired_token"),
        ] as [Row<PracticeServer.DevicePoll, String>])
    func scripted(_ row: Row<PracticeServer.DevicePoll, String>) async throws {
        var configuration = PracticeServer.Configuration()
        configuration.device.userCode = "CODE"
        let server = try PracticeServer(configuration)
        let code = try await code(server)
        server.approveDevice(userCode: "CODE")
        server.devicePolls = [row.given]
        let answer = try await poll(server, code)
        #expect(answer.status == 400)
        #expect(answer.json["error"] as? String == row.wanted)
        #expect(server.devicePolls.isEmpty)
        #expect(try await poll(server, code).status == 200)
    }

    @Test(
        "a poll may get no answer",
        arguments: [
            Row("a stall", (.stall, Curl.patience), 28), Row("a reset", (.reset, []), 56),
        ] as [Row<(PracticeServer.DevicePoll, [String]), Int32>])
    func noAnswer(_ row: Row<(PracticeServer.DevicePoll, [String]), Int32>) async throws {
        let server = try PracticeServer()
        let code = try await code(server)
        server.devicePolls = [row.given.0]
        let answer = try await poll(server, code, as: Self.pub + row.given.1)
        #expect(answer.exitStatus == row.wanted)
        try await Condition.wait(for: "the poll") { server.devicePolls.isEmpty }
        #expect(server.requestCount("/token") == 1)
        #expect(try await poll(server, code).json["error"] as? String == "authorization_pending")
    }

    @Test("only a right poll uses up the script") func wrongPoll() async throws {
        let server = try PracticeServer()
        let code = try await code(server)
        server.devicePolls = [.denied]
        let web = ["--user", "web:web-secret"]
        #expect(try await poll(server, "x").json["error"] as? String == "invalid_grant")
        #expect(try await poll(server, code, as: web).json["error"] as? String == "invalid_grant")
        #expect(server.devicePolls.count == 1)
    }

    @Test("a code ends with its lifetime") func expiry() async throws {
        let server = try PracticeServer()
        let answer = try await begin(server).json
        let code = try #require(answer["device_code"] as? String)
        server.advanceClock(bySeconds: 600)
        #expect(try await poll(server, code).json["error"] as? String == "expired_token")
        #expect(!server.approveDevice(userCode: try #require(answer["user_code"] as? String)))
    }

    @Test(
        "a client authenticates itself to begin",
        arguments: [
            Row("public", pub, 200), Row("confidential", ["--user", "web:web-secret"], 200),
            Row("a wrong secret", ["--user", "web:x"], 401),
            Row("none", ["--data", "client_id=web"], 401),
            Row("a query", pub + ["--url-query", "a=b"], 400),
        ])
    func client(_ row: Row<[String], Int>) async throws {
        #expect(try await begin(PracticeServer(), as: row.given).status == row.wanted)
    }
}
