/// A question to `openssl`: did the holder of this key sign this text?
package struct SignatureCheck: Hashable, Sendable {
    package let algorithm: SignatureAlgorithm
    /// A SubjectPublicKeyInfo in PEM, RFC 7468 §13.
    package let publicKey: String
    /// An RSA signature as it is; one by ECDSA in DER, as an `ECDSA-Sig-Value` of RFC 3279 §2.2.3.
    package let signature: [UInt8]
    package let text: Secret

    package init(
        _ algorithm: SignatureAlgorithm, publicKey: String, signature: [UInt8], text: Secret
    ) {
        self.algorithm = algorithm
        self.publicKey = publicKey
        self.signature = signature
        self.text = text
    }

    package enum Outcome: Hashable, Sendable {
        case valid
        case invalid
        /// Nobody could say.
        case failed(Failure)
    }
}

/// The algorithms by which a token may be signed: those with a key pair that servers use, and none
/// whose key a client would have to share. RFC 7518 §3.1.
package enum SignatureAlgorithm: String, Hashable, Sendable, CaseIterable {
    case rs256 = "RS256"
    case ps256 = "PS256"
    case es256 = "ES256"
}
