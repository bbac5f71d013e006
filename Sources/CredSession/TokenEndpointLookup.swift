import CredCore
import CredOAuth

/// Finds the token endpoint of a server, with as few requests as possible.
struct TokenEndpointLookup: Sendable {
    private let server: AuthorizationServer
    /// `nil`: nothing is kept.
    private let cache: MetadataCache?
    private let world: World

    init(_ server: AuthorizationServer, cache: MetadataCache?, world: World) {
        self.server = server
        self.cache = cache
        self.world = world
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

    func run(deadline: Int64) -> Outcome {
        if let url = server.endpoints[.token] { return .found(url, .profile) }
        if let url = remembered { return .found(url, .memory) }
        return ask(deadline: deadline)
    }

    /// Asks the server itself, whatever we remember.
    func ask(deadline: Int64) -> Outcome {
        cache?.forget()
        switch Discovery.run(server, world: world, deadline: deadline) {
        case .busy(let reason, let retryAfter): return .busy(reason, retryAfter: retryAfter)
        case .failed(let failure): return .failed(failure)
        case .nowhere(let reason): return .nowhere(reason)
        case .found(let metadata):
            guard let url = metadata.endpoints[.token] else {
                return .nowhere("the metadata of '\(server.identifier)' names no token endpoint")
            }
            cache?.save(metadata)
            return .found(url, .server)
        }
    }

    private var remembered: WebURL? {
        let service = KnownService.behind(server.identifier)
        // The table's URLs are well formed, which a test checks.
        if let url = service?.tokenEndpoint.flatMap({ try? WebURL($0) }) { return url }
        return cache?.load()?.endpoints[.token]
    }
}
