package import CredCore

/// What a token was issued for: it is used only while its profile still says the same.
package struct TokenBinding: Hashable, Sendable {
    /// Server, client, audience and scopes, readable in the token file.
    package let text: String
    /// Server and client alone: who may be told the token.
    private let party: String

    package init(_ client: OAuthClient) {
        party = "\(client.server.identifier) \(client.clientID)"
        var text = party
        if let audience = client.audience { text += " audience=\(audience)" }
        if let organization = client.organization { text += " organization=\(organization)" }
        if let project = client.projectID { text += " project_id=\(project)" }
        for scope in client.scopes.sorted() { text += " scope=\(scope)" }
        self.text = text
    }

    /// Of a credential that no OAuth client got.
    static let none = TokenBinding(party: "")

    private init(party: String) {
        (text, self.party) = (party, party)
    }

    /// Whether a token that was issued for this may be shown to the server.
    func isSameParty(as issuedFor: String) -> Bool {
        issuedFor.utf8.elementsEqual(party.utf8) || issuedFor.utf8.starts(with: "\(party) ".utf8)
    }

    /// Names a refresh token that was issued for this, without telling it.
    package func fingerprint(_ refreshToken: Secret) -> String {
        Secret("\(text)\n\(refreshToken.reveal())").fingerprint
    }
}
