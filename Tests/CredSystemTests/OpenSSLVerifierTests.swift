import CredCore
import CredSystem
import Foundation
import Glibc
import TestSupport
import Testing
import Workbench

/// The real openssl, with what others signed.
@Suite("Signatures by openssl", .inTurn) struct OpenSSLVerifierTests {
    @Test("JWT-05: a signature that another program made is good", arguments: Signed.all)
    func good(_ signed: Signed) {
        #expect(OpenSSLVerifier.run(signed.check()) == .valid)
    }

    @Test("one character more in the text makes it bad", arguments: Signed.all)
    func tampered(_ signed: Signed) {
        #expect(OpenSSLVerifier.run(signed.check(text: "\(signed.text)x")) == .invalid)
    }

    @Test("another last byte in the signature makes it bad", arguments: Signed.all)
    func bits(_ signed: Signed) throws {
        let last = try #require(signed.signature.last)
        let signature = Array(signed.signature.dropLast()) + [last ^ 1]
        #expect(OpenSSLVerifier.run(signed.check(signature: signature)) == .invalid)
    }

    @Test(
        "what is no signature at all is bad",
        arguments: [
            Example("nothing", []), Example("a byte", [0x30]), Example("text", Array("abc".utf8)),
        ])
    func garbage(_ example: Example<[UInt8]>) {
        let outcomes = Signed.all.map { OpenSSLVerifier.run($0.check(signature: example.given)) }
        #expect(outcomes == [.invalid, .invalid, .invalid])
    }

    @Test("a signature by one scheme is none by the other")
    func schemes() {
        let check = SignatureCheck(
            .ps256, publicKey: Signed.rs256.publicKey, signature: Signed.rs256.signature,
            text: Secret(Signed.rs256.text))
        #expect(OpenSSLVerifier.run(check) == .invalid)
    }

    @Test("a key that openssl cannot read is nobody's signature and nobody's word on it")
    func noKey() {
        let check = SignatureCheck(.rs256, publicKey: "x", signature: [1], text: Secret("abc"))
        guard case .failed(let failure) = OpenSSLVerifier.run(check) else {
            Issue.record("no failure")
            return
        }
        #expect(failure.kind == .unavailable)
        #expect(failure.because?.hasPrefix("openssl says '") == true)
    }

    @Test(
        "a program that is not there is named, with how to get it",
        arguments: [
            Row("another one", "/missing/openssl", "unset PLANET_CRED_OPENSSL"),
            Row("a name", "no-openssl", "unset PLANET_CRED_OPENSSL"),
            Row("one outside PATH", "", "export PLANET_CRED_OPENSSL=/usr/bin/openssl"),
        ])
    func missing(_ row: Row<String, String>) async {
        await #expect(processExitsWith: .success) {
            [variable = row.given as String, remedy = row.wanted as String] in
            setenv("PLANET_CRED_OPENSSL", variable, 1)
            setenv("PATH", "/missing", 1)
            let outcome = OpenSSLVerifier.run(Signed.rs256.check())
            #expect(outcome.failure?.kind == .unavailable)
            #expect(outcome.failure?.remedy == remedy)
        }
    }

    @Test("SEC-03: neither the text nor the signature is in the words that everybody can read")
    func words() async throws {
        let scratch = try ScratchFolder()
        let path = try scratch.startable(
            "openssl",
            """
            #!/bin/sh
            cd "${0%/*}"
            printf '%s\\n' "$@" > words
            env | grep -v -e '^PWD=' -e '^OLDPWD=' -e '^_=' -e '^SHLVL=' | cut -d= -f1 | sort > environment
            cat /dev/fd/3 > key
            cat /dev/fd/4 > signature
            cat > text
            echo Verified OK
            """)
        await #expect(processExitsWith: .success) { [path = path as String] in
            setenv("PLANET_CRED_OPENSSL", path, 1)
            setenv("LANG", "C", 1)
            setenv("PL_API_KEY", "SECRET", 1)
            #expect(OpenSSLVerifier.run(Signed.ps256.check()) == .valid)
        }
        #expect(
            try scratch.read("words").split(separator: "\n") == [
                "dgst", "-sha256", "-verify", "/dev/fd/3", "-signature", "/dev/fd/4", "-sigopt",
                "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32",
            ])
        #expect(try !scratch.read("environment").contains("PL_API_KEY"))
        #expect(try scratch.read("key") == Signed.ps256.publicKey)
        #expect(try scratch.read("text") == Signed.ps256.text)
        let signature = try Data(contentsOf: URL(filePath: scratch.absolute("signature")))
        #expect(Array(signature) == Signed.ps256.signature)
    }
}

