import Synchronization

/// The discovery document in both of its places. RFC 8414, OpenID Connect Discovery 1.0
final class Metadata: Sendable {
    private let issuer: String
    private let url: String
    private let namesIssuer: Bool
    private let forms: [String: PracticeServer.DiscoveryForm]
    private let current: Mutex<PracticeServer.MemberOverrides>

    init(issuer: String, url: String, _ configuration: PracticeServer.Configuration) {
        self.issuer = issuer
        self.url = url
        namesIssuer = configuration.namesIssuer
        let issuerPath = configuration.issuerPath
        forms = [
            issuerPath + "/.well-known/openid-configuration": .openIDConfiguration,
            "/.well-known/oauth-authorization-server" + issuerPath: .authorizationServer,
        ].filter { configuration.discovery.contains($0.value) }
        current = Mutex(configuration.metadataOverrides)
    }

    var overrides: PracticeServer.MemberOverrides {
        get { current.withLock { $0 } }
        set { current.withLock { $0 = newValue } }
    }

    /// The document, or `nil` if the path is not one of its places.
    func answer(_ request: PracticeServer.Request) -> PracticeServer.Answer? {
        guard forms[request.path] != nil else { return nil }
        guard ["GET", "HEAD"].contains(request.method) else {
            return .notAllowed(only: "GET, HEAD")
        }
        return PracticeServer.Answer(json: .object(overrides.applied(to: members)))
    }

    private var members: [(name: String, value: PracticeServer.JSON)] {
        [
            ("issuer", .string(issuer)),
            ("authorization_endpoint", .string(url + AuthorizationEndpoint.path)),
            ("token_endpoint", .string(url + TokenEndpoint.path)),
            ("device_authorization_endpoint", .string(url + DeviceEndpoint.path)),
            ("revocation_endpoint", .string(url + RevocationEndpoint.path)),
            ("introspection_endpoint", .string(url + IntrospectionEndpoint.path)),
            ("userinfo_endpoint", .string(url + UserinfoEndpoint.path)),
            ("jwks_uri", .string(url + KeySet.path)),
            (
                "grant_types_supported",
                [
                    "authorization_code", "client_credentials", "password", "refresh_token",
                    .string(DeviceGrant.name),
                ]
            ),
            ("response_types_supported", ["code"]),
            ("code_challenge_methods_supported", ["S256"]),
            ("authorization_response_iss_parameter_supported", .bool(namesIssuer)),
            ("subject_types_supported", ["public"]),
            ("id_token_signing_alg_values_supported", ["RS256"]),
            (
                "token_endpoint_auth_methods_supported",
                ["client_secret_basic", "client_secret_post", "none"]
            ),
        ]
    }
}
