import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("Token endpoints that say no, or nothing", .inTurn) struct TokenRefusalTests {

    private static let oldToken =
        #"{"access_token": "old", "_iat": 1000, "_exp": 2000, "token_type": "Bearer"}"#

    /// Every request for a token meets this, and a spent token is in the cache.
    private func practice(_ effect: PracticeServer.Fault.Effect) throws -> Practice {
        let practice = try Practice()
        practice.server.faults = [PracticeServer.Fault(effect, path: "/token")]
        try practice.home.writeTokenFile("practice", Self.oldToken)
        return practice
    }

    @Test(
        "TOK-10: a refusal is told in the server's words and is not repeated",
        arguments: [
            Row<PracticeServer.Fault.Effect, String>(
                "invalid_client", .oauthError("invalid_client", status: 401),
                "the server answered 'invalid_client'"),
            Row<PracticeServer.Fault.Effect, String>(
                "unauthorized_client", .oauthError("unauthorized_client"),
                "the server answered 'unauthorized_client'"),
            Row<PracticeServer.Fault.Effect, String>(
                "invalid_scope", .oauthError("invalid_scope"),
                "the server answered 'invalid_scope'"),
            Row<PracticeServer.Fault.Effect, String>(
                "unsupported_grant_type", .oauthError("unsupported_grant_type"),
                "the server answered 'unsupported_grant_type'"),
            Row<PracticeServer.Fault.Effect, String>(
                "403 and nothing", .status(403), "the server answered HTTP status 403"),
            Row<PracticeServer.Fault.Effect, String>(
                "an explanation with control characters",
                .status(
                    400, text: #"{"error": "invalid_request", "error_description": "a\u001b[31mb"}"#
                ),
                "the server answered 'invalid_request': a [31mb"),
        ])
    func refusal(_ row: Row<PracticeServer.Fault.Effect, String>) async throws {
        let practice = try practice(row.given)
        // In one go: the refusal is remembered for ten seconds.
        let answer = try await practice.home.shell(
            "planet-cred token; planet-cred token", with: ["PL_AUTH_PROFILE": "practice"])
        let remedy = "${EDITOR:-vi} \(practice.home.path)/.planet/practice/auth_client.json"
        #expect(
            answer
                == Outcome(
                    errors: """
                        planet-cred: error: cannot get a token for profile 'practice'
                        planet-cred: because: \(row.wanted)
                        planet-cred: try: \(remedy)
                        planet-cred: error: cannot get a token for profile 'practice'
                        planet-cred: because: \(row.wanted), a moment ago
                        planet-cred: try: \(remedy)

                        """, status: 78))
        #expect(practice.tokenRequestCount == 1)
        #expect(practice.home.tokenText() == Self.oldToken)
    }

    @Test("TOK-10: who mends the profile is not held up by the refusal") func mended()
        async throws
    {
        let practice = try Practice(changing: ["client_secret": "wrong"])
        let wrong = try await practice.run("token")
        try practice.home.writeProfile(for: practice.server)
        let right = try await practice.run("token")
        #expect(wrong.end == .exited(78))
        #expect(right == Outcome(practice.server.issuedTokens[0] + "\n"))
    }

    @Test("TOK-10: invalid_grant asks for a login") func invalidGrant() async throws {
        let practice = try practice(.oauthError("invalid_grant"))
        let answer = try await practice.run("token")
        #expect(answer.end == .exited(77))
    }

    @Test(
        "TOK-12: eight processes ask once while the server wants to be left alone",
        arguments: [
            Example("seconds", (429, "600")),
            Example("a date", (503, "Thu, 31 Dec 2099 23:59:59 GMT")),
        ])
    func sharedPause(_ row: Example<(Int, String)>) async throws {
        let practice = try practice(
            .status(row.given.0, headers: ["Retry-After": row.given.1]))
        let running = try (0..<8).map { _ in try practice.command(["token"]).start() }
        var answers: [Outcome] = []
        for process in running { answers.append(await process.outcome()) }
        let reason =
            "the server answers with HTTP status \(row.given.0); nobody asks again before 20"
        #expect(practice.tokenRequestCount == 1)
        #expect(answers.map(\.end) == Array(repeating: .exited(75), count: 8))
        #expect(answers.allSatisfy { $0.output == [] && $0.errors.contains(reason) })
        #expect(practice.home.tokenText() == Self.oldToken)
    }

    @Test("TOK-12: a short pause is waited for, by all together") func shortPause() async throws {
        let practice = try Practice()
        practice.server.script("/token", [.status(429, headers: ["Retry-After": "1"])])
        let running = try (0..<8).map { _ in try practice.command(["token"]).start() }
        var answers: [Outcome] = []
        for process in running { answers.append(await process.outcome()) }
        let times = practice.tokenRequests.map(\.time)
        #expect(times.count == 2)
        #expect(times[0].duration(to: times[1]) >= .seconds(1))
        #expect(Set(answers.map(\.text)) == [practice.server.issuedTokens[0] + "\n"])
    }

    @Test("TOK-12: why it takes so long is told, but not to git") func wait() async throws {
        let practices = try (0..<2).map { _ in try Practice() }
        let busy = PracticeServer.Fault.Effect.status(429, headers: ["Retry-After": "2"])
        for practice in practices { practice.server.script("/token", [busy]) }
        let request = "protocol=http\nhost=\(practices[1].authority)\n"
        let token = try practices[0].command(["token"]).start()
        let git = try practices[1].command(["get"], input: request).start()
        #expect(
            await token.outcome().errors
                == "planet-cred: waiting 2 s: the server answers with HTTP status 429\n")
        #expect(await git.outcome().errors == "")
    }

    @Test("TOK-12: the message says when to try again") func message() async throws {
        let practice = try practice(.status(429, headers: ["Retry-After": "600"]))
        let answer = try await practice.run("token")
        #expect(answer.errorParts[0] == "error: cannot get a token for profile 'practice'")
        #expect(
            answer.errorParts[1].hasPrefix(
                "because: the server answers with HTTP status 429; nobody asks again before 20"))
        #expect(answer.errorParts[2].hasPrefix("try: sleep "))
        #expect(answer.errorParts[2].hasSuffix("; planet-cred token --profile practice"))
        #expect(answer.end == .exited(75))
    }

    @Test("TOK-12: after the pause the server is asked again, and its answer ends the pause")
    func afterPause() async throws {
        let practice = try Practice()
        practice.server.script("/token", [.status(429, headers: ["Retry-After": "600"])])
        _ = try await practice.run("token")
        var pause = try practice.home.object(".planet/practice/token.backoff")
        pause["until"] = 1_000_000_000
        try practice.home.writeObject(".planet/practice/token.backoff", pause)
        let answer = try await practice.run("token")
        #expect(answer == Outcome(practice.server.issuedTokens[0] + "\n"))
        #expect(!practice.home.exists(".planet/practice/token.backoff"))
    }

    @Test("TOK-12: a token that is still accepted is handed out during a pause, with a word")
    func bearable() async throws {
        let practice = try Practice()
        _ = try await practice.run("token")
        try practice.home.ageToken(bySeconds: 3545)
        practice.server.faults = [
            PracticeServer.Fault(.status(503, headers: ["Retry-After": "600"]))
        ]
        let answer = try await practice.run("token")
        #expect(answer.text == practice.server.issuedTokens[0] + "\n")
        #expect(answer.errors.hasPrefix("planet-cred: warning: using a token that is good for "))
        #expect(answer.end == .exited(0))
    }

    @Test(
        "TOK-13: a server in trouble is asked three times, then left alone",
        arguments: [
            Row<PracticeServer.Fault.Effect, String>(
                "500", .status(500), "the server answers with HTTP status 500"),
            Row<PracticeServer.Fault.Effect, String>(
                "503", .status(503), "the server answers with HTTP status 503"),
            Row<PracticeServer.Fault.Effect, String>(
                "reset", .reset(.beforeActing), "curl says 'Recv failure: Connection reset by peer'"
            ),
            Row<PracticeServer.Fault.Effect, String>(
                "cut off", .truncate(missingByteCount: 5),
                "curl says 'transfer closed with 5 bytes remaining to read'"),
            Row<PracticeServer.Fault.Effect, String>(
                "temporarily_unavailable", .oauthError("temporarily_unavailable"),
                "the server answered 'temporarily_unavailable'"),
        ])
    func trouble(_ row: Row<PracticeServer.Fault.Effect, String>) async throws {
        let practice = try practice(row.given)
        let first = try await practice.run("token")
        #expect(practice.tokenRequestCount == 3)
        #expect(first.output == [])
        #expect(
            first.errorParts[1].hasPrefix("because: \(row.wanted); nobody asks again before "))
        #expect(first.end == .exited(75))
        #expect(practice.home.tokenText() == Self.oldToken)
    }

    @Test("TOK-13: a server that is back after an error is no failure") func recovered()
        async throws
    {
        let practice = try Practice()
        practice.server.script("/token", [.status(500), .reset(.afterActing)])
        let answer = try await practice.run("token")
        #expect(answer == Outcome(practice.server.issuedTokens[1] + "\n"))
    }

    @Test(
        "TOK-14: a redirect of the token endpoint is not followed", arguments: [301, 302, 307, 308])
    func redirect(_ status: Int) async throws {
        let practice = try practice(.status(500))
        let other = try PracticeServer()
        practice.server.faults = [
            PracticeServer.Fault(
                .status(status, headers: ["Location": other.tokenEndpoint]), path: "/token")
        ]
        let answer = try await practice.run("token")
        #expect(
            answer
                == Outcome(
                    errors: """
                        planet-cred: error: cannot get a token for profile 'practice'
                        planet-cred: because: the server redirects (HTTP status \(status)), and a secret does not follow
                        planet-cred: try: planet-cred token --profile practice -v

                        """, status: 69))
        #expect(other.connectionCount == 0)
        #expect(practice.tokenRequestCount == 1)
    }

    @Test("a secret that the server repeats is neither shown nor kept") func repeatedSecret()
        async throws
    {
        let practice = try Practice()
        practice.server.faults = [
            PracticeServer.Fault(
                .status(
                    400, text: #"{"error":"invalid_client","error_description":"no m2m-secret"}"#),
                path: "/token")
        ]
        let answer = try await practice.run("token")
        #expect(
            answer.errorParts[1] == "because: the server answered 'invalid_client': no <redacted>")
        let kept = try practice.home.read(".planet/practice/token.backoff")
        #expect(!kept.contains("m2m-secret"))
    }
}
