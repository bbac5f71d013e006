import CredCore
import CredOAuth

/// Finds the endpoints of a server, with as few requests as possible.
struct EndpointLookup: Sendable {
    private let server: AuthorizationServer
    /// The cached metadata; `nil` if nothing is saved.
    private let cache: MetadataCache?
    /// The secrets to hide in the server's metadata, which it was sent before.
    private let sent: SentSecrets
    private let world: World

    init(
        _ server: AuthorizationServer, cache: MetadataCache?, sent: SentSecrets, world: World
    ) {
        self.server = server
        self.cache = cache
        self.sent = sent
        self.world = world
    }

    /// Uses the metadata that is cached in the home directory.
    init(_ server: AuthorizationServer, sent: SentSecrets, _ context: ProfileContext) {
        let cache = MetadataCache(server, context.locations, context.world)
        self.init(server, cache: cache, sent: sent, world: context.world)
    }

    /// The URL of an endpoint and its origin.
    struct Place: Hashable, Sendable {
        let url: WebURL
        let origin: Origin
    }

    /// Where the URL comes from.
    enum Origin: Hashable, Sendable {
        /// The profile names it.
        case profile
        /// The table of known services or cached metadata, which may be out of date.
        case memory
        /// Metadata fetched a moment ago.
        case server
    }

    /// - Parameter deadline: in terms of `world.clock.uptime`.
    func run(_ endpoint: ServerEndpoint, deadline: Int64) -> EndpointResult<Place> {
        if let url = server.endpoints[endpoint] {
            return .success(Place(url: url, origin: .profile))
        }
        if let url = known(endpoint) ?? cache?.load()?.endpoints[endpoint] {
            return .success(Place(url: url, origin: .memory))
        }
        return ask(endpoint, deadline: deadline)
    }

    /// Sends a request to an endpoint. If the URL came from a cache and does not exist any more,
    /// fetches the metadata and sends the request once more.
    ///
    /// - Parameter deadline: in terms of `world.clock.uptime`, for finding the endpoint.
    func reach<Value>(
        _ endpoint: ServerEndpoint, _ found: EndpointResult<Place>, deadline: Int64,
        _ send: (WebURL) -> EndpointResult<Value>
    ) -> EndpointResult<Value> {
        found.flatMap { place in
            let result = send(place.url)
            guard place.origin == .memory, case .endpointMissing = result else { return result }
            return ask(endpoint, deadline: deadline).flatMap { send($0.url) }
        }
    }

    /// Fetches the current metadata of the server.
    /// - Parameter wanted: the endpoints that are needed.
    func freshMetadata(for wanted: [ServerEndpoint], deadline: Int64)
        -> EndpointResult<ServerMetadata>
    {
        let result = Discovery.run(
            server, for: wanted, sent: sent, world: world, deadline: deadline)
        if case .success(let metadata) = result { cache?.save(metadata) }
        return result
    }

    /// Looks up an endpoint in freshly fetched metadata.
    private func ask(_ endpoint: ServerEndpoint, deadline: Int64) -> EndpointResult<Place> {
        guard server.issuer != nil else {
            return .endpointMissing(
                .unnamed(
                    "the profile has no '\(endpoint.profileKey)', and no 'auth_server' to discover it from"
                ))
        }
        cache?.forget()
        return freshMetadata(for: [endpoint], deadline: deadline).flatMap { metadata in
            guard let url = metadata.endpoints[endpoint] else {
                return .endpointMissing(
                    .unnamed(
                        "the metadata of '\(server.identifier)' has no '\(endpoint.metadataKey)'")
                )
            }
            return .success(Place(url: url, origin: .server))
        }
    }

    /// The URL in the table of known services, which a test checks.
    private func known(_ endpoint: ServerEndpoint) -> WebURL? {
        guard endpoint == .token else { return nil }
        let service = KnownService.behind(server.identifier)
        return service?.tokenEndpoint.flatMap { try? WebURL($0) }
    }
}
