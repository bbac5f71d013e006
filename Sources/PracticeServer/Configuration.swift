extension PracticeServer {
    /// What a server is from start to stop.
    package struct Configuration: Sendable {
        package var host: Host = .ipv4
        /// The port to listen at; 0 takes a free one.
        package var port: UInt16 = 0
        /// Stands after the host in the issuer: empty, or like `/t1`.
        package var issuerPath = ""
        /// The discovery documents that exist; the others answer 404.
        package var discovery: Set<DiscoveryForm> = [.openIDConfiguration, .authorizationServer]
        package var metadataOverrides: MemberOverrides = [:]
        package var clients: [String: Client] = [
            "m2m": Client(secret: "m2m-secret"), "pub": Client(secret: "", methods: [.none]),
            "web": Client(secret: "web-secret"),
        ]
        /// Whether answers of the authorization endpoint name the issuer, and the metadata says so.
        /// RFC 9207
        package var namesIssuer = true
        /// Who may log in: passwords by e-mail address. At the browser it is always alice.
        package var people = ["alice@example.com": "correct horse"]
        package var device = DeviceFlow()
        package var refreshTokens: RefreshTokens = .rotate
        /// How long a refresh token is good, in seconds, as the answers then tell; `nil` for ever.
        package var refreshTokenLifetime: Int64?
        package var tokenFormat: TokenFormat = .opaque
        /// How long an access token is valid, in seconds.
        package var tokenLifetime: Int64 = 3600
        /// The least length of an access token in bytes; shorter ones are padded.
        package var tokenSize = 0
        /// Members set in, or removed from, every successful token response.
        package var tokenResponseOverrides: MemberOverrides = [:]
        /// Claims set in, or removed from, every identity token.
        package var idTokenOverrides: MemberOverrides = [:]
        /// Keys the resource and git take besides tokens.
        package var apiKeys: Set<String> = ["practice-api-key"]
        /// The folder with bare repositories below `/git`; without one, `/git` answers 404.
        package var gitProjectRoot: String?

        package init() {}
    }

    /// A loopback address, as it is written in a URL.
    package enum Host: String, Sendable {
        case ipv4 = "127.0.0.1"
        case ipv6 = "[::1]"
    }

    /// What becomes of a refresh token that is used.
    package enum RefreshTokens: Sendable {
        /// It is spent, and the answer brings the next one.
        case rotate
        /// It stays good, and the answer brings none.
        case keep
    }

    package enum DiscoveryForm: Sendable {
        /// `<issuer>/.well-known/openid-configuration`
        case openIDConfiguration
        /// `/.well-known/oauth-authorization-server<issuerPath>`, RFC 8414 §3.1
        case authorizationServer
    }

    package enum TokenFormat: Sendable {
        /// Random characters; costs nothing.
        case opaque
        /// Signed by a child process, a few milliseconds for each token. RFC 9068
        case signed(SignatureAlgorithm)

        package static let jwt = Self.jwt(.rs256)

        package static func jwt(_ algorithm: SignatureAlgorithm) -> Self { .signed(algorithm) }
    }

    /// A registered client and the ways in which it may authenticate.
    package struct Client: Sendable {
        package var secret: String
        package var methods: Set<AuthenticationMethod>
        /// Where codes may be sent, besides loopback URLs.
        package var redirectURIs: Set<String>

        package init(
            secret: String, methods: Set<AuthenticationMethod> = [.post, .basic],
            redirectURIs: Set<String> = []
        ) {
            self.secret = secret
            self.methods = methods
            self.redirectURIs = redirectURIs
        }
    }

    package enum AuthenticationMethod: Sendable {
        /// `client_id` and `client_secret` in the body.
        case post
        /// Basic with both parts form-encoded first. RFC 6749 §2.3.1
        case basic
        /// Basic with both parts as they are, as many servers want it.
        case basicRaw
        /// `client_id` alone: a public client.
        case none
    }
}
