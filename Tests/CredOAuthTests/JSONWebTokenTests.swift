import CredCore
import CredOAuth
import Synchronization
import TestSupport
import Testing
import Workbench

@Suite("JSON Web Token") struct JSONWebTokenTests {
    @Test("a token is taken apart")
    func parts() throws {
        let token = try #require(JSONWebToken(Secret(SigningVectors.rs256)))
        #expect(token.header == ["alg": .string("RS256")])
        #expect(token.claims["iss"] == .string("joe"))
        #expect(token.claims["exp"]?.integer == 1_300_819_380)
    }

    @Test(
        "OPAQ-01: anything else is an opaque token",
        arguments: [
            Example("nothing", ""), Example("a word", "abc"), Example("two parts", "e30.e30"),
            Example("an encrypted token of five parts", "e30.e30.e30.e30.e30"),
            Example("a header that is no object", "W10.e30.eA"),
            Example("claims that are no object", "e30.W10.eA"),
            Example("a signature in another alphabet", "e30.e30.e+/="),
        ])
    func opaque(_ example: Example<String>) {
        #expect(JSONWebToken(Secret(example.given)) == nil)
    }

    @Test("RFC 7515 A.2: what is checked is the whole text before the signature")
    func rsa() throws {
        let engine = Engine([.valid])
        let keys = [try #require(JSONWebKey(SigningVectors.rsaKey))]
        #expect(try verify(SigningVectors.rs256, keys, engine) == .valid)
        let check = try #require(engine.checks.first)
        #expect(check.algorithm == .rs256)
        #expect(check.publicKey == SignedExample.rsaPEM)
        #expect(SigningVectors.rs256 == "\(check.text.reveal()).\(base64(check.signature))")
    }

    @Test("JWT-05: RFC 7515 A.3: the two numbers of ES256 are handed on in DER")
    func curve() throws {
        let engine = Engine([.valid])
        let keys = [try #require(JSONWebKey(SigningVectors.p256Key))]
        #expect(try verify(SigningVectors.es256, keys, engine) == .valid)
        let check = try #require(engine.checks.first)
        #expect(check.algorithm == .es256)
        #expect(check.signature == SigningVectors.es256Signature)
    }

    @Test(
        "JWT-05: a signature of another length than ES256 has is refused unseen",
        arguments: [
            Example("none", 0), Example("63 bytes", 63), Example("65 bytes", 65),
            Example("as long as in DER", 71),
        ])
    func length(_ example: Example<Int>) throws {
        let signature = base64([UInt8](repeating: 1, count: example.given))
        let engine = Engine([.valid])
        let keys = [try #require(JSONWebKey(SigningVectors.p256Key))]
        let outcome = try verify("\(encoded(#"{"alg":"ES256"}"#)).e30.\(signature)", keys, engine)
        #expect(outcome == .invalid("its signature has the wrong length for ES256"))
        #expect(engine.checks.isEmpty)
    }

    @Test(
        "JWT-05: an algorithm without a key pair is refused unseen",
        arguments: [
            Row("RFC 7515 A.5", SigningVectors.unsigned, "'none'"),
            Row("RFC 7515 A.1", SigningVectors.hs256, "'HS256'"),
            Row("in other letters", "\(encoded(#"{"alg":"rs256"}"#)).e30.AAAA", "'rs256'"),
            Row("one that we do not know", "\(encoded(#"{"alg":"RS512"}"#)).e30.AAAA", "'RS512'"),
            Row("none named", "e30.e30.AAAA", "'missing'"),
        ])
    func algorithm(_ row: Row<String, String>) throws {
        let engine = Engine([.valid])
        let keys = [try #require(JSONWebKey(SigningVectors.rsaKey))]
        let outcome = try verify(row.given, keys, engine)
        #expect(
            outcome
                == .invalid(
                    "unsupported signature algorithm \(row.wanted); supported are RS256, PS256, ES256"
                ))
        #expect(engine.checks.isEmpty)
    }

    @Test("RFC 7515 §4.1.11: a token that wants an extension is refused")
    func extensions() throws {
        let engine = Engine([.valid])
        let keys = [try #require(JSONWebKey(SigningVectors.rsaKey))]
        let header = encoded(#"{"alg":"RS256","crit":["b64"],"b64":false}"#)
        let outcome = try verify("\(header).e30.AAAA", keys, engine)
        #expect(outcome.reason?.contains("'crit'") == true)
        #expect(engine.checks.isEmpty)
    }

    @Test(
        "the key is the one that the token names, and fits its algorithm",
        arguments: [
            Row("by name", #"{"alg":"RS256","kid":"b"}"#, ["b"]),
            Row("no name: all that fit", #"{"alg":"RS256"}"#, ["a", "b"]),
            Row("the name of another kind", #"{"alg":"RS256","kid":"c"}"#, []),
            Row("an unknown name", #"{"alg":"RS256","kid":"d"}"#, []),
            Row("a name in other letters", #"{"alg":"RS256","kid":"B"}"#, []),
            Row("another algorithm", #"{"alg":"PS256"}"#, ["a", "b"]),
        ])
    func keys(_ row: Row<String, [String]>) throws {
        var keys: [String: String] = [:]
        var all: [JSONWebKey] = []
        for (name, object) in [("a", rsaKey(3)), ("b", rsaKey(5)), ("c", SigningVectors.p256Key)] {
            var object = object
            object["kid"] = .string(name)
            let key = try #require(JSONWebKey(object))
            keys[key.pem] = name
            all.append(key)
        }
        let engine = Engine([.invalid, .invalid, .invalid])
        let outcome = try verify("\(encoded(row.given)).e30.AAAA", all, engine)
        #expect(engine.checks.map { keys[$0.publicKey] } == row.wanted)
        #expect(
            outcome.reason?.hasPrefix(
                row.wanted.isEmpty ? "the server publishes no key" : "its sig")
                == true)
    }

    @Test("of two keys with one name either may have signed")
    func sameName() throws {
        let keys = try [rsaKey(3), rsaKey(5)].map { try #require(JSONWebKey($0)) }
        #expect(try verify(SigningVectors.rs256, keys, Engine([.invalid, .valid])) == .valid)
    }

    @Test("JWT-05: an RSA key of less than 2048 bits is refused unseen")
    func weak() throws {
        let object: JSONObject = [
            "kty": .string("RSA"), "e": .string("AQAB"),
            "n": .string(base64([0x7F] + [UInt8](repeating: 0xFF, count: 255))),
        ]
        let engine = Engine([.valid])
        let outcome = try verify(
            SigningVectors.rs256, [try #require(JSONWebKey(object))], engine)
        #expect(outcome == .invalid("the server's RSA key has fewer than 2048 bits"))
        #expect(engine.checks.isEmpty)
    }

    @Test("where nobody can say, that is told")
    func failure() throws {
        let failure = Failure(.unavailable, "no openssl")
        let keys = [try #require(JSONWebKey(SigningVectors.rsaKey))]
        #expect(
            try verify(SigningVectors.rs256, keys, Engine([.failed(failure)])) == .failed(failure))
    }

    @Test("SEC-04: a token does not show itself")
    func secrecy() throws {
        let token = try #require(JSONWebToken(Secret(SigningVectors.rs256)))
        let check = SignatureCheck(.rs256, publicKey: "", signature: [], text: Secret("SECRET"))
        #expect(!"\(token)".contains("eyJ"))
        #expect(!"\(check)".contains("SECRET"))
    }

    private func verify(_ token: String, _ keys: [JSONWebKey], _ engine: Engine) throws
        -> JSONWebToken.Verification
    {
        var world = ScriptedServer().world
        world.engines.verify = engine.answer
        return try #require(JSONWebToken(Secret(token))).verify(with: keys, world: world)
    }

    /// An RSA key of 2048 bits that begins with this byte and a high bit.
    private func rsaKey(_ byte: UInt8) -> JSONObject {
        [
            "kty": .string("RSA"), "e": .string("AQAB"),
            "n": .string(base64([0x80 | byte] + [UInt8](repeating: byte, count: 255))),
        ]
    }
}

private func base64(_ bytes: [UInt8]) -> String { Base64.encode(bytes, .url) }

private func encoded(_ text: String) -> String { base64(Array(text.utf8)) }

extension JSONWebToken.Verification {
    fileprivate var reason: String? {
        if case .invalid(let reason) = self { reason } else { nil }
    }
}

/// An openssl that answers as the script says.
private final class Engine: Sendable {
    private let state: Mutex<(script: [SignatureCheck.Outcome], checks: [SignatureCheck])>

    init(_ script: [SignatureCheck.Outcome]) { state = Mutex((script, [])) }

    var checks: [SignatureCheck] { state.withLock { $0.checks } }

    @Sendable func answer(_ check: SignatureCheck) -> SignatureCheck.Outcome {
        state.withLock { state in
            state.checks.append(check)
            return state.script.isEmpty ? .invalid : state.script.removeFirst()
        }
    }
}
