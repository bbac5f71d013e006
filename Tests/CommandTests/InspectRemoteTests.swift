import Foundation
import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("inspect --remote", .inTurn) struct InspectRemoteTests {
    @Test("INTR-01: introspection is a POST by the client, and its answer is shown")
    func introspection() async throws {
        let practice = try Practice(changing: ["scopes": ["a"]])
        let token = try await practice.run("token").line
        let object = try await InspectTests.json(practice.run("inspect", "--remote", "--json"))
        let remote = try #require(object["remote"] as? [String: Any])
        #expect(remote["source"] as? String == "introspection")
        #expect(remote["active"] as? Bool == true)
        #expect(remote["scope"] as? String == "a")
        let request = try #require(practice.server.requests.last)
        #expect(request.path == "/introspect")
        #expect(request.method == "POST")
        #expect(
            String(decoding: request.body, as: UTF8.self)
                == "token=\(token)&token_type_hint=access_token&client_id=m2m"
                + "&client_secret=m2m-secret")
    }

    @Test("INTR-01: a token that is not active is invalid, whatever else the server says of it")
    func inactive() async throws {
        let practice = try Practice(.with { $0.tokenFormat = .jwt })
        _ = try await practice.run("token")
        practice.server.faults = [
            PracticeServer.Fault(
                .answer(
                    PracticeServer.Answer(
                        json: ["active": false, "scope": "a", "exp": 9_999_999_999])),
                path: "/introspect")
        ]
        let answer = try await practice.run("inspect", "--remote", "--json")
        #expect(answer.end == .exited(77))
        let remote = try #require(try InspectTests.json(answer)["remote"] as? [String: Any])
        #expect(remote["active"] as? Bool == false)
        #expect(remote.count == 2)
        #expect(
            answer.errorParts == [
                "error: the access token of profile 'practice' is not valid",
                "because: its server says so",
                "try: planet-cred token --rejected --profile practice",
            ])
    }

    @Test("INTR-01: a token that the server has revoked is invalid") func revoked() async throws {
        let practice = try Practice()
        practice.server.revoke(try await practice.run("token").line)
        let answer = try await practice.run("inspect", "--remote")
        #expect(answer.end == .exited(77))
        #expect(answer.lines.last == "server says   not active (introspection)")
    }

    @Test("INTR-01: no other command asks about a token") func hotPath() async throws {
        let practice = try Practice()
        _ = try await practice.run("token")
        _ = try await practice.run("token")
        _ = try await practice.run("status")
        _ = try await practice.run("inspect")
        #expect(practice.server.requestCount("/introspect") == 0)
        #expect(practice.server.requestCount("/userinfo") == 0)
    }

    @Test("a public client that may not introspect shows the token, in the header alone")
    func userinfo() async throws {
        let login = try PracticeLogin()
        login.practice.server.faults = [
            PracticeServer.Fault(.oauthError("invalid_client", status: 401), path: "/introspect")
        ]
        let answer = try await login.practice.run("inspect", "--remote")
        #expect(answer.end == .exited(0))
        #expect(
            answer.lines.suffix(3) == [
                "server says   active (userinfo)", "  sub         alice",
                "  email       alice@example.com",
            ])
        let request = try #require(login.practice.server.requests.last)
        #expect(request.path == "/userinfo")
        #expect(request.query == nil)
        #expect(request.headers["Authorization"] == "Bearer \(login.accessToken)")
    }

    @Test("a token that the server refuses at userinfo is invalid") func refused() async throws {
        let login = try PracticeLogin()
        login.practice.server.metadataOverrides = ["introspection_endpoint": nil]
        login.practice.server.revoke(login.accessToken)
        let answer = try await login.practice.run("inspect", "--remote")
        #expect(answer.end == .exited(77))
        #expect(answer.lines.last == "server says   not active (userinfo)")
        #expect(answer.errorParts.last == "try: planet-cred login practice")
    }

    @Test("Sentinel Hub's own place is asked where its server has no introspection")
    func tokeninfo() async throws {
        let home = try ScratchHome()
        try home.writeProfile(
            "hub",
            [
                "client_type": "oidc_client_credentials_secret", "client_id": "id",
                "client_secret": "SECRET", "auth_server": "https://services.sentinel-hub.com/oauth",
            ])
        try home.writeTokenFile("hub", #"{"access_token": "OPAQUE"}"#)
        // The real one is not asked: a curl of ours answers in its place.
        try await home.writeProgram(
            "curl",
            """
            #!/bin/sh
            tee -a ~/requests | grep -q '^url = "https://services.sentinel-hub.com/oauth/tokeninfo"' &&
                exec printf 'HTTP/1.1 200 OK\\r\\n\\r\\n{"sub": "me"}'
            printf 'HTTP/1.1 404 Not Found\\r\\n\\r\\n'
            """)
        let answer = try await home.run("inspect", "--remote", "--profile", "hub")
        #expect(answer.end == .exited(0))
        #expect(answer.lines.suffix(2) == ["server says   active (tokeninfo)", "  sub         me"])
        #expect(try home.read("requests").contains("header = \"Authorization: Bearer OPAQUE\"\n"))
    }

    @Test(
        "where the server does not tell, the failure says why",
        arguments: [
            Row("busy", .status(503), 75), Row("no word on it", .status(403), 69),
        ] as [Row<PracticeServer.Fault.Effect, Int32>])
    func noAnswer(_ row: Row<PracticeServer.Fault.Effect, Int32>) async throws {
        let practice = try Practice()
        _ = try await practice.run("token")
        practice.server.faults = [
            PracticeServer.Fault(row.given, path: "/introspect"),
            PracticeServer.Fault(row.given, path: "/userinfo"),
        ]
        let answer = try await practice.run("inspect", "--remote")
        #expect(answer.end == .exited(row.wanted))
        #expect(answer.output == [])
    }

    @Test("SEC-04: neither token nor secret is shown, whatever the server answers")
    func secrets() async throws {
        let practice = try Practice(.with { $0.tokenFormat = .jwt })
        let token = try await practice.run("token").line
        practice.server.faults = [
            PracticeServer.Fault(
                .answer(
                    PracticeServer.Answer(
                        json: ["active": true, "echo": [.string(token), "m2m-secret"]])),
                path: "/introspect")
        ]
        let answer = try await practice.run("inspect", "--remote", "-v")
        #expect(answer.text.contains(#"["<redacted>","<redacted>"]"#))
        #expect(!answer.description.contains(token))
        #expect(!answer.description.contains("m2m-secret"))
    }
}
