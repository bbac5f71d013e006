package import CredCore

/// A public signing key of a server. RFC 7517 §4, RFC 7518 §6.
package struct JSONWebKey: Hashable, Sendable {
    package let keyID: String?
    /// The only algorithm that the key may be used with, by name; `nil` for any that fits its type.
    private let algorithm: String?
    private let material: Material

    private enum Material: Hashable, Sendable {
        /// Both numbers with the most significant byte first and without leading zeros.
        case rsa(modulus: [UInt8], exponent: [UInt8])
        /// A point of the curve P-256, each coordinate in 32 bytes.
        case p256(x: [UInt8], y: [UInt8])
    }

    /// Reads a key; `nil` if it cannot verify a signature that we support: another type or curve,
    /// an encryption key, or a key that lacks a member.
    package init?(_ object: JSONObject) {
        guard object["use"]?.string ?? "sig" == "sig", Self.mayVerify(object["key_ops"]),
            let material = Self.material(object)
        else { return nil }
        keyID = object["kid"]?.string
        algorithm = object["alg"]?.string
        self.material = material
    }

    /// Whether the key can verify signatures of this algorithm.
    package func fits(_ wanted: SignatureAlgorithm) -> Bool {
        guard algorithm ?? wanted.rawValue == wanted.rawValue else { return false }
        return switch (material, wanted) {
        case (.rsa, .rs256), (.rsa, .ps256), (.p256, .es256): true
        case (.rsa, .es256), (.p256, .rs256), (.p256, .ps256): false
        }
    }

    /// The minimum length of an RSA modulus, in bits; shorter keys are not secure. RFC 7518 §3.3
    /// and §3.5.
    package static let leastBitCount = 2048

    /// The length of the RSA modulus in bits; `nil` for elliptic curve keys.
    package var rsaBitCount: Int? {
        guard case .rsa(let modulus, _) = material, let first = modulus.first else { return nil }
        return modulus.count * 8 - first.leadingZeroBitCount
    }

    /// The key as a SubjectPublicKeyInfo in DER. RFC 5280 §4.1.2.7, RFC 3279 §2.3.1, RFC 5480 §2.
    package var subjectPublicKeyInfo: [UInt8] {
        switch material {
        case .rsa(let modulus, let exponent):
            DER.sequence(
                DER.sequence(DER.rsaEncryption, DER.null),
                DER.bitString(DER.sequence(DER.integer(modulus), DER.integer(exponent))))
        case .p256(let x, let y):
            DER.sequence(
                DER.sequence(DER.ecPublicKey, DER.prime256v1),
                // 4 marks an uncompressed point, SEC 1 §2.3.3.
                DER.bitString([4] + x + y))
        }
    }

    /// The SubjectPublicKeyInfo in PEM, in lines of 64 characters. RFC 7468 §2 and §13.
    package var pem: String {
        var lines = ["-----BEGIN PUBLIC KEY-----"]
        var rest = Base64.encode(subjectPublicKeyInfo, .standard)[...]
        while !rest.isEmpty {
            lines.append(String(rest.prefix(64)))
            rest = rest.dropFirst(64)
        }
        return (lines + ["-----END PUBLIC KEY-----\n"]).joined(separator: "\n")
    }

    private static func mayVerify(_ operations: JSONValue?) -> Bool {
        operations?.array?.contains(.string("verify")) ?? true
    }

    private static func material(_ object: JSONObject) -> Material? {
        switch object["kty"]?.string {
        case "RSA":
            guard let modulus = number(object["n"]), let exponent = number(object["e"]) else {
                return nil
            }
            return .rsa(modulus: modulus, exponent: exponent)
        case "EC":
            guard object["crv"] == .string("P-256"), let x = bytes(object["x"]), x.count == 32,
                let y = bytes(object["y"]), y.count == 32
            else { return nil }
            return .p256(x: x, y: y)
        default: return nil
        }
    }

    private static func number(_ value: JSONValue?) -> [UInt8]? {
        guard let digits = bytes(value)?.drop(while: { $0 == 0 }), !digits.isEmpty else {
            return nil
        }
        return Array(digits)
    }

    private static func bytes(_ value: JSONValue?) -> [UInt8]? {
        value?.string.flatMap { Base64.decode($0, .url) }
    }
}

extension JSONWebKey {
    /// The supported keys of a key set; `nil` if the document is not a key set. RFC 7517 §5.
    package static func keys(of document: JSONObject) -> [JSONWebKey]? {
        document["keys"]?.array?.compactMap { $0.object.flatMap(JSONWebKey.init) }
    }
}

/// Fetches the key set of a server. RFC 7517 §5.
package enum KeySetRequest {
    /// - Parameters:
    ///   - sent: the secrets that the server was sent before, to hide in its texts.
    ///   - timeLimit: in milliseconds.
    package static func run(
        at url: WebURL, sent: SentSecrets, certificateAuthorityFile: String?, world: World,
        timeLimit: Int64
    ) -> EndpointResult<[JSONWebKey]> {
        let request = HTTPRequest(
            .get, url, headers: [.acceptJSON], secrets: sent,
            certificateAuthorityFile: certificateAuthorityFile)
        return EndpointResult(to: request, world: world, timeLimit: timeLimit).flatMap { document in
            JSONWebKey.keys(of: document).map(EndpointResult.success)
                ?? .unusable("'\(url.withoutQuery)' did not answer with a key set (JWKS)")
        }
    }
}

/// An encoder for the few DER values in public keys and ECDSA signatures. ITU-T X.690 §8 and §10.
package enum DER {
    package static func sequence(_ elements: [UInt8]...) -> [UInt8] {
        value(tag: 0x30, elements.flatMap { $0 })
    }

    /// A non-negative integer from its bytes, the most significant first; leading zeros are
    /// dropped.
    package static func integer(_ bytes: some Collection<UInt8>) -> [UInt8] {
        let digits = Array(bytes.drop { $0 == 0 })
        // The highest bit would be read as a sign.
        let needsZero = digits.first.map { $0 >= 0x80 } ?? true
        return value(tag: 0x02, (needsZero ? [0] : []) + digits)
    }

    /// Whole bytes as a bit string.
    package static func bitString(_ bytes: [UInt8]) -> [UInt8] {
        value(tag: 0x03, [0] + bytes)
    }

    static let null: [UInt8] = [0x05, 0x00]
    /// 1.2.840.113549.1.1.1, RFC 8017 appendix A.1.
    static let rsaEncryption: [UInt8] = [
        0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01,
    ]
    /// 1.2.840.10045.2.1, RFC 5480 §2.1.1.
    static let ecPublicKey: [UInt8] = [0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01]
    /// 1.2.840.10045.3.1.7, RFC 5480 §2.1.1.1.
    static let prime256v1: [UInt8] = [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]

    private static func value(tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        [tag] + length(content.count) + content
    }

    /// One byte for a length below 128; otherwise the number of length bytes, then these bytes.
    private static func length(_ count: Int) -> [UInt8] {
        guard count >= 128 else { return [UInt8(count)] }
        var digits: [UInt8] = []
        var rest = count
        while rest > 0 {
            digits.insert(UInt8(rest & 255), at: 0)
            rest >>= 8
        }
        return [0x80 | UInt8(digits.count)] + digits
    }
}
