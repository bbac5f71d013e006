import Foundation
import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("logout", .inTurn) struct LogoutTests {
    @Test("where nothing can be removed the server revokes the tokens all the same")
    func readOnly() async throws {
        let session = try PersonalSession(expiresIn: 3600)
        try session.home.setMode(".planet/person", 0o500)
        try session.home.giveToNobody()
        let answer = try await session.home.shellAsNobody("planet-cred logout person")
        #expect(answer.end == .exited(1))
        #expect(answer.errors.contains("the server has revoked them"))
        #expect(!session.server.acceptsRefresh(session.refreshToken))
    }

    @Test("REV-01: the server revokes both tokens, and nothing of them is left here")
    func both() async throws {
        let login = try PracticeLogin()
        let answer = try await login.practice.run("logout")
        #expect(
            answer
                == Outcome(
                    errors: "planet-cred: logged out of profile 'practice': "
                        + "the server has revoked its tokens\n"))
        #expect(!login.practice.server.acceptsRefresh(login.refreshToken))
        #expect(!login.practice.server.accepts(login.accessToken))
        let home = login.practice.home
        #expect(
            home.files.filter { $0.hasPrefix(".planet/") } == [
                ".planet/practice", ".planet/practice/auth_client.json",
                ".planet/practice/token.lock",
            ])
    }

    @Test("REV-01: the refresh token is first, each says what it is, and the client who it is")
    func requests() async throws {
        let login = try PracticeLogin()
        _ = try await login.practice.run("logout")
        let forms = login.revocations.map { String(decoding: $0.body, as: UTF8.self) }
        #expect(
            forms == [
                "token=\(login.refreshToken)&token_type_hint=refresh_token&client_id=pub",
                "token=\(login.accessToken)&token_type_hint=access_token&client_id=pub",
            ])
        #expect(login.revocations.map(\.method) == ["POST", "POST"])
        #expect(login.revocations.map(\.query) == [nil, nil])
    }

    @Test("REV-01: a token that the server does not know counts as revoked")
    func unknown() async throws {
        let login = try PracticeLogin()
        try login.write(access: "unknown", refresh: "unknown-too")
        #expect(try await login.practice.run("logout").end == .exited(0))
        #expect(login.practice.home.tokenText() == nil)
    }

    @Test("the profile may be named as an operand")
    func operand() async throws {
        let login = try PracticeLogin()
        let answer = try await login.practice.home.run("logout", "practice")
        #expect(answer.end == .exited(0))
        #expect(login.revocations.count == 2)
    }

    @Test("nobody to log out is told, and is no failure") func nobody() async throws {
        let practice = try Practice()
        #expect(
            try await practice.run("logout")
                == Outcome(errors: "planet-cred: nobody is logged in with profile 'practice'\n"))
        #expect(practice.server.connectionCount == 0)
    }

    @Test(
        "REV-02: a server that does not revoke is told of, and what is kept here goes",
        arguments: [
            Row(
                "busy for long", .status(503, headers: ["Retry-After": "3600"]),
                "the server answers with HTTP status 503"),
            Row(
                "not this kind of token", .oauthError("unsupported_token_type"),
                "the server answered 'unsupported_token_type'"),
        ] as [Row<PracticeServer.Fault.Effect, String>])
    func notRevoked(_ row: Row<PracticeServer.Fault.Effect, String>) async throws {
        let login = try PracticeLogin()
        login.practice.server.faults = [PracticeServer.Fault(row.given, path: "/revoke")]
        let answer = try await login.practice.run("logout")
        #expect(answer.end == .exited(69))
        #expect(
            answer.errorParts == [
                "error: the server was not told of the logout from profile 'practice'",
                "because: \(row.wanted); no token is kept here any more, "
                    + "but the server may still take them",
            ])
        #expect(login.practice.home.tokenText() == nil)
    }

    @Test(
        "what is kept for a profile that cannot be used goes, and it is said what is wrong with it",
        arguments: [
            Row("broken", "auth_client.json", "cannot use profile 'a': '"),
            Row("encrypted", "auth_client.sops.json", "cannot use profile 'a': '"),
        ])
    func unusable(_ row: Row<String, String>) async throws {
        let home = try ScratchHome()
        try home.write(".planet/a/\(row.given)", "{")
        let first = try await home.run("logout", "a")
        #expect(first.end == .exited(78))
        try home.writeTokenFile("a", #"{"access_token": "x"}"#)
        let answer = try await home.run("logout", "a")
        #expect(answer.end == .exited(69))
        #expect(answer.errorParts[1].hasPrefix("because: \(row.wanted)"))
        #expect(home.tokenText("a") == nil)
    }

    @Test("a profile without a configuration may be named, too") func unconfigured() async throws {
        let home = try ScratchHome()
        try home.writeTokenFile("a", #"{"access_token": "x"}"#)
        #expect(try await home.run("logout", "a").end == .exited(69))
        #expect(home.tokenText("a") == nil)
    }

    @Test("REV-02: a short wait that the server asks for is kept") func shortWait() async throws {
        let login = try PracticeLogin()
        login.practice.server.script(
            "/revoke", [.status(503, headers: ["Retry-After": "1"])])
        #expect(try await login.practice.run("logout").end == .exited(0))
        #expect(login.revocations.count == 3)
        #expect(!login.practice.server.acceptsRefresh(login.refreshToken))
    }

    @Test("REV-02: an access token that is not revoked is said to live, and until when")
    func accessTokenLives() async throws {
        let login = try PracticeLogin()
        login.practice.server.script(
            "/revoke", [.nothing, .oauthError("unsupported_token_type")])
        let answer = try await login.practice.run("logout")
        #expect(answer.end == .exited(0))
        #expect(
            answer.errors.hasPrefix(
                "planet-cred: logged out of profile 'practice': the refresh token is revoked; "
                    + "the access token lives until 20"))
        #expect(login.practice.home.tokenText() == nil)
    }

    @Test("REV-03: offline, what is kept here goes, and it is said that the server was not told")
    func offline() async throws {
        let login = try PracticeLogin()
        // Nobody listens there; the port of a server that has stopped may be another test's.
        try login.practice.home.writeProfile(
            for: login.practice.server,
            changing: [
                "client_type": "oidc_device_code", "client_id": "pub", "client_secret": nil,
                "revocation_endpoint": "http://127.0.0.1:1/revoke",
            ])
        let answer = try await login.practice.run("logout")
        try #require(answer.end == .exited(69))
        #expect(
            answer.errorParts[0]
                == "error: the server was not told of the logout from profile 'practice'")
        #expect(answer.errorParts[1].hasPrefix("because: curl says '"))
        #expect(answer.errorParts.count == 2)
        #expect(login.practice.home.tokenText() == nil)
    }

    @Test("REV-03: a server without a place to be told was not told") func nowhere() async throws {
        let login = try PracticeLogin()
        login.practice.server.metadataOverrides = ["revocation_endpoint": nil]
        let answer = try await login.practice.run("logout")
        #expect(answer.end == .exited(69))
        #expect(
            answer.errorParts[1].hasPrefix(
                "because: the metadata of '\(login.practice.server.issuer)' "
                    + "names no 'revocation_endpoint'; "))
        #expect(login.practice.home.tokenText() == nil)
    }

    @Test("the token of a service account is revoked, and the next command gets another")
    func serviceAccount() async throws {
        let practice = try Practice()
        let token = try await practice.run("token").line
        #expect(try await practice.run("logout").end == .exited(0))
        #expect(!practice.server.accepts(token))
        #expect(try await practice.run("token").line != token)
    }

    @Test("what other tools keep in the token file stays") func survivors() async throws {
        let login = try PracticeLogin()
        try login.write(access: "a", refresh: "r", more: #", "of_others": {"x": 1}"#)
        _ = try await login.practice.run("logout")
        #expect(
            login.practice.home.tokenText() == """
                {
                  "of_others": {
                    "x": 1
                  }
                }
                """)
    }

    @Test("a key in a variable cannot be forgotten, and it is said where it is")
    func variable() async throws {
        let answer = try await ScratchHome().run("logout", with: ["PL_API_KEY": "PLAK-1"])
        #expect(answer.end == .exited(1))
        #expect(
            answer.errorParts == [
                "error: cannot forget the API key of profile '_pl_api_key'",
                "because: it is in the variable PL_API_KEY", "try: unset PL_API_KEY",
            ])
    }

    @Test("SEC-04: no token is shown, whatever the server says and however much is asked")
    func secrets() async throws {
        let login = try PracticeLogin()
        let reason = "\(login.refreshToken) is none"
        login.practice.server.faults = [
            PracticeServer.Fault(
                .answer(
                    PracticeServer.Answer(
                        status: 400,
                        json: ["error": "bad", "error_description": .string(reason)])),
                path: "/revoke")
        ]
        let answer = try await login.practice.run("logout", "-v")
        #expect(answer.errors.contains("the server answered 'bad': <redacted> is none; "))
        #expect(!answer.description.contains(login.refreshToken))
        #expect(!answer.description.contains(login.accessToken))
    }
}

