import Foundation
import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("inspect", .inTurn) struct InspectTests {
    @Test("the claims of a JWT are shown, with times in UTC, and nobody is asked")
    func table() async throws {
        let practice = try Practice(.with { $0.tokenFormat = .jwt })
        _ = try await practice.run("token")
        let requestCount = practice.server.requests.count
        let answer = try await practice.run("inspect")
        #expect(answer.end == .exited(0))
        #expect(answer.errors == "")
        #expect(
            answer.lines.prefix(4) == [
                "profile       practice",
                "kept in       \(practice.home.path)/.planet/practice/token.json",
                "access token  JWT, RS256, key 'practice-1', not verified",
                "  iss         \(practice.server.issuer)",
            ])
        #expect(answer.text.contains(/\n  exp +20..-..-..T..:..:..Z \(in (60|59) min\)\n/))
        #expect(practice.server.requests.count == requestCount)
        #expect(!answer.text.contains(practice.server.issuedTokens[0]))
    }

    @Test("the JSON for programs has the documented members") func json() async throws {
        let practice = try Practice(.with { $0.tokenFormat = .jwt })
        practice.server.advanceClock(bySeconds: 20)
        _ = try await practice.run("token")
        let object = try await Self.json(practice.run("inspect", "--json"))
        let access = try #require(object["access_token"] as? [String: Any])
        let claims = try #require(access["claims"] as? [String: Any])
        #expect(object["profile"] as? String == "practice")
        #expect(access["format"] as? String == "jwt")
        #expect(access["verified"] as? Bool == false)
        #expect((access["header"] as? [String: Any])?["alg"] as? String == "RS256")
        #expect(claims["sub"] as? String == "m2m")
        // Our own measure; the claim is by the server's clock.
        #expect(access["expires_at"] as? Int == (try practice.home.tokenExpiry()))
        #expect(access["expires_at"] as? Int != claims["exp"] as? Int)
        #expect(object["id_token"] == nil)
        #expect(object["remote"] == nil)
    }

    @Test("an opaque token is said to be one, with what the file tells of it")
    func opaque() async throws {
        let practice = try Practice(changing: ["scopes": ["a"]])
        _ = try await practice.run("token")
        let table = try await practice.run("inspect")
        #expect(
            table.lines[2] == "access token  opaque: its server alone can read it, not verified")
        #expect(table.lines[5] == "  scope       a")
        let object = try await Self.json(practice.run("inspect", "--json"))
        let access = try #require(object["access_token"] as? [String: Any])
        #expect(access["format"] as? String == "opaque")
        #expect(access["scope"] as? String == "a")
        #expect(access["expires_at"] as? Int == (try practice.home.tokenExpiry()))
        #expect(access["received_at"] as? Int == (try practice.home.token()["_iat"] as? Int))
    }

    @Test("without a token the command that gets one is told") func noToken() async throws {
        let practice = try Practice()
        let answer = try await practice.run("inspect")
        #expect(answer.end == .exited(77))
        #expect(answer.output == [])
        #expect(
            answer.errorParts == [
                "error: profile 'practice' has no token to look into",
                "because: none is kept for what the profile says",
                "try: planet-cred token --profile practice",
            ])
    }

    @Test("an expired token is shown and not renewed") func expired() async throws {
        let practice = try Practice(.with { $0.tokenFormat = .jwt })
        _ = try await practice.run("token")
        try practice.home.ageToken(bySeconds: 7200)
        let object = try await Self.json(practice.run("inspect", "--json"))
        let access = try #require(object["access_token"] as? [String: Any])
        #expect(access["expires_at"] as? Int == (try practice.home.tokenExpiry()))
        #expect(practice.tokenRequestCount == 1)
    }

    static func json(_ outcome: Outcome) throws -> [String: Any] {
        let value = try JSONSerialization.jsonObject(with: Data(outcome.output))
        return try #require(value as? [String: Any])
    }
}

@Suite("inspect --verify", .inTurn) struct InspectVerifyTests {
    typealias Algorithm = PracticeServer.SignatureAlgorithm

