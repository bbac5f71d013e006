import CredCore
import TestSupport
import Testing

@Suite("Base 64") struct Base64Tests {
    struct Vector: Sendable, CustomTestStringConvertible {
        let plain: String, standard: String, url: String
        var testDescription: String { "'\(plain)'" }
    }

    @Test(
        "the vectors of RFC 4648 §10 hold in both directions",
        arguments: [
            Vector(plain: "", standard: "", url: ""),
            Vector(plain: "f", standard: "Zg==", url: "Zg"),
            Vector(plain: "fo", standard: "Zm8=", url: "Zm8"),
            Vector(plain: "foo", standard: "Zm9v", url: "Zm9v"),
            Vector(plain: "foob", standard: "Zm9vYg==", url: "Zm9vYg"),
            Vector(plain: "fooba", standard: "Zm9vYmE=", url: "Zm9vYmE"),
            Vector(plain: "foobar", standard: "Zm9vYmFy", url: "Zm9vYmFy"),
        ])
    func vectors(_ vector: Vector) {
        let bytes = Array(vector.plain.utf8)
        #expect(Base64.encode(bytes, .standard) == vector.standard)
        #expect(Base64.encode(bytes, .url) == vector.url)
        #expect(Base64.decode(vector.standard, .standard) == bytes)
        #expect(Base64.decode(vector.url, .url) == bytes)
    }

    @Test("the two alphabets differ in their last two digits")
    func alphabets() {
        #expect(Base64.encode([0xFB, 0xFF, 0xFE], .standard) == "+//+")
        #expect(Base64.encode([0xFB, 0xFF, 0xFE], .url) == "-__-")
    }

    @Test("every byte survives", arguments: [Base64.Alphabet.standard, .url])
    func everyByte(_ alphabet: Base64.Alphabet) {
        let bytes = Array(UInt8.min...UInt8.max)
        #expect(Base64.decode(Base64.encode(bytes, alphabet), alphabet) == bytes)
    }

    @Test(
        "standard text that encode would not write is refused",
        arguments: [
            Example("no padding", "Zg"), Example("half the padding", "Zg="),
            Example("too much padding", "Zg==="), Example("surplus padding", "Zm9v===="),
            Example("padding alone", "===="), Example("three of padding", "Z==="),
            Example("padding in the middle", "Zg==Zm9v"), Example("one digit", "Z"),
            Example("left-over bits", "Zh=="), Example("left-over bits of two", "Zm9="),
            Example("a line break", "Zm9v\n"), Example("a line break inside", "Zm9v\nYmFy"),
            Example("a space", " Zm9"), Example("the URL alphabet", "-__-"),
            Example("a letter beyond ASCII", "Zm9é"), Example("a NUL", "Zm9\0"),
        ])
    func refusedStandard(_ example: Example<String>) {
        #expect(Base64.decode(example.given, .standard) == nil)
    }

    @Test(
        "URL text that encode would not write is refused",
        arguments: [
            Example("padding", "Zg=="), Example("one digit", "Z"), Example("five digits", "Zm9vY"),
            Example("left-over bits", "Zh"), Example("left-over bits of two", "Zm9"),
            Example("the standard alphabet", "+//+"), Example("a dot", "Zm9."),
            Example("a line break", "Zm9v\n"),
        ])
    func refusedURL(_ example: Example<String>) {
        #expect(Base64.decode(example.given, .url) == nil)
    }

    @Test("PKCE-02: the challenge of RFC 7636 Appendix B comes out")
    func challenge() {
        let verifier = Array("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".utf8)
        let challenge = Base64.encode(SHA256.digest(of: verifier), .url)
        #expect(challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
    }
}