extension SignatureCheck.Outcome {
    fileprivate var failure: Failure? {
        if case .failed(let failure) = self { failure } else { nil }
    }
}

/// A text that somebody else signed.
struct Signed: Sendable, CustomTestStringConvertible {
    let algorithm: SignatureAlgorithm
    let publicKey: String
    let signature: [UInt8]
    let text: String

    var testDescription: String { algorithm.rawValue }

    func check(text: String? = nil, signature: [UInt8]? = nil) -> SignatureCheck {
        SignatureCheck(
            algorithm, publicKey: publicKey, signature: signature ?? self.signature,
            text: Secret(text ?? self.text))
    }

    static let all = [rs256, ps256, es256]

    /// RFC 7515 appendix A.2.
    static let rs256 = Signed(
        algorithm: .rs256, publicKey: SignedExample.rsaPEM,
        signature: bytes(SignedExample.rs256Signature, .url), text: SignedExample.rs256)

    /// RFC 7515 appendix A.3, with the signature in DER.
    static let es256 = Signed(
        algorithm: .es256, publicKey: SignedExample.p256PEM,
        signature: bytes(
            "MEUCIA7RIVN5Y2xIPC9/FVgH1AKjsigDOvl8fheBmsMWnqZlAiEAxQoH04w8cOXY"
                + "8S2vCEpUgKZlkMXyk1Cajz9/ioOjVNU=", .standard),
        text: SignedExample.es256)

    /// Made by OpenSSL 3.0.
    static let ps256 = Signed(
        algorithm: .ps256,
        publicKey: """
            -----BEGIN PUBLIC KEY-----
            MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEArmxPWU/VSnr5JosGVBeQ
            t8q8tqF5aZC5WGT7ip1yFbli28fEyqQOks+bTvzceIPax2rZA3u7ptWAB2zyNmps
            Ml7ytdOBy85LzkSF+uIjy81eXvJB+fdHJ+P9NNE/IVSWDLQINZ0vTEVu2+8aBEFA
            jnNP75vgc3wXaw9gsS/byKoLFcV3EPZ3IjjC0eFAiGeKfNEev3wwfpNDDSnLxaC6
            e0+FRx44sgBdIE3yAn0y9lOvysGMY+ezI8P9U3gAlHWrDEspHNm/sHXDwz6kYJJL
            OOYFZA6ZDDUXwyzbXpX9K6QeQDdjIcgLCAQlrDsg0VNGLiMaERbs0cLa8SklFdPd
            bQIDAQAB
            -----END PUBLIC KEY-----

            """,
        signature: bytes(
            "NElw7Np6gSu9XtUwUT525zAoVfLSvbj4I+kEbu3THUmD8HuqKahPVjTbPOV9nZwU"
                + "ts/cppF9A74bEsKzXPgpEYLQHBxCfGyGm7uQafyyM73S4aCoAhMMhcpqdvzjOZSp"
                + "GRV8/P9Cym3HIJQUe+/Lr7zeOarT/FX0FvTZBJNg3VsQb8eQ/ND0WJqVtxmoJpJT"
                + "mh9nO367aT9kNcfNxupRuFAq3EkTsHcwcsFW4Kj9ERD/aV3VK3vTbBSQLvqmJqPr"
                + "IdxJADc5/0m6BGXZIrGbPXwiDCkDDXnbTqDIMSuxTMZR/KEWlFcIRHj45oXzW6YR"
                + "qd39YeEhf1lCAV4dRix5zg==", .standard),
        text: "abc")

    private static func bytes(_ text: String, _ alphabet: Base64.Alphabet) -> [UInt8] {
        Base64.decode(text, alphabet) ?? []
    }
}
