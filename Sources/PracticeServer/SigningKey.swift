import Foundation

/// An RSA key that lives in an unlinked file and signs through `openssl`.
final class SigningKey: Sendable {
    /// Made at first use and shared by all servers: a key takes long to make.
    static let ofProcess = Result { try SigningKey() }

    static let name = "practice-1"

    /// The public modulus in base64url; the exponent is 65537.
    let modulus: String
    private let file: ScratchFile

    private init() throws(ChildProcess.Failure) {
        let children = RunningChildren()
        let pem = try openssl(
            "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"
        ).run(among: children)
        file = try ScratchFile(pem)
        let line = try openssl("rsa", "-noout", "-modulus", "-in", file.path).run(among: children)
        let hex = String(decoding: line, as: UTF8.self).split(separator: "=").last ?? ""
        modulus = Self.base64URL(Self.bytes(ofHex: hex.utf8.filter { $0 > 0x20 }))
    }

    /// A JWT with these claims, padded to at least this many bytes. RFC 7515 §3.1
    func sign(
        _ claims: [(name: String, value: PracticeServer.JSON)], minimumByteCount: Int,
        among children: RunningChildren
    ) throws(ChildProcess.Failure) -> String {
        let header: PracticeServer.JSON = [
            "alg": "RS256", "typ": "at+jwt", "kid": .string(Self.name),
        ]
        func unsigned(_ claims: [(name: String, value: PracticeServer.JSON)]) -> String {
            let payload = PracticeServer.JSON.object(claims)
            return Self.base64URL(header.encoded) + "." + Self.base64URL(payload.encoded)
        }
        // Four characters of base64 hold three bytes; the signature has 256 bytes.
        let signatureByteCount = 1 + (256 * 4 + 2) / 3
        let missing = minimumByteCount - unsigned(claims).utf8.count - signatureByteCount
        var text = unsigned(claims)
        if missing > 0 {
            let padding = TokenLedger.padding(of: missing * 3 / 4)
            text = unsigned(claims + [("padding", .string(padding))])
        }
        let signature = try openssl("dgst", "-sha256", "-sign", file.path)
            .run(input: Array(text.utf8), among: children)
        return text + "." + Self.base64URL(signature)
    }

    private static func base64URL(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private static func bytes(ofHex digits: [UInt8]) -> [UInt8] {
        stride(from: 0, to: digits.count - 1, by: 2).compactMap { index in
            UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16)
        }
    }
}

private func openssl(_ arguments: String...) -> ChildProcess {
    ChildProcess(program: "openssl", arguments: arguments)
}
