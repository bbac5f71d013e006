package import CredCore

/// A user's name and password for a token. RFC 6749 §4.3, which RFC 9700 §2.4 forbids to new
/// clients.
package enum PasswordGrant {
    package static func fields(_ client: OAuthClient, username: String, password: Secret)
        -> [FormField]
    {
        [
            FormField("grant_type", "password"), FormField("username", username),
            FormField("password", password.reveal()),
        ] + client.wishes
    }
}
