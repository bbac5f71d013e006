/// One configured way to get a credential, and where that credential may go.
package struct Profile: Hashable, Sendable {
    package let name: ProfileName
    package let method: Method
    package let hosts: [HostPattern]
    /// The user name for HTTP Basic, where a client of git cannot send a bearer token.
    package let username: String
    /// Variables that `exec` adds: a name and a template.
    package let environment: [EnvironmentVariable]

    package enum Method: Hashable, Sendable {
        /// Sends nothing.
        case none
        case apiKey(APIKey)
        /// Kept elsewhere, for a choice and a session hold copies of the profile.
        indirect case oauth(OAuthClient)
        /// E-mail and password for an API key, as Planet did before OAuth.
        case legacy(LegacyLogin)
        /// Checks tokens of others and has none of its own.
        case validator
    }

    package init(
        name: ProfileName, method: Method, hosts: [HostPattern], username: String = "oauth2",
        environment: [EnvironmentVariable] = []
    ) {
        self.name = name
        self.method = method
        self.hosts = hosts
        self.username = username
        self.environment = environment
    }

    /// A person can give it another credential by logging in.
    package var takesLogin: Bool {
        switch method {
        case .none, .validator: false
        case .apiKey(let key): key.key == nil
        case .legacy(let login): login.key == nil
        case .oauth(let client): client.grant != .clientCredentials
        }
    }

    package func covers(_ origin: Origin) -> Bool {
        hosts.contains { $0.matches(origin) }
    }
}

/// The key of a `static_apikey` profile.
package struct APIKey: Hashable, Sendable {
    /// `nil`: the key is in `token.json`.
    package let key: Secret?
    /// The scheme of the `Authorization` header: `api-key` for Planet's keys.
    package let scheme: String

    package init(key: Secret?, scheme: String) {
        self.key = key
        self.scheme = scheme
    }

    /// The scheme of Planet's API keys.
    package static let planetScheme = "api-key"
}

/// Where an e-mail address and a password buy an API key.
package struct LegacyLogin: Hashable, Sendable {
    /// `legacy_auth_endpoint`; `nil`: Planet's.
    private let named: WebURL?
    /// `nil`: the key is in `token.json`.
    package let key: Secret?

    package init(endpoint: WebURL? = nil, key: Secret? = nil) {
        named = endpoint
        self.key = key
    }

    /// Never fails for Planet's own, which is well formed.
    package func endpoint() throws(Failure) -> WebURL {
        if let named { return named }
        return try WebURL("https://api.planet.com/v0/auth/login")
    }
}
