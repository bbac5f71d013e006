package import CredCore
import CredOAuth

/// What a token was issued for. It is used only while the profile still says the same.
package struct TokenBinding: Hashable, Sendable {
    /// Server, client, audience and scopes, as the token file shows them.
    package let text: String
    /// Server and client alone: to whom the token may be sent.
    private let party: String
    /// The endpoints in the profile that receive a secret, with names and URLs as in the token
    /// file; empty if all come from the server's metadata.
    let endpoints: JSONObject
    private let server: AuthorizationServer?
    /// The type of its tokens according to the profile.
    let tokenType: StatedTokenType?

    package init(_ client: OAuthClient) {
        party = "\(client.server.identifier) \(client.clientID)"
        var text = party
        if let audience = client.audience { text += " audience=\(audience)" }
        if let organization = client.organization { text += " organization=\(organization)" }
        if let project = client.projectID { text += " project_id=\(project)" }
        for scope in client.scopes.sorted() { text += " scope=\(scope)" }
        self.text = text
        var endpoints = JSONObject()
        for endpoint in ServerEndpoint.allCases where endpoint.receivesSecrets {
            guard let url = client.server.endpoints[endpoint] else { continue }
            endpoints[endpoint.profileKey] = .string(url.description)
        }
        self.endpoints = endpoints
        server = client.server
        tokenType = client.tokenType
    }

    /// The binding of a credential that was not issued to an OAuth client.
    static let none = TokenBinding(party: "")

    private init(party: String) {
        (text, self.party) = (party, party)
        (endpoints, server, tokenType) = (JSONObject(), nil, nil)
    }

    /// Whether a token that was issued for `issuedFor` may be sent to this server.
    func isSameParty(as issuedFor: String) -> Bool {
        issuedFor.utf8.elementsEqual(party.utf8) || issuedFor.utf8.starts(with: "\(party) ".utf8)
    }

    /// Whether the tokens of the two may be sent to the same places.
    func isSameParty(as other: TokenBinding) -> Bool {
        party.utf8.elementsEqual(other.party.utf8) && endpoints == other.endpoints
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

    private var partyFingerprint: String {
        let named = endpoints.members.map { "\n\($0.name)=\($0.value.string ?? "")" }.joined()
        return Secret(party + named).fingerprint
    }
}

extension TokenBinding {
    /// Whether all endpoints in the profile are on the profile's server, so that no other party
    /// would receive a secret.
    var namesOnlyTheIssuer: Bool {
        guard !endpoints.members.isEmpty else { return true }
        // The error is ignored: a server without a valid URL has no origin to compare.
        guard let server, let origin = try? WebURL(server.identifier).origin else { return false }
        return ServerEndpoint.allCases.filter { $0.receivesSecrets }
            .allSatisfy { (server.endpoints[$0]?.origin ?? origin) == origin }
    }

    /// The issuer that the tokens of another program name, and the expected one, if they certainly
    /// differ; `nil` if they are the same, or if no token names an issuer.
    ///
    /// The first of the tokens that names its issuer decides. A refresh token goes back to its
    /// issuer (Keycloak's are JWTs), and an ID token names the issuer of the metadata. An access
    /// token is the weakest of them: some servers name another path in it.
    func foreignIssuer(in members: JSONObject) -> (stated: String, expected: String)? {
        guard let server, let expected = server.expectedIssuer ?? server.issuer else { return nil }
        let accepted = [expected, server.issuer ?? expected].map(IssuerName.init)
        for name in ["refresh_token", "id_token", "access_token"] {
            guard let token = TokenRecord.secret(name, members),
                let text = JWTClaims.unverified(token)?["iss"]?.string, !text.isEmpty
            else { continue }
            let issuer = IssuerName(text)
            let isOurs = accepted.contains { own in
                own.isSame(as: issuer)
                    || name == "access_token" && own.hasSameHost(as: issuer)
            }
            return isOurs ? nil : (text, expected)
        }
        return nil
    }
}

extension ServerEndpoint {
    /// Whether requests to it contain a token, a code or the client's secret.
    fileprivate var receivesSecrets: Bool {
        switch self {
        case .token, .revocation, .introspection, .deviceAuthorization, .userinfo: true
        case .authorization, .keys: false
        }
    }
}

/// The name of an issuer, compared as people and services write it.
private struct IssuerName {
    private let url: String
    /// Without the scheme, which proxies change and some tokens lack, and without the last slash.
    private let name: String
    private let host: String

    init(_ text: String) {
        // The error is ignored: a name that is not a URL is compared as it is.
        url = (try? WebURL(text))?.description ?? text
        let start = url.firstRange(ofBytes: "://")?.upperBound ?? url.startIndex
        let rest = url[start...]
        name = String(rest.utf8.last == UInt8(ascii: "/") ? rest.dropLast() : rest)
        host = String(rest.prefix { $0 != "/" && $0 != "?" })
    }

    func isSame(as other: IssuerName) -> Bool {
        if name.utf8.elementsEqual(other.name.utf8) { return true }
        if let service = KnownService.behind(url), service == KnownService.behind(other.url) {
            return true
        }
        return Self.microsoft.contains(host) && Self.microsoft.contains(other.host)
    }

    func hasSameHost(as other: IssuerName) -> Bool { host.utf8.elementsEqual(other.host.utf8) }

    /// The hosts of one service, whose tokens name a different host than its endpoints.
    private static let microsoft = [
        "login.microsoftonline.com", "login.windows.net", "sts.windows.net",
    ]
}
