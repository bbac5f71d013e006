/// A client that is registered with an OAuth 2.0 authorization server.
package struct OAuthClient: Hashable, Sendable {
    package var grant: Grant
    package var authentication: ClientAuthentication
    package var clientID: String
    package var server: AuthorizationServer
    package var scopes: [String]
    /// Sent as `audience`, an extension of Auth0.
    package var audience: String?
    /// Sent as `organization` and `project_id`.
    package var organization: String?
    package var projectID: String?
    /// The profile's lifetime for tokens whose response gives none, in seconds.
    package var defaultLifetime: Seconds?
    /// The type of the tokens, for a server that does not say so or has a name of its own for it.
    package var tokenType: StatedTokenType?
}

/// The type of a server's tokens according to the profile.
package enum StatedTokenType: String, Hashable, Sendable {
    case bearer
}

extension OAuthClient {
    /// Whether the profile has both the user name and the password that its grant needs.
    package var hasPassword: Bool {
        guard case .password(let user) = grant else { return false }
        return user.username != nil && user.password != nil
    }

    /// The secrets in the profile itself, to be hidden in texts of the server.
    package var secrets: SentSecrets {
        var secrets: [Secret] = []
        if case .secret(.literal(let secret), _) = authentication { secrets.append(secret) }
        if case .password(let user) = grant, let password = user.password {
            secrets.append(password)
        }
        return SentSecrets(secrets)
    }
}

/// The authorization server that a profile names.
package struct AuthorizationServer: Hashable, Sendable {
    /// `auth_server` as written, the base for discovery; `nil` if the profile names only the token
    /// endpoint.
    package var issuer: String?
    /// The `issuer` that the metadata must name, if it is not `issuer`.
    package var expectedIssuer: String?
    /// The endpoints that the profile names; they take precedence over the server's metadata.
    package var endpoints: ServerEndpoints
    /// A PEM file of authorities to trust instead of the system's.
    package var certificateAuthorityFile: String?

    package init(
        issuer: String?, expectedIssuer: String? = nil,
        endpoints: ServerEndpoints = ServerEndpoints(),
        certificateAuthorityFile: String? = nil
    ) {
        self.issuer = issuer
        self.expectedIssuer = expectedIssuer
        self.endpoints = endpoints
        self.certificateAuthorityFile = certificateAuthorityFile
    }

    /// The text that identifies the server in messages and fingerprints.
    package var identifier: String {
        issuer ?? endpoints[.token]?.description ?? ""
    }
}

/// How a client gets its first access token, with the settings for that.
package enum Grant: Hashable, Sendable {
    /// RFC 6749 §4.1 with PKCE, RFC 7636.
    case authorizationCode(RedirectURIs, Acknowledgement?)
    /// RFC 8628.
    case deviceCode
    /// RFC 6749 §4.4.
    case clientCredentials
    /// Resource owner password credentials, RFC 6749 §4.3.
    case password(UserCredentials)

    /// What the profile wants the browser to show after a login.
    package enum Acknowledgement: Hashable, Sendable {
        case html(String)
        case file(String)
    }
}

/// A user's name and password; the user is prompted for a missing one.
package struct UserCredentials: Hashable, Sendable {
    package var username: String?
    package var password: Secret?

    package init(username: String? = nil, password: Secret? = nil) {
        self.username = username
        self.password = password
    }
}

/// How a client authenticates to the authorization server. RFC 6749 §2.3, OpenID Connect Core §9.
package enum ClientAuthentication: Hashable, Sendable {
    /// A public client: `client_id` in the body.
    case none
    case secret(SecretSource, SecretMethod)
    /// `private_key_jwt`, RFC 7523 §2.2.
    case privateKey

    package enum SecretMethod: String, Hashable, Sendable, CaseIterable {
        /// Id and secret in the body.
        case post = "client_secret_post"
        /// HTTP Basic, with id and secret form-encoded first. RFC 6749 §2.3.1.
        case basic = "client_secret_basic"
        /// HTTP Basic without form-encoding, which some servers require against the RFC.
        case basicRaw = "client_secret_basic_raw"
    }

    /// Where the client secret is read from.
    package enum SecretSource: Hashable, Sendable {
        case literal(Secret)
        case file(String)
        case command(CommandLineProgram)
    }
}

/// The endpoints of an authorization server.
package enum ServerEndpoint: String, Hashable, Sendable, CaseIterable {
    case authorization = "authorization_endpoint"
    case deviceAuthorization = "device_authorization_endpoint"
    case token = "token_endpoint"
    case revocation = "revocation_endpoint"
    case introspection = "introspection_endpoint"
    case userinfo = "userinfo_endpoint"
    case keys = "jwks_uri"

    /// The member of the server's metadata that names it. RFC 8414 §2.
    package var metadataKey: String { rawValue }

    /// The member of a profile that overrides it.
    package var profileKey: String { self == .keys ? "jwks_endpoint" : rawValue }
}

/// The known URLs of a server's endpoints, at most one for each.
package struct ServerEndpoints: Hashable, Sendable {
    private struct Entry: Hashable, Sendable {
        let endpoint: ServerEndpoint
        let url: WebURL
    }

    private var entries: [Entry] = []

    package init() {}

    package subscript(endpoint: ServerEndpoint) -> WebURL? {
        get { entries.first { $0.endpoint == endpoint }?.url }
        set {
            entries.removeAll { $0.endpoint == endpoint }
            if let newValue { entries.append(Entry(endpoint: endpoint, url: newValue)) }
        }
    }
}
