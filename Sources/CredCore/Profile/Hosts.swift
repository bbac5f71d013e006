/// One entry of a profile's `hosts`, which lists where its credential may be sent.
package enum HostPattern: Hashable, Sendable {
    /// `host`, at the scheme's default port, or `host:port`.
    case exact(Host, port: Int?)
    /// `*.domain`: every host below the domain, but not the domain itself, at the default port.
    case below(domain: Host)

    /// Parses an entry. Fails with kind `.profile`.
    package init(_ text: String) throws(Failure) {
        guard !text.utf8.contains(UInt8(ascii: "/")) else {
            // The text may contain a password.
            throw Failure(
                .profile, "invalid entry in 'hosts'",
                because: "an entry must be HOST or HOST:PORT, not a URL")
        }
        guard text.utf8.starts(with: "*.".utf8) else {
            let parts = try Host.parse(authority: text)
            self = .exact(parts.host, port: parts.port)
            return
        }
        let domain = text.dropFirst(2)
        guard domain.utf8.contains(UInt8(ascii: ".")), let host = Host(domain), !host.isAddress
        else {
            throw Failure(
                .profile, "invalid entry '\(text)' in 'hosts'",
                because: "'*.' must be followed by a domain with at least two labels")
        }
        self = .below(domain: host)
    }

    package func matches(_ origin: Origin) -> Bool {
        switch self {
        case .exact(let host, let port):
            host == origin.host && (port ?? origin.scheme.defaultPort) == origin.port
        case .below(let domain):
            origin.port == origin.scheme.defaultPort
                && origin.host.description.hasSuffix(".\(domain)")
        }
    }

    package var text: String {
        switch self {
        case .exact(let host, let port): port.map { "\(host):\($0)" } ?? "\(host)"
        case .below(let domain): "*.\(domain)"
        }
    }
}

/// An Earth observation service whose endpoints and hosts are built in.
package struct KnownService: Hashable, Sendable {
    package let name: String
    /// The prefixes of `auth_server` by which the service is recognised, without a final slash.
    private let issuers: [String]
    /// The token endpoint, used without discovery; `nil` if it differs between accounts.
    package let tokenEndpoint: String?
    /// An endpoint outside OAuth that describes a token.
    package var tokenInfoEndpoint: String?
    /// How the service expects the client secret, if not in the default way of the grant.
    package var secretMethod: ClientAuthentication.SecretMethod?
    /// The hosts that accept its tokens, in the notation of `planet_cred.hosts`.
    private let hostNames: [String]
    /// The lifetime of its tokens if a response gives none, in seconds.
    package let defaultLifetime: Seconds

    /// The service behind an `auth_server` or a token endpoint.
    package static func behind(_ url: String) -> KnownService? {
        all.first { service in
            service.issuers.contains { url == $0 || url.utf8.starts(with: "\($0)/".utf8) }
        }
    }

    package var hosts: [HostPattern] {
        // The table's entries are well formed, which a test checks.
        hostNames.compactMap { try? HostPattern($0) }
    }

    package static let planet = KnownService(
        name: "Planet",
        issuers: ["https://login.planet.com"],
        // No token endpoint here: the metadata names it.
        tokenEndpoint: nil,
        hostNames: [
            "api.planet.com", "tiles.planet.com", "tiles0.planet.com", "tiles1.planet.com",
            "tiles2.planet.com", "tiles3.planet.com", "insights.planet.com",
        ],
        defaultLifetime: 3600)

    /// Planet's service accounts are in the same realm.
    package static let sentinelHub = KnownService(
        name: "Sentinel Hub",
        issuers: [
            "https://services.sentinel-hub.com/auth/realms/main",
            "https://services.sentinel-hub.com/oauth",
        ],
        tokenEndpoint:
            "https://services.sentinel-hub.com/auth/realms/main/protocol/openid-connect/token",
        tokenInfoEndpoint: "https://services.sentinel-hub.com/oauth/tokeninfo",
        hostNames: [
            "services.sentinel-hub.com", "services-uswest2.sentinel-hub.com",
            "creodias.sentinel-hub.com", "api.planet.com",
        ],
        defaultLifetime: 3600)

    package static let copernicusDataSpace = KnownService(
        name: "Copernicus Data Space",
        issuers: ["https://identity.dataspace.copernicus.eu/auth/realms/CDSE"],
        tokenEndpoint: "https://identity.dataspace.copernicus.eu"
            + "/auth/realms/CDSE/protocol/openid-connect/token",
        hostNames: ["*.dataspace.copernicus.eu"],
        defaultLifetime: 600)

    /// An API token from the console is exchanged here, as the secret of the client
    /// `EARTHDAILY_API_TOKEN`.
    package static let earthDaily = KnownService(
        name: "EarthDaily",
        issuers: ["https://api.earthdaily.com/account_management"],
        tokenEndpoint: "https://api.earthdaily.com"
            + "/account_management/v1/authentication/api_tokens/exchange",
        secretMethod: .basic,
        hostNames: ["api.earthdaily.com"],
        defaultLifetime: 3600)

    /// Accounts from before the API tokens, each with a token URL of its own.
    package static let earthDailyAccounts = KnownService(
        name: "EarthDaily, older accounts",
        issuers: ["https://auth.earthdaily.com", "https://iam.earthdaily.com"],
        tokenEndpoint: nil,
        secretMethod: .basic,
        hostNames: ["api.earthdaily.com"],
        defaultLifetime: 3600)

    package static let earthdataLogin = KnownService(
        name: "NASA Earthdata Login",
        issuers: ["https://urs.earthdata.nasa.gov"],
        tokenEndpoint: "https://urs.earthdata.nasa.gov/oauth/token",
        secretMethod: .basic,
        hostNames: [
            "*.earthdata.nasa.gov", "*.earthdatacloud.nasa.gov", "ladsweb.modaps.eosdis.nasa.gov",
        ],
        defaultLifetime: 3600)

    package static let all = [
        planet, sentinelHub, copernicusDataSpace, earthDaily, earthDailyAccounts, earthdataLogin,
    ]
}
