package import CredCore

/// What a token was issued for: it is used only while its profile still says the same.
package struct TokenBinding: Hashable, Sendable {
    /// Server, client, audience and scopes, readable in the token file.
    package let text: String

    package init(_ client: OAuthClient) {
        let parts = [
            client.server.identifier, client.clientID, client.audience, client.organization,
            client.projectID,
        ]
        text = (parts.compactMap { $0 } + client.scopes.sorted()).joined(separator: " ")
    }
}
