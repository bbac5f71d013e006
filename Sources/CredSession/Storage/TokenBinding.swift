package import CredCore

/// What a token was issued for. It is used only while the profile still says the same.
package struct TokenBinding: Hashable, Sendable {
    /// Server, client, audience and scopes, as the token file shows them.
    package let text: String
    /// Server and client alone: to whom the token may be sent.
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

    /// The binding of a credential that was not issued to an OAuth client.
    static let none = TokenBinding(party: "")

    private init(party: String) {
        (text, self.party) = (party, party)
    }

    /// Whether a token that was issued for `issuedFor` may be sent to this server.
    func isSameParty(as issuedFor: String) -> Bool {
        issuedFor.utf8.elementsEqual(party.utf8) || issuedFor.utf8.starts(with: "\(party) ".utf8)
    }

    /// Identifies a refresh token, and the party to which it may be sent, without revealing either:
    /// 16 hexadecimal digits of each. The party comes first.
    package func fingerprint(_ refreshToken: Secret) -> String {
        partyFingerprint + Secret("\(text)\n\(refreshToken.reveal())").fingerprint
    }

    /// Whether the refresh token with this fingerprint, and what the server answered to it, may be
    /// sent to this server.
    func isSameParty(asFingerprint fingerprint: String) -> Bool {
        fingerprint.utf8.count == 2 * partyFingerprint.utf8.count
            && fingerprint.utf8.starts(with: partyFingerprint.utf8)
    }

    private var partyFingerprint: String { Secret(party).fingerprint }
}