@Suite("logout of all", .inTurn) struct LogoutOfAllTests {
    @Test("every profile with a token file is logged out, and each is told")
    func all() async throws {
        let login = try PracticeLogin()
        let server = login.practice.server
        let home = login.practice.home
        try home.writeProfile("service", for: server)
        try home.writeProfile("without", for: server)
        _ = try await home.run("token", "--profile", "service")
        try home.writeTokenFile("stray", #"{"access_token": "a"}"#)
        let answer = try await home.run("logout", "--all")
        #expect(answer.end == .exited(69))
        #expect(
            answer.errors == """
                planet-cred: logged out of profile 'practice': the server has revoked its tokens
                planet-cred: logged out of profile 'service': the server has revoked its tokens
                planet-cred: error: the server was not told of the logout from profile 'stray'
                planet-cred: because: no configuration of the profile names its server; no token \
                is kept here any more, but the server may still take them

                """)
        #expect(home.files.filter { $0.hasSuffix("token.json") } == [])
        #expect(server.issuedTokens.filter(server.accepts) == [])
    }

    @Test("the answer to a refresh token that no token file knows goes too")
    func journalAlone() async throws {
        let home = try ScratchHome()
        try home.write(".planet/gone/token.pending.0123", "HTTP/1.1 200\r\n\r\n{}")
        #expect(try await home.run("logout", "--all").end == .exited(69))
        #expect(home.files.filter { $0.hasSuffix("0123") } == [])
    }

