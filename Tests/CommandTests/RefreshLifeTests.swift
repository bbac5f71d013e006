import Foundation
import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("How long a person's tokens live", .inTurn) struct RefreshLifeTests {
    struct Form: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let token: String
    }

    /// A JWT that says it ended in 1970, and another that ends in 2096.
    private static let examples = [
        Form(testDescription: "opaque", token: "opaque"),
        Form(testDescription: "a JWT that has ended", token: "e30.eyJpYXQiOjEsImV4cCI6Mn0.x"),
        Form(
            testDescription: "a JWT without an end in sight",
            token: "e30.eyJpYXQiOjEsImV4cCI6NDAwMDAwMDAwMH0.x"),
        Form(testDescription: "a JWE", token: "eyJhbGciOiJkaXIifQ..aXY.Y2lwaGVy.dGFn"),
    ]

    @Test(
        "OPAQ-01: receipt and 'expires_in' decide, whatever the token looks like",
        arguments: examples)
    func forms(_ form: Form) async throws {
        let session = try PersonalSession(
            .with { $0.tokenResponseOverrides = ["access_token": .string(form.token)] })
        #expect(try await session.run("token") == Outcome(form.token + "\n"))
        #expect(try await session.run("token") == Outcome(form.token + "\n"))
        #expect(session.server.requestCount("/token") == 1)
        try session.spend()
        #expect(try await session.run("token") == Outcome(form.token + "\n"))
        #expect(session.server.requestCount("/token") == 2)
    }

    @Test(
        "REF-11: a server whose clock is wrong changes nothing, receipt and 'expires_in' decide",
        arguments: [3600, -3600])
    func serverClock(_ seconds: Int64) async throws {
        let session = try PersonalSession(.with { $0.tokenFormat = .jwt })
        try session.write(access: "spent", refresh: session.refreshToken, expiresIn: -10)
        session.server.advanceClock(bySeconds: seconds)
        let first = try await session.run("token")
        #expect(first.end == .exited(0))
        #expect(try await session.run("token") == first)
        #expect(session.server.requestCount("/token") == 1)
    }

    @Test("REF-11: a receipt an hour in the past, as after a jump of our clock, is renewed")
    func clockAhead() async throws {
        let session = try PersonalSession()
        _ = try await session.run("token")
        try session.home.ageToken("person", bySeconds: 3600)
        #expect(
            try await session.run("token") == Outcome(session.server.issuedTokens[2] + "\n"))
        #expect(try session.isAlive())
    }

    @Test("REF-11: a receipt an hour in the future, as after a clock was set back, is not trusted")
    func clockBack() async throws {
        let session = try PersonalSession()
        _ = try await session.run("token")
        try session.home.ageToken("person", bySeconds: -3600)
        let second = try await session.run("token")
        #expect(second == Outcome(session.server.issuedTokens[2] + "\n"))
        #expect(try await session.run("token") == second)
        #expect(session.server.requestCount("/token") == 2)
    }

    @Test("REF-12: status tells until when a login lasts, for people and for programs")
    func status() async throws {
        let session = try PersonalSession(
            .with { $0.tokenResponseOverrides = ["refresh_expires_in": 7200] })
        _ = try await session.run("token")
        let own = try #require(
            try session.home.token("person")["planet_cred"] as? [String: Any])
        let end = try #require(own["refresh_token_expires_at"] as? Int)
        #expect(end == (own["received_at"] as? Int).map { $0 + 7200 })
        let date = Date(timeIntervalSince1970: Double(end)).formatted(.iso8601)
        #expect(
            try await session.run("status").text.contains("\nrefresh token  good until \(date) ("))
        let json = try await session.run("status", "--json")
        #expect(json.text.contains("\"refresh_token_expires_at\": \(end)"))
        #expect(json.text.contains("\"refresh_token\": true"))
    }

    @Test(
        "REF-12: a login is suggested before it ends",
        arguments: [["token"], ["exec", "--", "true"]])
    func notice(_ arguments: [String]) async throws {
        let session = try PersonalSession()
        try session.write(
            access: session.accessToken, refresh: session.refreshToken, expiresIn: 3000,
            more: #", "refresh_expires_in": 720"#)
        let answer = try await session.command(arguments).run()
        #expect(answer.end == .exited(0))
        #expect(
            answer.errors.contains(
                /^planet-cred: warning: the login of profile 'person' ends in \d+ (s|min); try: planet-cred login person\n$/
            ))
    }

    @Test("REF-12: git's user, who asked nothing, is not told") func git() async throws {
        let session = try PersonalSession(
            changing: [("planet_cred", ["hosts": ["127.0.0.1"]])])
        try session.write(
            access: session.accessToken, refresh: session.refreshToken, expiresIn: 3000,
            more: #", "refresh_expires_in": 720"#)
        let answer = try await session.run("get", input: "protocol=http\nhost=127.0.0.1\n")
        #expect(answer.lines.contains("password=\(session.accessToken)"))
        #expect(answer.errors == "")
    }
}
