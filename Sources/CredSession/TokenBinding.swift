package import CredCore

/// What a token was issued for: it is used only while its profile still says the same.
package struct TokenBinding: Hashable, Sendable {
    /// Server, client, audience and scopes, readable in the token file.
    package let text: String

    package init(_ client: OAuthClient) {
        var text = "\(client.server.identifier) \(client.clientID)"
        if let audience = client.audience { text += " audience=\(audience)" }
        if let organization = client.organization { text += " organization=\(organization)" }
        if let project = client.projectID { text += " project_id=\(project)" }
        for scope in client.scopes.sorted() { text += " scope=\(scope)" }
        self.text = text
    }

    /// Names a refresh token that was issued for this, without telling it.
    package func fingerprint(_ refreshToken: Secret) -> String {
        Secret("\(text)\n\(refreshToken.reveal())").fingerprint
    }
}
