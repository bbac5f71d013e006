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

/// The client acts for itself. RFC 6749 §4.4.
package enum ClientCredentialsGrant {
    package static func fields(_ client: OAuthClient) -> [FormField] {
        [FormField("grant_type", "client_credentials")] + client.wishes
    }
}

extension OAuthClient {
    /// What the profile asks a token for: scope, audience, and the extensions of Auth0 and Planet.
    var wishes: [FormField] {
        var fields: [FormField] = []
        if !scopes.isEmpty { fields.append(FormField("scope", scopes.joined(separator: " "))) }
        if let audience { fields.append(FormField("audience", audience)) }
        if let organization { fields.append(FormField("organization", organization)) }
        if let projectID { fields.append(FormField("project_id", projectID)) }
        return fields
    }
}

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
