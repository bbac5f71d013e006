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

    enum Outcome: Sendable {
        case found(WebURL, Origin)
        case busy(String, retryAfter: Seconds?)
        /// The server was asked and has none; why, in words.
        case nowhere(String)
        case failed(Failure)
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
    func run(_ endpoint: ServerEndpoint, deadline: Int64) -> Outcome {
        if let url = server.endpoints[endpoint] { return .found(url, .profile) }
        if let url = known(endpoint) { return .found(url, .memory) }
        if let url = cache?.load()?.endpoints[endpoint] { return .found(url, .memory) }
        return ask(endpoint, deadline: deadline)
    }

    /// Asks the server itself, whatever we remember.
    func ask(_ endpoint: ServerEndpoint, deadline: Int64) -> Outcome {
        guard server.issuer != nil else {
            return .nowhere(
                "the profile names no '\(endpoint.profileKey)', and no 'auth_server' to ask for it")
        }
        cache?.forget()
        switch freshMetadata(deadline: deadline) {
        case .busy(let reason, let retryAfter): return .busy(reason, retryAfter: retryAfter)
        case .failed(let failure): return .failed(failure)
        case .nowhere(let reason): return .nowhere(reason)
        case .found(let metadata):
            if let url = metadata.endpoints[endpoint] { return .found(url, .server) }
            return .nowhere(
                "the metadata of '\(server.identifier)' names no '\(endpoint.metadataKey)'")
        }
    }

    /// All that the server says of itself now.
    func freshMetadata(deadline: Int64) -> Discovery.Outcome {
        let outcome = Discovery.run(server, world: world, deadline: deadline)
        if case .found(let metadata) = outcome { cache?.save(metadata) }
        return outcome
    }

    /// The table's URLs are well formed, which a test checks.
    private func known(_ endpoint: ServerEndpoint) -> WebURL? {
        guard endpoint == .token else { return nil }
        let service = KnownService.behind(server.identifier)
        return service?.tokenEndpoint.flatMap { try? WebURL($0) }
    }
}
