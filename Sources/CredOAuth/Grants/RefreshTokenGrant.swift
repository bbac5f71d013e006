package import CredCore

/// A refresh token for a new access token. RFC 6749 §6.
package enum RefreshTokenGrant {
    /// Without a scope: the server then grants what it granted before.
    package static func fields(_ refreshToken: Secret) -> [FormField] {
        [
            FormField("grant_type", "refresh_token"),
            FormField("refresh_token", refreshToken.reveal()),
        ]
    }
}
