import Workbench

/// A token whose content is signed. RFC 7515 §3.1, RFC 7519
struct JWT {
    typealias Claims = [(name: String, value: PracticeServer.JSON)]

    /// The header `typ`.
    var type = "JWT"
    var claims: Claims
    var algorithm = PracticeServer.SignatureAlgorithm.rs256
    /// The least length of the whole; a shorter one gets a claim more.
    var minimumByteCount = 0

    func signed(among children: Children) throws(Problem) -> String {
        let key = try SigningKey.ofProcess(for: algorithm)
        // Four characters of base64 hold three bytes.
        let signatureByteCount = 1 + (algorithm.signatureByteCount * 4 + 2) / 3
        var text = unsigned(claims, key)
        let missing = minimumByteCount - text.utf8.count - signatureByteCount
        if missing > 0 {
            let padding = TokenLedger.padding(of: missing * 3 / 4)
            text = unsigned(claims + [("padding", .string(padding))], key)
        }
        let signature = try key.sign(Array(text.utf8), with: algorithm, among: children)
        return text + "." + Base64URL.encode(signature)
    }

    private func unsigned(_ claims: Claims, _ key: SigningKey) -> String {
        let header: PracticeServer.JSON = [
            "alg": .string(algorithm.rawValue), "typ": .string(type), "kid": .string(key.name),
        ]
        let payload = PracticeServer.JSON.object(claims)
        return Base64URL.encode(header.encoded) + "." + Base64URL.encode(payload.encoded)
    }
}

extension PracticeServer {
    /// How a token is signed. RFC 7518 §3.1
    package enum SignatureAlgorithm: String, Sendable, CaseIterable {
        case rs256 = "RS256"
        case ps256 = "PS256"
        case es256 = "ES256"

        var signatureByteCount: Int { self == .es256 ? 64 : 256 }
    }
}
