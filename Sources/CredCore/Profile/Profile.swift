/// A configured way to get a credential, and the hosts it may be sent to.
package struct Profile: Hashable, Sendable {
    package let name: ProfileName
    package let method: Method
    package let hosts: [HostPattern]
    /// The user name that the profile states for HTTP Basic, for versions of git that cannot send a
    /// bearer token, and for hosts that take nothing else.
    package let statedUsername: String?
    /// The environment variables that `exec` sets.
    package let environment: [EnvironmentVariable]

    package enum Method: Hashable, Sendable {
        /// A profile without a credential.
        case none
        case apiKey(APIKey)
        /// Indirect, because choices and sessions hold copies of the profile.
        indirect case oauth(OAuthClient)
        /// An e-mail address and a password are exchanged for an API key: Planet's login before
        /// OAuth.
        case legacy(LegacyLogin)
        /// Verifies the tokens of others and has none of its own.
        case validator
    }

    package init(
        name: ProfileName, method: Method, hosts: [HostPattern], username: String? = nil,
        environment: [EnvironmentVariable] = []
    ) {
        self.name = name
        self.method = method
        self.hosts = hosts
        statedUsername = username
        self.environment = environment
    }

    /// The user name for HTTP Basic.
    package var username: String { statedUsername ?? "oauth2" }

    /// Whether `login` can get a new credential for it.
    package var takesLogin: Bool {
        switch method {
        case .none, .validator: false
        case .apiKey(let key): key.key == nil
        case .legacy(let login): login.key == nil
        case .oauth(let client): client.grant != .clientCredentials && !client.hasPassword
        }
    }

    package func covers(_ origin: Origin) -> Bool {
        hosts.contains { $0.matches(origin) }
    }
}

/// The key of a `static_apikey` profile.
package struct APIKey: Hashable, Sendable {
    /// The key in the profile; `nil` if it is in `token.json`.
    package let key: Secret?
    /// The scheme of the `Authorization` header: `api-key` for Planet's keys.
    package let scheme: String
    /// `planet_cred.key_check`: an address of the service that accepts a valid key.
    private let namedCheck: WebURL?

    package init(key: Secret?, scheme: String, check: WebURL? = nil) {
        self.key = key
        self.scheme = scheme
        namedCheck = check
    }

    /// The scheme of Planet's API keys.
    package static let planetScheme = "api-key"

    /// Where a key can be tried: a page that only a valid key opens, and that costs nothing; `nil`
    /// if none is known.
    package var check: WebURL? {
        if let namedCheck { return namedCheck }
        // The URL is valid, so that no error is ignored.
        return scheme == Self.planetScheme ? try? WebURL("https://api.planet.com/data/v1/") : nil
    }
}

/// The settings of Planet's login before OAuth, which exchanges an e-mail address and a password
/// for an API key.
package struct LegacyLogin: Hashable, Sendable {
    /// `legacy_auth_endpoint`; `nil` for Planet's own.
    private let named: WebURL?
    /// The key in the profile; `nil` if it is in `token.json`.
    package let key: Secret?

    package init(endpoint: WebURL? = nil, key: Secret? = nil) {
        named = endpoint
        self.key = key
    }

    /// The endpoint; Planet's own is valid, so that the default never fails.
    package func endpoint() throws(Failure) -> WebURL {
        if let named { return named }
        return try WebURL("https://api.planet.com/v0/auth/login")
    }
}
