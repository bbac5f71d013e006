import Workbench

/// A key that lives in memory and signs through `openssl`.
final class SigningKey: Sendable {
    let name: String
    /// The public half. RFC 7517 §4
    let jwk: PracticeServer.JSON
    private let file: MemoryFile

    // Made at first use and shared by all servers: a key takes long to make.
    private static let rsa = Result { () throws(Problem) in try SigningKey.newRSA() }
    private static let elliptic = Result { () throws(Problem) in
        try SigningKey.newElliptic()
    }

    static func ofProcess(
        for algorithm: PracticeServer.SignatureAlgorithm
    ) throws(Problem) -> SigningKey {
        switch algorithm {
        case .rs256, .ps256: try rsa.get()
        case .es256: try elliptic.get()
        }
    }

    private init(_ name: String, _ jwk: PracticeServer.JSON, _ file: MemoryFile) {
        self.name = name
        self.jwk = jwk
        self.file = file
    }

    func sign(
        _ bytes: [UInt8], with algorithm: PracticeServer.SignatureAlgorithm,
        among children: Children
    ) throws(Problem) -> [UInt8] {
        let arguments = ["dgst", "-sha256", "-sign", file.path]
        // RFC 7518 §3.5: the salt is as long as the hash.
        let padding = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"]
        let options = algorithm == .ps256 ? padding : []
        let signature = try Command(
            "openssl", arguments + options, input: bytes, among: children
        ).output()
        return algorithm == .es256 ? Self.joined(signature) : signature
    }

    /// The two numbers of an ECDSA signature, 32 bytes each, from their DER. RFC 7518 §3.4
    private static func joined(_ der: [UInt8]) -> [UInt8] {
        // SEQUENCE { INTEGER r, INTEGER s }; all lengths fit in one byte.
        var joined: [UInt8] = []
        var rest = der.dropFirst(2)
        for _ in 0..<2 {
            let count = Int(rest.dropFirst().first ?? 0)
            let number = rest.dropFirst(2).prefix(count).drop { $0 == 0 }
            joined += [UInt8](repeating: 0, count: 32 - number.count) + number
            rest = rest.dropFirst(2 + count)
        }
        return joined
    }

    private static func newRSA() throws(Problem) -> SigningKey {
        let file = try newFile(["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"])
        let line = try openssl("rsa", "-noout", "-modulus", "-in", file.path)
        let hex = String(decoding: line, as: UTF8.self).split(separator: "=").last ?? ""
        let modulus = bytes(ofHex: hex.utf8.filter { $0 > 0x20 })
        // No `alg`: the key serves RS256 and PS256. The exponent is 65537.
        let jwk: PracticeServer.JSON = [
            "kty": "RSA", "use": "sig", "kid": "practice-1",
            "n": .string(Base64URL.encode(modulus)), "e": "AQAB",
        ]
        return SigningKey("practice-1", jwk, file)
    }

    private static func newElliptic() throws(Problem) -> SigningKey {
        let file = try newFile(["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"])
        // The point stands at the end of the DER: both coordinates, 32 bytes each.
        let der = try openssl("pkey", "-pubout", "-outform", "DER", "-in", file.path)
        let jwk: PracticeServer.JSON = [
            "kty": "EC", "use": "sig", "kid": "practice-2", "crv": "P-256",
            "x": .string(Base64URL.encode(Array(der.suffix(64).prefix(32)))),
            "y": .string(Base64URL.encode(Array(der.suffix(32)))),
        ]
        return SigningKey("practice-2", jwk, file)
    }

    private static func newFile(_ options: [String]) throws(Problem) -> MemoryFile {
        try MemoryFile(
            Command("openssl", ["genpkey"] + options, among: Children()).output())
    }

    private static func openssl(_ arguments: String...) throws(Problem) -> [UInt8] {
        try Command("openssl", arguments, among: Children()).output()
    }

    private static func bytes(ofHex digits: [UInt8]) -> [UInt8] {
        stride(from: 0, to: digits.count - 1, by: 2).compactMap { index in
            UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16)
        }
    }
}