    @Test(
        "JWT-05: a signature of the server is verified, one of another text is refused",
        arguments: [
            Row("RS256", .rs256, "RS256"), Row("PS256", .ps256, "PS256"),
            Row("ES256", .es256, "ES256"),
        ] as [Row<Algorithm, String>])
    func algorithms(_ row: Row<Algorithm, String>) async throws {
        let practice = try Practice(.with { $0.tokenFormat = .jwt(row.given) })
        let token = try await practice.run("token").line
        let good = try await practice.run("inspect", "--verify")
        #expect(good.end == .exited(0))
        #expect(good.lines[2].hasPrefix("access token  JWT, \(row.wanted), key 'practice-"))
        #expect(good.lines[2].hasSuffix("', verified with the server's keys"))
        let object = try await InspectTests.json(practice.run("inspect", "--verify", "--json"))
        #expect((object["access_token"] as? [String: Any])?["verified"] as? Bool == true)

        try Self.keep(try Self.tampered(token), in: practice)
        let bad = try await practice.run("inspect", "--verify")
        #expect(bad.end == .exited(1))
        #expect(bad.output == [])
        #expect(
            bad.errorParts == [
                "error: the access token of profile 'practice' is not verified",
                "because: the signature is not the server's",
                "try: planet-cred inspect --profile practice",
            ])
    }

    @Test(
        "JWT-05: a token that says how it is to be checked does not choose",
        arguments: [
            Row("nobody's signature", #"{"alg":"none"}"#, "its algorithm is 'none'"),
            Row("a shared key", #"{"alg":"HS256","kid":"practice-1"}"#, "its algorithm is 'HS256'"),
            Row(
                "another kind of key", #"{"alg":"RS256","kid":"practice-2"}"#,
                "the server publishes no key 'practice-2' for RS256"),
            Row(
                "an unknown key", #"{"alg":"RS256","kid":"mine"}"#,
                "the server publishes no key 'mine' for RS256"),
        ])
    func choices(_ row: Row<String, String>) async throws {
        let practice = try Practice(.with { $0.tokenFormat = .jwt })
        let token = try await practice.run("token").line
        let header = Self.base64URL(row.given)
        try Self.keep(
            header + token.drop { $0 != "." }, in: practice)
        let answer = try await practice.run("inspect", "--verify")
        #expect(answer.end == .exited(1))
        #expect(answer.errorParts[1].hasPrefix("because: \(row.wanted)"))
    }

    @Test("a good signature is not enough: the token must be for the profile's audience")
    func audience() async throws {
        let practice = try Practice(
            .with { $0.tokenFormat = .jwt }, changing: ["audiences": ["https://api.example/"]])
        _ = try await practice.run("token")
        let answer = try await practice.run("inspect", "--verify")
        #expect(answer.end == .exited(1))
        #expect(
            answer.errorParts[1]
                == "because: its audience ('aud') is 'practice', not 'https://api.example/'")
    }

    @Test("a token that expired is not verified, however good its signature")
    func expired() async throws {
        let practice = try Practice(.with { $0.tokenFormat = .jwt })
        practice.server.advanceClock(bySeconds: -7200)
        _ = try await practice.run("token")
        let answer = try await practice.run("inspect", "--verify")
        #expect(answer.errorParts[1] == "because: it expired 60 min ago")
    }

    @Test(
        "AUTH-12: an ID token of the server for the client is verified too",
        arguments: [
            Row("good", [:], "alice"), Row("expired", ["exp": 1_000_000_000], "alice"),
        ] as [Row<PracticeServer.MemberOverrides, String>])
    func idToken(_ row: Row<PracticeServer.MemberOverrides, String>) async throws {
        let practice = try await Self.identified(row.given)
        let answer = try await practice.run("inspect", "--verify", "--json")
        #expect(answer.end == .exited(0))
        let token = try InspectTests.json(answer)["id_token"] as? [String: Any]
        #expect(token?["verified"] as? Bool == true)
        #expect((token?["claims"] as? [String: Any])?["sub"] as? String == row.wanted)
    }

    @Test(
        "AUTH-12: an ID token of another, or for another, is a failure",
        arguments: [
            Row("for another", ["aud": "you"], "its audience ('aud') is 'you', not 'pub'"),
            Row("of another", ["iss": "https://as.example"], "its issuer ('iss') is 'https:"),
        ] as [Row<PracticeServer.MemberOverrides, String>])
    func foreignIDToken(_ row: Row<PracticeServer.MemberOverrides, String>) async throws {
        let practice = try await Self.identified(row.given)
        let answer = try await practice.run("inspect", "--verify", "--json")
        #expect(answer.end == .exited(1))
        #expect(
            answer.errorParts[0] == "error: the ID token of profile 'practice' is not verified")
        #expect(answer.errorParts[1].hasPrefix("because: \(row.wanted)"))
    }

    /// A person's login that brought an ID token with these changes.
    private static func identified(_ overrides: PracticeServer.MemberOverrides) async throws
        -> Practice
    {
        let practice = try PracticeLogin(
            .with {
                $0.tokenFormat = .jwt
                $0.idTokenOverrides = overrides
            }
        ).practice
        _ = try await practice.home.shell(
            """
            curl -s -d grant_type=password -d client_id=pub -d username=alice@example.com \
                -d 'password=correct horse' -d 'scope=openid' "$1" >~/.planet/practice/token.json
            """, practice.server.tokenEndpoint)
        return practice
    }

    @Test("an opaque token cannot be verified") func opaque() async throws {
        let practice = try Practice()
        _ = try await practice.run("token")
        let answer = try await practice.run("inspect", "--verify")
        #expect(answer.end == .exited(1))
        #expect(
            answer.errorParts[1]
                == "because: it is no JSON Web Token; its server alone can read it")
    }

    @Test(
        "where nobody can say, that is told",
        arguments: [
            Row(
                "no openssl", ["PLANET_CRED_OPENSSL": "/missing/openssl"],
                "unset PLANET_CRED_OPENSSL")
        ])
    func noProgram(_ row: Row<[String: String], String>) async throws {
        let practice = try Practice(.with { $0.tokenFormat = .jwt })
        _ = try await practice.run("token")
        let answer = try await practice.run("inspect", "--verify", with: row.given)
        #expect(answer.end == .exited(69))
        #expect(answer.errorParts.last == "try: \(row.wanted)")
    }

    @Test("SEC-03: the token is not in the words of a process") func words() async throws {
        let practice = try Practice(.with { $0.tokenFormat = .jwt })
        let token = try await practice.run("token").line
        try await practice.home.writeProgram(
            "openssl", "#!/bin/sh\nprintf '%s ' \"$@\" >>~/words\nexec /usr/bin/openssl \"$@\"\n")
        #expect(try await practice.run("inspect", "--verify").end == .exited(0))
        let words = try practice.home.read("words")
        #expect(words == "dgst -sha256 -verify /dev/fd/3 -signature /dev/fd/4 ")
        #expect(!words.contains(token))
    }

    private static func base64URL(_ text: String) -> String {
        Data(text.utf8).base64EncodedString().replacing("+", with: "-")
            .replacing("/", with: "_").replacing("=", with: "")
    }

    /// The same token for somebody else.
    private static func tampered(_ token: String) throws -> String {
        var parts = token.split(separator: ".").map(String.init)
        let standard = parts[1].replacing("-", with: "+").replacing("_", with: "/")
        let padding = String(repeating: "=", count: (4 - standard.count % 4) % 4)
        let claims = try #require(Data(base64Encoded: standard + padding))
        parts[1] = base64URL(
            String(decoding: claims, as: UTF8.self).replacing("m2m", with: "you"))
        return parts.joined(separator: ".")
    }

    /// Puts a token into the file, as another tool would.
    private static func keep(_ token: String, in practice: Practice) throws {
        try practice.home.writeTokenFile("practice", #"{"access_token": "\#(token)"}"#)
    }
}
