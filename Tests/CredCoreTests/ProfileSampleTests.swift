import CredCore
import Testing

/// Files that Planet's Python tools wrote, one for each `client_type`.
@Suite("Profiles of Planet's Python tools") struct ProfileSampleTests {
    struct Sample: Sendable, CustomTestStringConvertible {
        let type: String, clientID: String
        var more = ""
        var scopes = ["planet", "offline_access", "openid"]
        let grant: Grant, authentication: ClientAuthentication

        var testDescription: String { type }

        var text: String {
            let list = scopes.map { "\"\($0)\"" }.joined(separator: ",\n    ")
            return """
                {
                  "audiences": [
                    "https://api.example.test/"
                  ],
                  "auth_server": "http://127.0.0.1:18080",
                  "client_id": "\(clientID)",\(more)
                  "client_type": "\(type)",
                  "scopes": [\(list)]
                }
                """
        }
    }

    private static let redirectKeys = """

        "local_redirect_uri": "http://localhost:18091/callback",
        "redirect_uri": "http://localhost:18091/callback",
        """
    private static let userKeys = """

        "user_name": "user@example.test",
        "user_password": "pw",
        """
    private static let redirects =
        LoopbackRedirect("http://localhost:18091/callback")
        .map(RedirectURIs.local) ?? .local(.standard)
    private static let user = UserCredentials(
        username: "user@example.test", password: Secret("pw"))
    private static let key = "\n\"client_privkey_file\": \"client.pem\","
    private static let conf = "\n\"client_secret\": \"conf-secret\","
    private static let basic = ClientAuthentication.secret(.literal(Secret("conf-secret")), .basic)

    @Test(
        "an OAuth profile has its grant, its authentication and its host",
        arguments: [
            Sample(
                type: "oidc_auth_code", clientID: "pub", more: redirectKeys,
                grant: .authorizationCode(redirects, nil), authentication: .none),
            Sample(
                type: "oidc_auth_code_pubkey", clientID: "m2m-key", more: key + redirectKeys,
                grant: .authorizationCode(redirects, nil), authentication: .privateKey),
            Sample(
                type: "oidc_auth_code_secret", clientID: "conf", more: conf + redirectKeys,
                grant: .authorizationCode(redirects, nil), authentication: basic),
            Sample(
                type: "oidc_client_credentials_pubkey", clientID: "m2m-key", more: key,
                scopes: [], grant: .clientCredentials, authentication: .privateKey),
            Sample(
                type: "oidc_client_credentials_secret", clientID: "m2m",
                more: "\n\"client_secret\": \"m2m-secret\",", scopes: [],
                grant: .clientCredentials,
                authentication: .secret(.literal(Secret("m2m-secret")), .post)),
            Sample(
                type: "oidc_device_code", clientID: "pub", grant: .deviceCode,
                authentication: .none),
            Sample(
                type: "oidc_device_code_pubkey", clientID: "m2m-key", more: key,
                grant: .deviceCode, authentication: .privateKey),
            Sample(
                type: "oidc_device_code_secret", clientID: "conf", more: conf,
                grant: .deviceCode, authentication: basic),
            Sample(
                type: "oidc_resource_owner", clientID: "pub", more: userKeys,
                grant: .password(user),
                authentication: .none),
            Sample(
                type: "oidc_resource_owner_pubkey", clientID: "m2m-key", more: key + userKeys,
                grant: .password(user), authentication: .privateKey),
            Sample(
                type: "oidc_resource_owner_secret", clientID: "conf", more: conf + userKeys,
                grant: .password(user), authentication: basic),
        ])
    func oauth(_ sample: Sample) throws {
        let profile = try Profile.parsed(sample.text)
        let client = try #require(profile.client)
        #expect(client.grant == sample.grant)
        #expect(client.authentication == sample.authentication)
        #expect(client.clientID == sample.clientID)
        #expect(client.server.issuer == "http://127.0.0.1:18080")
        #expect(client.server.endpoints[.token] == nil)
        #expect(client.scopes == sample.scopes)
        #expect(client.audience == "https://api.example.test/")
        #expect(profile.hosts == [try HostPattern("api.example.test")])
        #expect(profile.username == "oauth2")
        #expect(profile.environment == [])
    }

    @Test("a profile of type none sends nothing")
    func none() throws {
        let profile = try Profile.parsed(#"{"client_type": "none"}"#)
        #expect(profile == Profile(name: profile.name, method: .none, hosts: []))
    }

    @Test("a validator has no host, though it names an audience")
    func validator() throws {
        let profile = try Profile.parsed(
            """
            {
              "audiences": [
                "https://api.example.test/"
              ],
              "auth_server": "http://127.0.0.1:18080",
              "client_id": "__OidcClientValidatorAuthClientConfig__",
              "client_type": "oidc_client_validator"
            }
            """)
        #expect(profile == Profile(name: profile.name, method: .validator, hosts: []))
    }

    @Test("a legacy profile is for Planet's hosts")
    func legacy() throws {
        let profile = try Profile.parsed(
            """
            {
              "client_type": "planet_legacy",
              "legacy_auth_endpoint": "http://127.0.0.1:18080/v0/auth/login"
            }
            """)
        let endpoint = try WebURL("http://127.0.0.1:18080/v0/auth/login")
        #expect(profile.method == .legacy(LegacyLogin(endpoint: endpoint)))
        #expect(profile.hosts == KnownService.planet.hosts)
    }

    @Test("a static key of Planet is for Planet's hosts")
    func staticKey() throws {
        let profile = try Profile.parsed(
            """
            {
              "api_key": "PLAK-sample",
              "bearer_token_prefix": "api-key",
              "client_type": "static_apikey"
            }
            """)
        #expect(
            profile.method == .apiKey(APIKey(key: Secret("PLAK-sample"), scheme: "api-key")))
        #expect(profile.hosts == KnownService.planet.hosts)
    }

    @Test("a static key in token.json has the scheme of Python and no host")
    func staticKeyInToken() throws {
        let profile = try Profile.parsed(#"{"client_type": "static_apikey"}"#)
        #expect(profile.method == .apiKey(APIKey(key: nil, scheme: "Bearer")))
        #expect(profile.hosts == [])
    }
}
