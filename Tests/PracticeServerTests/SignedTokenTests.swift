import Foundation
import PracticeServer
import Testing

@Suite("Signed tokens", .timeLimit(.minutes(1))) struct SignedTokenTests {
    @Test("the published key verifies a token") func signature() async throws {
        let server = try PracticeServer(Self.configuration())
        let token = try server.issueToken(scope: "a")
        let keySet = try await Curl.run(server.url + "/jwks").json
        let key = try #require((keySet["keys"] as? [[String: String]])?.first)
        let modulus = try Self.bytes(key["n"])
        let scratch = try Scratch()
        let structure = """
            asn1=SEQUENCE:public
            [public]
            algorithm=SEQUENCE:algorithm
            key=BITWRAP,SEQUENCE:numbers
            [algorithm]
            name=OID:rsaEncryption
            parameters=NULL
            [numbers]
            n=INTEGER:0x\(modulus.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
            e=INTEGER:65537
            """
        let parts = token.split(separator: ".").map(String.init)
        try Data(structure.utf8).write(to: scratch.file("key.conf"))
        try Data("\(parts[0]).\(parts[1])".utf8).write(to: scratch.file("signed"))
        try Self.bytes(parts[2]).write(to: scratch.file("signature"))
        _ = try await Command.run(
            "openssl", ["asn1parse", "-genconf", "key.conf", "-noout", "-out", "key.der"],
            in: scratch.path)
        let check = try await Command.run(
            "openssl",
            [
                "dgst", "-sha256", "-keyform", "DER", "-verify", "key.der", "-signature",
                "signature", "signed",
            ], in: scratch.path)
        #expect(check.text == "Verified OK\n")
        let header = try Self.object(parts[0])
        #expect(header["kid"] as? String == key["kid"])
    }

    @Test("the claims say who may use the token, and when") func claims() async throws {
        let server = try PracticeServer(Self.configuration())
        server.advanceClock(bySeconds: 1_000_000)
        let token = try server.issueToken(scope: "a b")
        let claims = try Self.object(token.split(separator: ".").map(String.init)[1])
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

    private static func configuration() -> PracticeServer.Configuration {
        var configuration = PracticeServer.Configuration()
        configuration.tokenFormat = .jwt
        return configuration
    }

    private static func object(_ part: String) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: bytes(part))
        return try #require(object as? [String: Any])
    }

    private static func bytes(_ base64URL: String?) throws -> Data {
        var text = try #require(base64URL).replacing("-", with: "+").replacing("_", with: "/")
        text += String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        return try #require(Data(base64Encoded: text))
    }
}
