/// The value of an `Authorization` header: a scheme and a credential without spaces. RFC 9110
/// §11.4.
///
/// Its text is safe in a header, a line of configuration and git's protocol: the scheme is a token
/// and the credential is visible ASCII, as RFC 6749 §A.12 requires of access tokens.
package struct Authorization: Hashable, Sendable {
    package let scheme: String
    package let credential: Secret

    package init?(scheme: String, credential: String) {
        guard !scheme.isEmpty, !credential.isEmpty,
            scheme.utf8.allSatisfy(Self.isSchemeCharacter),
            Self.isVisible(credential)
        else { return nil }
        self.scheme = scheme
        self.credential = Secret(credential)
    }

    /// The header's value, `Bearer eyJ...`.
    package var headerValue: Secret {
        Secret("\(scheme) \(credential.reveal())")
    }

    /// Runs for every token that is returned, hence over the bytes in place.
    private static func isVisible(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            var index = 0
            while index < bytes.count, bytes[index] &- 0x21 <= 0x5D { index += 1 }
            return index == bytes.count
        }
    }

    private static func isSchemeCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
            UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "~"):
            true
        default: false
        }
    }
}

/// The access token or API key that planet-cred returns to its caller.
package struct Credential: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case accessToken
        case apiKey
    }

    package let kind: Kind
    package let authorization: Authorization
    /// The expiry time; `nil` if there is none or it is not known.
    package let expiresAt: UnixTime?

    package init(_ kind: Kind, _ authorization: Authorization, expiresAt: UnixTime? = nil) {
        self.kind = kind
        self.authorization = authorization
        self.expiresAt = expiresAt
    }
}
