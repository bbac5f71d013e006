/// How a client gets its first access token.
package enum Grant: Hashable, Sendable {
    /// RFC 6749 §4.1 with PKCE, RFC 7636.
    case authorizationCode
    /// RFC 8628.
    case deviceCode
    /// RFC 6749 §4.4.
    case clientCredentials
    /// Resource owner password credentials, RFC 6749 §4.3.
    case password
}
