import Foundation
import PracticeServer
import TestSupport
import Testing

@Suite("Signed tokens", .inTurn) struct SignedTokenTests {
    @Test(
        "the published key verifies a token", arguments: PracticeServer.SignatureAlgorithm.allCases)
    func signature(_ algorithm: PracticeServer.SignatureAlgorithm) async throws {
        let server = try PracticeServer(Self.configuration(algorithm))
        let token = try SignedToken(server.issueToken(scope: "a"))
        #expect(token.header["alg"] as? String == algorithm.rawValue)
        #expect(token.header["typ"] as? String == "at+jwt")
        let keySet = try await Curl.run(server.url + "/jwks").json
        #expect(try await token.isVerified(by: keySet["keys"] as? [[String: String]] ?? []))
    }

    @Test("another content has another signature") func forged() async throws {
        let server = try PracticeServer(Self.configuration())
        let texts = try [server.issueToken(), server.issueToken()].map { $0.split(separator: ".") }
        let forged = try SignedToken(
            [texts[0][0], texts[0][1], texts[1][2]].joined(separator: "."))
        let keySet = try await Curl.run(server.url + "/jwks").json
        #expect(try await !forged.isVerified(by: keySet["keys"] as? [[String: String]] ?? []))
    }

    @Test("the claims say who may use the token, and when") func claims() async throws {
        let server = try PracticeServer(Self.configuration())
        server.advanceClock(bySeconds: 1_000_000)
        let token = try server.issueToken(scope: "a b")
        let claims = try SignedToken(token).claims
        let issuedAt = try #require(claims["iat"] as? Int)
        #expect(issuedAt > Int(Date().timeIntervalSince1970) + 999_000)
        #expect(claims["exp"] as? Int == issuedAt + 3600)
        #expect(claims["iss"] as? String == server.issuer)
        #expect(claims["client_id"] as? String == "m2m")
        #expect(claims["scope"] as? String == "a b")
        #expect(server.accepts(token))
    }

    @Test("a signed token can be padded", arguments: [1000, 2001, 8002, 8003, 50_000])
    func padding(_ byteCount: Int) throws {
        var configuration = Self.configuration()
        configuration.tokenSize = byteCount
        let count = try PracticeServer(configuration).issueToken().utf8.count
        #expect((byteCount...byteCount + 32).contains(count))
    }

    @Test("a person's token names the person") func person() throws {
        let server = try PracticeServer(Self.configuration())
        let claims = try SignedToken(server.issueSession().accessToken).claims
        #expect(claims["sub"] as? String == "alice")
        #expect(claims["client_id"] as? String == "pub")
    }

    private static func configuration(
        _ algorithm: PracticeServer.SignatureAlgorithm = .rs256
    ) -> PracticeServer.Configuration {
        var configuration = PracticeServer.Configuration()
        configuration.tokenFormat = .jwt(algorithm)
        return configuration
    }
}
