package import CredCore

/// Exchanges a refresh token for a new access token. RFC 6749 §6.
package enum RefreshTokenGrant {
    /// The form fields; no scope, so that the server grants the same scope as before.
    package static func fields(_ refreshToken: Secret) -> [FormField] {
        [
            FormField("grant_type", "refresh_token"),
            FormField("refresh_token", refreshToken),
        ]
    }
}

/// Requests a token for the client itself, without a user. RFC 6749 §4.4.
package enum ClientCredentialsGrant {
    package static func fields(_ client: OAuthClient) -> [FormField] {
        [FormField("grant_type", "client_credentials")] + client.wishes
    }
}

extension OAuthClient {
    /// The scope, the audience and the extensions of Auth0 and Planet that the profile requests.
    var wishes: [FormField] {
        var fields: [FormField] = []
        if !scopes.isEmpty { fields.append(FormField("scope", scopes.joined(separator: " "))) }
        if let audience { fields.append(FormField("audience", audience)) }
        if let organization { fields.append(FormField("organization", organization)) }
        if let projectID { fields.append(FormField("project_id", projectID)) }
        return fields
    }
}

/// Exchanges a user's name and password for a token. RFC 6749 §4.3, deprecated by RFC 9700 §2.4.
package enum PasswordGrant {
    package static func fields(_ client: OAuthClient, username: String, password: Secret)
        -> [FormField]
    {
        [
            FormField("grant_type", "password"), FormField("username", username),
            FormField("password", password),
        ] + client.wishes
    }
}
