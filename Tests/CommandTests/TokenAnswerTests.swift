import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("Answers of the token endpoint", .inTurn) struct TokenAnswerTests {

    /// A server whose answers have other members.
    private func practice(_ members: PracticeServer.MemberOverrides) throws -> Practice {
        try Practice(.with { $0.tokenResponseOverrides = members })
    }

    @Test(
        "TOK-04: the token's type is read without case", arguments: ["bearer", "BEARER", "Bearer"])
    func type(_ type: String) async throws {
        let practice = try practice(["token_type": .string(type)])
        let answer = try await practice.run("header")
        #expect(answer == Outcome("Authorization: Bearer \(practice.server.issuedTokens[0])\n"))
    }

    @Test(
        "TOK-05: a token of another type is refused and not kept",
        arguments: [
            Row<PracticeServer.MemberOverrides, String>("mac", ["token_type": "mac"], "mac"),
            Row<PracticeServer.MemberOverrides, String>("DPoP", ["token_type": "DPoP"], "DPoP"),
            Row<PracticeServer.MemberOverrides, String>("absent", ["token_type": nil], "missing"),
        ])
    func otherType(_ row: Row<PracticeServer.MemberOverrides, String>) async throws {
        let practice = try practice(row.given)
        let answer = try await practice.run("token")
        #expect(
            answer
                == Outcome(
                    errors: """
                        planet-cred: error: cannot get a token for profile 'practice'
                        planet-cred: because: the 'token_type' of the server's answer is '\(row.wanted)', not 'Bearer'
                        planet-cred: try: planet-cred token --profile practice -v

                        """, status: 69))
        #expect(practice.home.tokenText() == nil)
        #expect(practice.tokenRequestCount == 1)
    }

    @Test(
        "TOK-06: a token without a life is used once",
        arguments: [
            Example<PracticeServer.MemberOverrides>("absent", ["expires_in": nil]),
            Example<PracticeServer.MemberOverrides>("null", ["expires_in": .null]),
        ])
    func noLife(_ row: Example<PracticeServer.MemberOverrides>) async throws {
        let practice = try practice(row.given)
        let first = try await practice.run("token")
        let second = try await practice.run("token")
        #expect(first == Outcome(practice.server.issuedTokens[0] + "\n"))
        #expect(second == Outcome(practice.server.issuedTokens[1] + "\n"))
    }

    @Test(
        "TOK-06: for a token without a life no expiry is told",
        arguments: [
            Row(
                "json", ["token", "--format=json"],
                #"{"access_token":"<token>","token_type":"Bearer","profile":"practice"}"#),
            Row(
                "kubernetes", ["token", "--format=kubernetes"],
                #"{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","#
                    + #""status":{"token":"<token>"}}"#),
            Row(
                "exec", ["exec", "sh", "-c", "echo $PLANET_CRED_TOKEN${PLANET_CRED_EXPIRES_AT-.}"],
                "<token>."),
            Row("get", ["get"], "username=oauth2\npassword=<token>"),
        ])
    func noExpiry(_ row: Row<[String], String>) async throws {
        let practice = try practice(["expires_in": nil])
        let request = "protocol=http\nhost=\(practice.authority)\n"
        let answer = try await practice.command(row.given, input: request).run()
        let token = practice.server.issuedTokens[0]
        #expect(answer == Outcome(row.wanted.replacing("<token>", with: token) + "\n"))
    }

    @Test(
        "TOK-06: nor is one told by what looks at the token file", arguments: ["status", "inspect"])
    func noKeptExpiry(_ command: String) async throws {
        let practice = try practice(["expires_in": nil])
        _ = try await practice.run("token")
        let answer = try await practice.run(command, "--json")
        #expect(answer.end == .exited(0))
        #expect(!answer.text.contains("expires_at"))
    }

    @Test("TOK-06: the profile can say how long such a token lives") func defaultLife()
        async throws
    {
        let practice = try Practice(
            .with { $0.tokenResponseOverrides = ["expires_in": nil] },
            own: ["default_lifetime": 1000])
        _ = try await practice.run("token")
        _ = try await practice.run("token")
        #expect(practice.tokenRequestCount == 1)
        try practice.home.ageToken(bySeconds: 950)
        _ = try await practice.run("token")
        #expect(practice.tokenRequestCount == 2)
    }

    @Test(
        "TOK-07: a life is read in every notation",
        arguments: [
            Row<PracticeServer.JSON, Int>("a string", "3600", 3600),
            Row<PracticeServer.JSON, Int>("with a fraction", .raw("3600.0"), 3600),
            Row<PracticeServer.JSON, Int>("ten years at most", .raw("1e15"), 315_360_000),
            Row<PracticeServer.JSON, Int>("beyond all integers", .raw("1e400"), 315_360_000),
        ])
    func life(_ row: Row<PracticeServer.JSON, Int>) async throws {
        let practice = try practice(["expires_in": row.given])
        let answer = try await practice.run("token")
        #expect(answer == Outcome(practice.server.issuedTokens[0] + "\n"))
        let text = try #require(practice.home.tokenText())
        #expect(text.contains("\"lifetime\": \(row.wanted),"))
    }

    @Test("TOK-07: a token that has expired already is refused", arguments: [0, -5] as [Int64])
    func expired(_ life: Int64) async throws {
        let practice = try practice(["expires_in": .number(life)])
        let answer = try await practice.run("token")
        #expect(
            answer
                == Outcome(
                    errors: """
                        planet-cred: error: cannot get a token for profile 'practice'
                        planet-cred: because: the server's token has expired already ('expires_in' is \(life))
                        planet-cred: try: planet-cred token --profile practice -v

                        """, status: 69))
        #expect(practice.home.tokenText() == nil)
    }

    @Test("TOK-08: a token of 100 kB works, members that nobody knows are kept") func large()
        async throws
    {
        let practice = try Practice(
            .with {
                $0.tokenSize = 100_000
                $0.tokenResponseOverrides = ["odd": ["x": [1, true]]]
            })
        let answer = try await practice.run("token")
        #expect(answer.output.count == 100_001)
        #expect(answer == Outcome(practice.server.issuedTokens[0] + "\n"))
        #expect(try practice.home.token()["odd"] != nil)
    }

    @Test("TOK-08: of a member that is there twice the last one counts") func duplicates()
        async throws
    {
        let practice = try practice(["access_token": "first", "access_token": "last"])
        #expect(try await practice.run("token") == Outcome("last\n"))
    }

    @Test(
        "TOK-08, TOK-11: an answer that is no JSON object with a token is a failure",
        arguments: [
            Example<PracticeServer.Fault.Effect>("empty", .status(200)),
            Example<PracticeServer.Fault.Effect>(
                "a form", .status(200, text: "access_token=t&token_type=bearer")),
            Example<PracticeServer.Fault.Effect>(
                "half", .jsonBytes(Array(#"{"access_token":"a"#.utf8))),
            Example<PracticeServer.Fault.Effect>("a list", .jsonBytes(Array("[1]".utf8))),
            Example<PracticeServer.Fault.Effect>(
                "not UTF-8",
                .jsonBytes(
                    Array(#"{"token_type":"Bearer","access_token":""#.utf8) + [0xFF, 0x22, 0x7D])),
        ])
    func noToken(_ row: Example<PracticeServer.Fault.Effect>) async throws {
        let practice = try Practice()
        try practice.home.writeTokenFile("practice", "{}")
        practice.server.faults = [PracticeServer.Fault(row.given, path: "/token")]
        let answer = try await practice.run("token")
        #expect(
            answer
                == Outcome(
                    errors: """
                        planet-cred: error: cannot get a token for profile 'practice'
                        planet-cred: because: the server's answer is no JSON object
                        planet-cred: try: planet-cred token --profile practice -v

                        """, status: 69))
        #expect(practice.home.tokenText() == "{}")
        #expect(practice.tokenRequestCount == 1)
    }

    @Test("TOK-11: the page of a network that wants a login is told as such") func page()
        async throws
    {
        let practice = try Practice()
        practice.server.faults = [PracticeServer.Fault(.htmlPage, path: "/token")]
        let answer = try await practice.run("token")
        #expect(
            answer
                == Outcome(
                    errors: """
                        planet-cred: error: cannot get a token for profile 'practice'
                        planet-cred: because: '\(practice.server.tokenEndpoint)' answers with a web page, as a network does that wants a login first
                        planet-cred: try: planet-cred token --profile practice -v

                        """, status: 69))
    }

    @Test("TOK-08: an answer without an end is cut off") func huge() async throws {
        let practice = try Practice()
        practice.server.faults = [
            PracticeServer.Fault(.huge(byteCount: 5 << 20), path: "/token")
        ]
        let answer = try await practice.run("token")
        #expect(answer.output == [])
        #expect(answer.errors.contains("'\(practice.authority)' sent more than 1 MiB"))
        #expect(practice.home.tokenText() == nil)
    }

    @Test("TOK-09: a scope that was not granted is reported") func narrowScope() async throws {
        let practice = try Practice(
            .with { $0.tokenResponseOverrides = ["scope": "c a"] },
            changing: ["scopes": ["a", "b", "c", "d"]])
        let answer = try await practice.run("token")
        #expect(
            answer
                == Outcome(
                    practice.server.issuedTokens[0] + "\n",
                    errors: "planet-cred: warning: the server did not grant the scope 'b d'\n"))
        #expect(try practice.home.token()["scope"] as? String == "c a")
    }

    @Test(
        "TOK-09: the same scope in another order, or none, is as asked for",
        arguments: [
            Example<PracticeServer.MemberOverrides>("reordered", ["scope": "b a"]),
            Example<PracticeServer.MemberOverrides>("absent", ["scope": nil]),
        ])
    func sameScope(_ row: Example<PracticeServer.MemberOverrides>) async throws {
        let practice = try Practice(
            .with { $0.tokenResponseOverrides = row.given }, changing: ["scopes": ["a", "b"]])
        let answer = try await practice.run("token")
        #expect(answer == Outcome(practice.server.issuedTokens[0] + "\n"))
    }

    @Test("TOK-11: an error with status 200 is a refusal") func errorWith200() async throws {
        let practice = try Practice()
        practice.server.faults = [
            PracticeServer.Fault(.oauthError("invalid_scope", status: 200), path: "/token")
        ]
        let answer = try await practice.run("token")
        #expect(answer.errorParts[1] == "because: the server answered 'invalid_scope'")
        #expect(answer.end == .exited(78))
    }

    @Test(
        "TOK-16: a token that could break a header or a line is refused",
        arguments: [
            Example("LF", "a\nb"), Example("CR", "a\rb"), Example("NUL", "a\0b"),
            Example("space", "a b"),
            Example("ESC", "a\u{1B}[31m"), Example("empty", ""), Example("not ASCII", "ä"),
        ])
    func badToken(_ row: Example<String>) async throws {
        let practice = try practice(["access_token": .string(row.given)])
        let answer = try await practice.run("token")
        let toGit = try await practice.run(
            "get", input: "protocol=http\nhost=\(practice.authority)\n")
        #expect(
            answer
                == Outcome(
                    errors: """
                        planet-cred: error: cannot get a token for profile 'practice'
                        planet-cred: because: 'access_token' of the server's answer is missing, empty or holds a character no header may hold
                        planet-cred: try: planet-cred token --profile practice -v

                        """, status: 69))
        #expect(toGit.output == [])
        #expect(practice.home.tokenText() == nil)
    }
}