    @Test("a failure stops nobody, and the first one's status is the command's")
    func failure() async throws {
        let login = try PracticeLogin()
        let home = login.practice.home
        try home.write(".planet/a/auth_client.json", "{")
        try home.writeTokenFile("a", #"{"access_token": "a"}"#)
        try home.writeTokenFile("stray", #"{"access_token": "a"}"#)
        let answer = try await home.run("logout", "--all")
        #expect(answer.end == .exited(69))
        #expect(answer.errors.contains("planet-cred: because: cannot use profile 'a': "))
        #expect(home.tokenText("a") == nil)
        #expect(home.tokenText() == nil)
        #expect(home.tokenText("stray") == nil)
    }

    @Test("nobody at all is told, and is no failure") func nobody() async throws {
        #expect(
            try await ScratchHome().run("logout", "--all")
                == Outcome(errors: "planet-cred: nobody is logged in\n"))
    }

    @Test("where the profiles cannot be seen nobody says that nobody is logged in")
    func unreadable() async throws {
        let home = try ScratchHome()
        try home.writeTokenFile("practice", #"{"access_token":"ACCESS"}"#)
        try home.setMode(".planet", 0o300)
        try home.giveToNobody()
        let answer = try await home.shellAsNobody("planet-cred logout --all")
        try home.setMode(".planet", 0o700)
        #expect(
            answer
                == Outcome(
                    errors: """
                        planet-cred: error: cannot tell who is logged in
                        planet-cred: because: '\(home.absolute(".planet"))' cannot be read: Permission denied
                        planet-cred: try: ls -ld \(home.absolute(".planet"))

                        """, status: 1))
    }

    @Test("one and all are a contradiction") func contradiction() async throws {
        let answer = try await ScratchHome().run("logout", "practice", "--all")
        #expect(answer.end == .exited(2))
        #expect(answer.errorParts[0] == "error: 'logout --all' does not take 'practice'")
    }
}

/// A practice server and a home whose profile `practice` is a person's, who has logged in.
struct PracticeLogin {
    let practice: Practice
    let accessToken: String
    let refreshToken: String

    init(
        _ configuration: PracticeServer.Configuration = PracticeServer.Configuration()
    ) throws {
        practice = try Practice(
            configuration,
            changing: [
                "client_type": "oidc_device_code", "client_id": "pub", "client_secret": nil,
            ])
        (accessToken, refreshToken) = try practice.server.issueSession()
        try write(access: accessToken, refresh: refreshToken)
    }

    /// Writes the token file as Planet's Python tools do.
    func write(access: String, refresh: String, more: String = "") throws {
        let now = Int64(Date.now.timeIntervalSince1970)
        try practice.home.writeTokenFile(
            "practice",
            """
            {"_exp": \(now + 3600), "_iat": \(now), "access_token": "\(access)", \
            "expires_in": 3600, "refresh_token": "\(refresh)", "token_type": "Bearer"\(more)}
            """)
    }

    var revocations: [PracticeServer.Request] {
        practice.server.requests.filter { $0.path == "/revoke" }
    }
}
