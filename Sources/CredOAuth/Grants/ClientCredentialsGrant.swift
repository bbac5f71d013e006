package import CredCore

/// The client acts for itself. RFC 6749 §4.4.
package enum ClientCredentialsGrant {
    package static func fields(_ client: OAuthClient) -> [FormField] {
        var fields = [FormField("grant_type", "client_credentials")]
        if !client.scopes.isEmpty {
            fields.append(FormField("scope", client.scopes.joined(separator: " ")))
        }
        if let audience = client.audience { fields.append(FormField("audience", audience)) }
        if let organization = client.organization {
            fields.append(FormField("organization", organization))
        }
        if let project = client.projectID { fields.append(FormField("project_id", project)) }
        return fields
    }
}
