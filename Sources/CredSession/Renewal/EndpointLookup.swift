import CredCore
import CredOAuth

/// Finds the endpoints of a server, with as few requests as possible.
struct EndpointLookup: Sendable {
    private let server: AuthorizationServer
    /// `nil`: nothing is kept.
    private let cache: MetadataCache?
    private let world: World

    init(_ server: AuthorizationServer, cache: MetadataCache?, world: World) {
        self.server = server
        self.cache = cache
        self.world = world
    }

    /// With what the home folder keeps of the server.
    init(_ server: AuthorizationServer, _ context: ProfileContext) {
        let cache = MetadataCache(server, context.locations, context.world)
        self.init(server, cache: cache, world: context.world)
    }

    /// Where an endpoint is.
    struct Place: Hashable, Sendable {
        let url: WebURL
        let origin: Origin
    }

    /// How we know an endpoint.
    enum Origin: Hashable, Sendable {
        /// The profile says so.
        case profile
        /// The table of known services or a cached document says so, which may be out of date.
        case memory
        /// The server said so a moment ago.
        case server
    }

    /// - Parameter deadline: of `world.clock.uptime`.
    func run(_ endpoint: ServerEndpoint, deadline: Int64) -> EndpointResult<Place> {
        if let url = server.endpoints[endpoint] {
            return .success(Place(url: url, origin: .profile))
        }
        if let url = known(endpoint) ?? cache?.load()?.endpoints[endpoint] {
            return .success(Place(url: url, origin: .memory))
        }
        return ask(endpoint, deadline: deadline)
    }

    /// Sends something to an endpoint that was looked for; where nothing is at an address that we
    /// only remembered, once more to the one that the server names now.
    ///
    /// - Parameter deadline: of `world.clock.uptime`, for finding the endpoint.
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

    /// All that the server says of itself now.
    func freshMetadata(deadline: Int64) -> EndpointResult<ServerMetadata> {
        let result = Discovery.run(server, world: world, deadline: deadline)
        if case .success(let metadata) = result { cache?.save(metadata) }
        return result
    }

    /// Asks the server itself, whatever we remember.
    private func ask(_ endpoint: ServerEndpoint, deadline: Int64) -> EndpointResult<Place> {
        guard server.issuer != nil else {
            return .endpointMissing(
                .unnamed(
                    "the profile has no '\(endpoint.profileKey)', and no 'auth_server' to discover it from"
                ))
        }
        cache?.forget()
        return freshMetadata(deadline: deadline).flatMap { metadata in
            guard let url = metadata.endpoints[endpoint] else {
                return .endpointMissing(
                    .unnamed(
                        "the metadata of '\(server.identifier)' has no '\(endpoint.metadataKey)'")
                )
            }
            return .success(Place(url: url, origin: .server))
        }
    }

    /// The table's URLs are well formed, which a test checks.
    private func known(_ endpoint: ServerEndpoint) -> WebURL? {
        guard endpoint == .token else { return nil }
        let service = KnownService.behind(server.identifier)
        return service?.tokenEndpoint.flatMap { try? WebURL($0) }
    }
}
