package import CredCore

/// A signed JSON Web Token taken apart; nobody has checked its signature. RFC 7515 §7.1, RFC 7519.
package struct JSONWebToken: Hashable, Sendable {
    package let header: JSONObject
    package let claims: JSONObject
    /// What the signature is for: header and claims as they came.
    private let signedText: Secret
    private let signature: [UInt8]

    /// `nil` for anything else, an opaque or an encrypted token above all.
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
        // Whatever is no JSON object is no part of a JWT.
        Base64.decode(part, .url).flatMap { try? JSONValue(parsing: $0).object }
    }
}

extension JSONWebToken {
    package enum Verification: Hashable, Sendable {
        case valid
        /// The signature is not that of a key of the server; why, in words.
        case invalid(String)
        /// Nobody could say.
        case failed(Failure)
    }

    /// Checks the signature against the keys of the server that the token should come from.
    ///
    /// The key is the one that the header names; without a name every key that fits is tried. A
    /// header cannot choose an algorithm that does not fit the key, nor one without a key pair.
    /// RFC 8725 §3.1 to §3.3.
    package func verify(with keys: [JSONWebKey], world: World) -> Verification {
        let name = header["alg"]?.string ?? "missing"
        guard let algorithm = SignatureAlgorithm(rawValue: name) else {
            let accepted = SignatureAlgorithm.allCases.map { $0.rawValue }.joined(separator: ", ")
            return .invalid("unsupported signature algorithm '\(name)'; supported are \(accepted)")
        }
        // It would change what the rest means. RFC 7515 §4.1.11.
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
            let key = keyID.map { "no key '\($0)'" } ?? "no key"
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

    /// The signature as `SignatureCheck` wants it; `nil` if its length is wrong.
    private func signature(for algorithm: SignatureAlgorithm) -> [UInt8]? {
        switch algorithm {
        case .rs256, .ps256: return signature.isEmpty ? nil : signature
        case .es256:
            // Two numbers of 32 bytes, RFC 7518 §3.4.
            guard signature.count == 64 else { return nil }
            return DER.sequence(
                DER.integer(signature.prefix(32)), DER.integer(signature.suffix(32)))
        }
    }
}

/// The claims of a JSON Web Token, as it states them: nobody has checked its signature.
package enum JWTClaims {
    /// `nil` for anything that is not a signed JWT in the compact form, RFC 7519 §3, an opaque
    /// token above all.
    package static func unverified(_ token: Secret) -> JSONObject? {
        let parts = token.reveal().utf8.split(
            separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let bytes = Base64.decode(Substring(parts[1]), .url) else {
            return nil
        }
        // Whatever else has two dots is an opaque token.
        return try? JSONValue(parsing: bytes).object
    }
}
