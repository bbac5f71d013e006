package import CredCore

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
