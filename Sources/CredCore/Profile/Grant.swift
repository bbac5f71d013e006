/// How a client gets its first access token, with what the profile says of it.
package enum Grant: Hashable, Sendable {
    /// RFC 6749 §4.1 with PKCE, RFC 7636.
    case authorizationCode(RedirectURIs, Acknowledgement?)
    /// RFC 8628.
    case deviceCode
    /// RFC 6749 §4.4.
    case clientCredentials
    /// Resource owner password credentials, RFC 6749 §4.3.
    case password(UserCredentials)

    /// What the profile wants the browser to show after a login.
    package enum Acknowledgement: Hashable, Sendable {
        case html(String)
        case file(String)
    }
}

/// A user's name and password; what is missing is asked for.
package struct UserCredentials: Hashable, Sendable {
    package var username: String?
    package var password: Secret?

    package init(username: String? = nil, password: Secret? = nil) {
        self.username = username
        self.password = password
    }
}
