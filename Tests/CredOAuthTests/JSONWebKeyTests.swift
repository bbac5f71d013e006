import CredCore
import CredOAuth
import TestSupport
import Testing
import Workbench

@Suite("JSON Web Key") struct JSONWebKeyTests {
    @Test(
        "a key is written as other programs read it",
        arguments: [
            Row("RSA, RFC 7515 A.2", SigningVectors.rsaKey, SignedExample.rsaPEM),
            Row("P-256, RFC 7515 A.3", SigningVectors.p256Key, SignedExample.p256PEM),
        ])
    func pem(_ row: Row<JSONObject, String>) throws {
        #expect(try #require(JSONWebKey(row.given)).pem == row.wanted)
    }

    @Test("of the key set of RFC 7517 the key that signs is read")
    func keySet() throws {
        let document = try JSONValue(parsing: Array(SigningVectors.keySet.utf8)).object
        let keys = try #require(document.flatMap(JSONWebKey.keys))
        #expect(keys.map(\.keyID) == ["2011-04-29"])
        #expect(keys.map(\.pem) == [SigningVectors.keySetPEM])
    }

    @Test(
        "a document without a list of keys is no key set",
        arguments: [
            Example("empty", JSONObject()), Example("no list", ["keys": .object(JSONObject())]),
        ] as [Example<JSONObject>])
    func noKeySet(_ example: Example<JSONObject>) {
        #expect(JSONWebKey.keys(of: example.given) == nil)
    }

    /// A member of a key that is not as it should be.
    struct Change: Sendable {
        let name: String, value: JSONValue?

        init(_ name: String, _ value: JSONValue?) { (self.name, self.value) = (name, value) }
    }

    @Test(
        "a key that signs nothing we could check is passed over",
        arguments: [
            Example("no kind", Change("kty", nil)),
            Example("a shared key", Change("kty", .string("oct"))),
            Example("an Edwards curve", Change("kty", .string("OKP"))),
            Example("for encryption", Change("use", .string("enc"))),
            Example("for other work", Change("key_ops", .array([.string("encrypt")]))),
            Example("no modulus", Change("n", nil)), Example("no exponent", Change("e", nil)),
            Example("an empty modulus", Change("n", .string(""))),
            Example("a modulus of zeros", Change("n", .string("AAAA"))),
            Example("another alphabet", Change("n", .string("++//"))),
            Example("a modulus that is no text", Change("n", .integer(7))),
        ])
    func unusableRSA(_ example: Example<Change>) {
        var object = SigningVectors.rsaKey
        object[example.given.name] = example.given.value
        #expect(JSONWebKey(object) == nil)
    }

    @Test(
        "a point of a curve has its two coordinates, each of 32 bytes",
        arguments: [
            Example("another curve", Change("crv", .string("P-384"))),
            Example("no curve", Change("crv", nil)), Example("one coordinate", Change("y", nil)),
            Example("a short one", Change("x", .string("AQAB"))),
            Example("a long one", Change("x", .string("AA" + String(repeating: "A", count: 42)))),
        ])
    func unusablePoint(_ example: Example<Change>) {
        var object = SigningVectors.p256Key
        object[example.given.name] = example.given.value
        #expect(JSONWebKey(object) == nil)
    }

    @Test(
        "JWT-05: an algorithm fits the kind of the key, and the one that the key is for",
        arguments: [
            Row("RSA", nil, [.rs256, .ps256]), Row("RSA for one", "PS256", [.ps256]),
            Row("RSA for another", "RS512", []),
        ] as [Row<String?, [SignatureAlgorithm]>])
    func algorithms(_ row: Row<String?, [SignatureAlgorithm]>) throws {
        var object = SigningVectors.rsaKey
        object["alg"] = row.given.map(JSONValue.string)
        let key = try #require(JSONWebKey(object))
        #expect(SignatureAlgorithm.allCases.filter(key.fits) == row.wanted)
    }

    @Test("JWT-05: a point of P-256 fits ES256 alone")
    func curve() throws {
        let key = try #require(JSONWebKey(SigningVectors.p256Key))
        #expect(SignatureAlgorithm.allCases.filter(key.fits) == [.es256])
        #expect(key.rsaBitCount == nil)
    }

    @Test(
        "the length of an RSA key counts from its first bit that is set",
        arguments: [
            Row("2048 bits", SigningVectors.rsaKey["n"]?.string ?? "", 2048), Row("eight", "gA", 8),
            Row("one", "AQ", 1), Row("zeros before it", "AAAB", 1), Row("nine", "AQA", 9),
        ])
    func bits(_ row: Row<String, Int>) throws {
        let key = JSONWebKey([
            "kty": .string("RSA"), "e": .string("AQAB"), "n": .string(row.given),
        ])
        #expect(try #require(key).rsaBitCount == row.wanted)
    }
}
