package import CredCore

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
