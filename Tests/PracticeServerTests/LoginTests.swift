import Foundation
import PracticeServer
import TestSupport
import Testing

@Suite("Logins", .inTurn) struct LoginTests {
    /// RFC 7636 appendix B.
    private static let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    private static let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    private static let redirectURI = "http://127.0.0.1:1/cb?a=b"

    /// A code for a client, as its browser would bring it.
    private func code(
        _ server: PracticeServer, for client: String = "pub", scope: String = "a"
    ) async throws -> String {
        let answer = try await Curl.run(
            server.authorizationEndpoint, "--get", "--data", "response_type=code&state=s&nonce=n-1",
            "--data", "code_challenge_method=S256&code_challenge=\(Self.challenge)",
            "--data", "client_id=\(client)", "--data-urlencode", "scope=\(scope)",
            "--data-urlencode", "redirect_uri=\(Self.redirectURI)")
        let location = try #require(answer.values(of: "Location").first)
        let items = try #require(URLComponents(string: location)?.queryItems)
        return try #require(items.first { $0.name == "code" }?.value)
    }

    private func redeem(
        _ server: PracticeServer, _ code: String, verifier: String = verifier,
        redirectURI: String = redirectURI, as client: [String] = ["--data", "client_id=pub"]
    ) async throws -> Curl {
        try await Curl.run(
            [
                server.tokenEndpoint, "--data", "grant_type=authorization_code&code=\(code)",
                "--data-urlencode", "redirect_uri=\(redirectURI)",
                "--data-urlencode", "code_verifier=\(verifier)",
            ] + client)
    }

    @Test("a code gives an access token and a refresh token") func code() async throws {
        let server = try PracticeServer()
        let answer = try await redeem(server, code(server))
        #expect(answer.status == 200)
        #expect(answer.json["scope"] as? String == "a")
        #expect(answer.json["id_token"] == nil)
        let token = try #require(answer.json["access_token"] as? String)
        #expect(server.accepts(token))
        #expect(server.acceptsRefresh(try #require(answer.json["refresh_token"] as? String)))
        let resource = try await Curl.run(
            server.resource, "--header", "Authorization: Bearer \(token)")
        #expect(resource.json["user"] as? String == "alice")
    }

    @Test("a code that is used again ends what it gave") func again() async throws {
        let server = try PracticeServer()
        let code = try await code(server)
        let first = try await redeem(server, code)
        let second = try await redeem(server, code)
        #expect(second.json["error"] as? String == "invalid_grant")
        #expect(!server.accepts(try #require(first.json["access_token"] as? String)))
        #expect(!server.acceptsRefresh(try #require(first.json["refresh_token"] as? String)))
    }

    struct Redemption: Sendable {
        var verifier = LoginTests.verifier
        var redirectURI = LoginTests.redirectURI
        var code = ""
        var client = ["--data", "client_id=pub"]
    }

    @Test(
        "a code is worth nothing where something differs",
        arguments: [
            Row("the verifier", Redemption(verifier: verifier + "x"), "invalid_grant"),
            Row("a short verifier", Redemption(verifier: "short"), "invalid_request"),
            Row("no verifier", Redemption(verifier: ""), "invalid_request"),
            Row("the challenge", Redemption(verifier: challenge), "invalid_grant"),
            Row("the place", Redemption(redirectURI: redirectURI + "/"), "invalid_grant"),
            Row("no place", Redemption(redirectURI: ""), "invalid_request"),
            Row("the code", Redemption(code: "x"), "invalid_grant"),
            Row("the client", Redemption(client: ["--user", "web:web-secret"]), "invalid_grant"),
            Row("the secret", Redemption(client: ["--user", "web:x"]), "invalid_client"),
        ])
    func wrong(_ row: Row<Redemption, String>) async throws {
        let server = try PracticeServer()
        let code = try await code(server)
        let answer = try await redeem(
            server, code + row.given.code, verifier: row.given.verifier,
            redirectURI: row.given.redirectURI, as: row.given.client)
        #expect(answer.json["error"] as? String == row.wanted)
        #expect(server.issuedTokens.isEmpty)
    }

    @Test("a code is good for ten minutes") func age() async throws {
        let server = try PracticeServer()
        let code = try await code(server)
        server.advanceClock(bySeconds: 600)
        #expect(try await redeem(server, code).json["error"] as? String == "invalid_grant")
    }

    @Test(
        "a confidential client authenticates itself",
        arguments: [
            ["--user", "web:web-secret"], ["--data", "client_id=web&client_secret=web-secret"],
        ])
    func confidential(_ client: [String]) async throws {
        let server = try PracticeServer()
        let answer = try await redeem(server, code(server, for: "web"), as: client)
        #expect(answer.status == 200)
    }

    @Test("the scope openid gives an identity token") func identityToken() async throws {
        let server = try PracticeServer()
        let answer = try await redeem(server, code(server, scope: "openid a"))
        let token = try SignedToken(try #require(answer.json["id_token"] as? String))
        #expect(token.header["alg"] as? String == "RS256")
        #expect(token.claims["iss"] as? String == server.issuer)
        #expect(token.claims["sub"] as? String == "alice")
        #expect(token.claims["email"] as? String == "alice@example.com")
        #expect(token.claims["aud"] as? String == "pub")
        #expect(token.claims["nonce"] as? String == "n-1")
        #expect(token.claims["iat"] as? Int != nil)
        #expect(token.claims["exp"] as? Int != nil)
        let keySet = try await Curl.run(server.url + "/jwks").json
        #expect(try await token.isVerified(by: keySet["keys"] as? [[String: String]] ?? []))
    }

    @Test("the claims of an identity token can be anything") func overrides() async throws {
        var configuration = PracticeServer.Configuration()
        configuration.idTokenOverrides = ["nonce": nil, "aud": "other"]
        let server = try PracticeServer(configuration)
        let answer = try await redeem(server, code(server, scope: "openid"))
        let token = try SignedToken(try #require(answer.json["id_token"] as? String))
        #expect(token.claims["nonce"] == nil)
        #expect(token.claims["aud"] as? String == "other")
    }

    @Test(
        "a person's password is worth what a code is",
        arguments: [
            Row("alice", "username=alice@example.com&password=correct+horse", nil),
            Row("another password", "username=alice@example.com&password=x", "invalid_grant"),
            Row(
                "somebody else", "username=bob@example.com&password=correct+horse", "invalid_grant"),
            Row("no password", "username=alice@example.com", "invalid_request"),
            Row("nobody", "password=correct+horse", "invalid_request"),
        ] as [Row<String, String?>])
    func password(_ row: Row<String, String?>) async throws {
        let server = try PracticeServer()
        let answer = try await Curl.run(
            server.tokenEndpoint, "--data", "grant_type=password&client_id=pub&scope=openid",
            "--data", row.given)
        #expect(answer.json["error"] as? String == row.wanted)
        #expect((answer.json["access_token"] == nil) == (row.wanted != nil))
        #expect((answer.json["refresh_token"] == nil) == (row.wanted != nil))
        #expect((answer.json["id_token"] == nil) == (row.wanted != nil))
    }

    @Test("a login tells how long its refresh token is good") func refreshLifetime() async throws {
        var configuration = PracticeServer.Configuration()
        configuration.refreshTokenLifetime = 60
        let server = try PracticeServer(configuration)
        let answer = try await redeem(server, code(server))
        #expect(answer.json["refresh_expires_in"] as? Int == 60)
    }
}
