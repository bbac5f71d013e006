import Foundation
import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("Faults", .inTurn) struct FaultTests {
    struct Replacement: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var effect: PracticeServer.Fault.Effect
        var status: Int
        var header = "Connection: keep-alive"
        var text: String
    }

    private static let httpDate = "Sun, 06 Nov 1994 08:49:37 GMT"

    @Test(
        "an answer replaces the usual one",
        arguments: [
            Replacement(
                testDescription: "too many requests",
                effect: .status(429, headers: ["Retry-After": "5"]), status: 429,
                header: "Retry-After: 5", text: ""),
            Replacement(
                testDescription: "retry at a date",
                effect: .status(503, headers: ["Retry-After": "\(httpDate)"]), status: 503,
                header: "Retry-After: \(httpDate)", text: ""),
            Replacement(
                testDescription: "another date",
                effect: .status(500, headers: ["Date": "\(httpDate)"], text: "oh"), status: 500,
                header: "Date: \(httpDate)", text: "oh"),
            Replacement(
                testDescription: "a redirect", effect: .redirect(to: "http://127.0.0.1:1/"),
                status: 302, header: "Location: http://127.0.0.1:1/", text: ""),
            Replacement(
                testDescription: "unauthorized and empty", effect: .status(401), status: 401,
                header: "Content-Length: 0", text: ""),
            Replacement(
                testDescription: "no content", effect: .status(204), status: 204, text: ""),
            Replacement(
                testDescription: "an OAuth2 error", effect: .oauthError("invalid_grant"),
                status: 400, text: #"{"error":"invalid_grant"}"#),
            Replacement(
                testDescription: "bytes", effect: .jsonBytes(Array(#"{"a":1,"a":2"#.utf8)),
                status: 200, text: #"{"a":1,"a":2"#),
        ])
    func replacement(_ row: Replacement) async throws {
        let server = try PracticeServer()
        server.faults = [PracticeServer.Fault(row.effect)]
        let answer = try await Curl.token(server)
        #expect(answer.status == row.status)
        #expect(answer.text == row.text)
        #expect(answer.headers.contains(row.header))
        #expect(answer.exitStatus == 0)
        #expect(server.issuedTokens.isEmpty)
        #expect(server.requestCount("/token") == 1)
    }

    @Test("a captive portal answers with a page") func page() async throws {
        let server = try PracticeServer()
        server.script("/token", [.htmlPage])
        let answer = try await Curl.token(server)
        #expect(answer.values(of: "Content-Type") == ["text/html"])
        #expect(answer.text.hasPrefix("<!doctype html>"))
    }

    struct Member: Sendable, CustomTestStringConvertible {
        var testDescription: String { text }
        var overrides: PracticeServer.MemberOverrides
        var text: String
    }

    @Test(
        "members of a token response can be anything",
        arguments: [
            Member(overrides: ["expires_in": "3600"], text: #""expires_in":"3600""#),
            Member(overrides: ["expires_in": 0], text: #""expires_in":0"#),
            Member(overrides: ["expires_in": -1], text: #""expires_in":-1"#),
            Member(overrides: ["expires_in": .raw("1e15")], text: #""expires_in":1e15"#),
            Member(overrides: ["expires_in": .null], text: #""expires_in":null"#),
            Member(overrides: ["access_token": "a\nb"], text: #""access_token":"a\u000ab""#),
            Member(overrides: ["token_type": "mac"], text: #""token_type":"mac""#),
            Member(
                overrides: ["access_token": "a", "access_token": "b"],
                text: #""access_token":"a","access_token":"b""#),
            Member(overrides: ["expires_in": nil], text: #""token_type":"Bearer"}"#),
        ])
    func members(_ row: Member) async throws {
        let server = try PracticeServer()
        server.faults = [PracticeServer.Fault(.tokenMembers(row.overrides), path: "/token")]
        let answer = try await Curl.token(server)
        #expect(answer.status == 200)
        #expect(answer.text.contains(row.text))
    }

    @Test("a token may contain what is not UTF-8") func invalidUTF8() async throws {
        let server = try PracticeServer()
        let token = PracticeServer.JSON.bytes([0x22, 0xFF, 0x22])
        server.script("/token", [.tokenMembers(["access_token": token])])
        #expect(try await Curl.token(server).body.contains(0xFF))
    }

    @Test("other members do not make a rejected request succeed") func membersOfErrors()
        async throws
    {
        let server = try PracticeServer()
        server.script("/token", [.tokenMembers(["access_token": "a"])])
        let answer = try await Curl.run(server.tokenEndpoint, "--data", "grant_type=x")
        #expect(answer.status == 401)
        #expect(answer.json["access_token"] == nil)
    }

    @Test("a script plays one answer after the other, then all is as usual") func script()
        async throws
    {
        let server = try PracticeServer()
        server.script("/token", [.status(500), .nothing, .status(503)])
        var statuses: [Int] = []
        for _ in 0..<4 { statuses.append(try await Curl.token(server).status) }
        #expect(statuses == [500, 200, 503, 200])
        #expect(server.faults.isEmpty)
    }

    @Test(
        "a fault for one path leaves the others alone",
        arguments: [("/token", 404), ("/elsewhere", 500), ("/else", 404), ("/elsewhere/", 404)])
    func path(_ path: String, _ status: Int) async throws {
        let server = try PracticeServer()
        server.faults = [PracticeServer.Fault(.status(500), path: path)]
        #expect(try await Curl.run(server.url + "/elsewhere").status == status)
    }

    @Test("a fault for a folder hits everything below it") func folder() async throws {
        let server = try PracticeServer()
        server.faults = [PracticeServer.Fault(.status(500), path: "/git/")]
        #expect(try await Curl.run(server.url + "/git/a/b").status == 500)
        #expect(try await Curl.run(server.url + "/github").status == 404)
    }

    @Test("an answer can be late") func latency() async throws {
        let server = try PracticeServer()
        server.faults = [.latency(milliseconds: 200, times: 1)]
        let start = ContinuousClock.now
        #expect(try await Curl.token(server).status == 200)
        #expect(start.duration(to: .now) >= .milliseconds(200))
        #expect(server.faults.isEmpty)
    }

    @Test("an answer can wait until it is released") func hold() async throws {
        let server = try PracticeServer()
        let hold = PracticeServer.Hold()
        server.faults = [.held(hold, path: "/token")]
        async let answer = Curl.token(server)
        try await Condition.wait(for: "the request") { server.requestCount("/token") == 1 }
        #expect(server.issuedTokens == [])
        hold.release()
        #expect(try await answer.status == 200)
    }
}
