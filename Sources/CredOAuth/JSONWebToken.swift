package import CredCore

/// A signed JSON Web Token split into its parts, with its signature not yet verified. RFC 7515
/// §7.1, RFC 7519.
package struct JSONWebToken: Hashable, Sendable {
    package let header: JSONObject
    package let claims: JSONObject
    /// The signed bytes: header and claims as received.
    private let signedText: Secret
    private let signature: [UInt8]

    /// Parses a token; `nil` if it is not a signed JWT, for example an opaque or an encrypted
    /// token.
    package init?(_ token: Secret) {
        let text = token.reveal()
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Self.object(parts[0]),
            let claims = Self.object(parts[1]), let signature = Base64.decode(parts[2], .url)
        else { return nil }
        self.header = header
        self.claims = claims
        self.signature = signature
        signedText = Secret("\(parts[0]).\(parts[1])")
    }

    private static func object(_ part: Substring) -> JSONObject? {
        // The error is ignored: a part that is not JSON means that the token is not a JWT.
        Base64.decode(part, .url).flatMap { try? JSONValue(parsing: $0).object }
    }
}

extension JSONWebToken {
    package enum Verification: Hashable, Sendable {
        case valid
        /// The signature was not made with a key of the server; the reason in words.
        case invalid(String)
        /// The signature could not be checked.
        case failed(Failure)
    }

    /// Checks the signature against the published keys of the server that should have issued the
    /// token.
    ///
    /// The header's `kid` selects the key; without it every key that fits is tried. The header
    /// cannot select an algorithm that does not fit the key, nor a symmetric one. RFC 8725 §3.1 to
    /// §3.3.
    package func verify(with keys: [JSONWebKey], world: World) -> Verification {
        let sent = SentSecrets([signedText])
        let name = sent.words(header["alg"]?.string ?? "missing", .code)
        guard let algorithm = SignatureAlgorithm(rawValue: name) else {
            let accepted = SignatureAlgorithm.allCases.map { $0.rawValue }.joined(separator: ", ")
            return .invalid("unsupported signature algorithm '\(name)'; supported are \(accepted)")
        }
        // A critical extension that we do not know could change the meaning of the token. RFC 7515
        // §4.1.11.
        guard header["crit"] == nil else {
            return .invalid("its header requires an unsupported extension ('crit')")
        }
        guard let signature = signature(for: algorithm) else {
            return .invalid("its signature has the wrong length for \(name)")
        }
        let keyID = header["kid"]?.string
        let named = keys.filter { keyID == nil || $0.keyID == keyID }
        let fitting = named.filter { $0.fits(algorithm) }
        guard !fitting.isEmpty else {
            let key = keyID.map { "no key '\(sent.words($0, .name))'" } ?? "no key"
            return .invalid("the server publishes \(key) for \(name)")
        }
        let strong = fitting.filter { $0.rsaBitCount ?? .max >= JSONWebKey.leastBitCount }
        guard !strong.isEmpty else {
            return .invalid("the server's RSA key has fewer than \(JSONWebKey.leastBitCount) bits")
        }
        for key in strong {
            let check = SignatureCheck(
                algorithm, publicKey: key.pem, signature: signature, text: signedText)
            switch world.engines.verify(check) {
            case .valid: return .valid
            case .invalid: continue
            case .failed(let failure): return .failed(failure)
            }
        }
        return .invalid("its signature does not match the server's keys")
    }

    /// The signature in the encoding that `SignatureCheck` needs; `nil` if its length is wrong.
    private func signature(for algorithm: SignatureAlgorithm) -> [UInt8]? {
        switch algorithm {
        case .rs256, .ps256: return signature.isEmpty ? nil : signature
        case .es256:
            // Two 32-byte integers, RFC 7518 §3.4.
            guard signature.count == 64 else { return nil }
            return DER.sequence(
                DER.integer(signature.prefix(32)), DER.integer(signature.suffix(32)))
        }
    }
}

/// Reads the claims of a JSON Web Token without verifying its signature.
package enum JWTClaims {
    /// The claims; `nil` if the token is not a signed JWT in compact form, for example an opaque
    /// token. RFC 7519 §3.
    package static func unverified(_ token: Secret) -> JSONObject? {
        let parts = token.reveal().utf8.split(
            separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let bytes = Base64.decode(Substring(parts[1]), .url) else {
            return nil
        }
        // The error is ignored: an opaque token may contain two dots.
        return try? JSONValue(parsing: bytes).object
    }
}
