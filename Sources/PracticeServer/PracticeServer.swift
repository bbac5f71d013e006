/// An OAuth2 authorization server on loopback, with a protected resource and git repositories.
///
/// It listens from `init` to `stop()` and runs in threads of the process that made it. It never
/// does anything by itself: every oddity is asked for through `faults`.
package final class PracticeServer: Sendable {
    package let configuration: Configuration
    let site: Site
    private let listener: Listener

    /// Starts listening; requests are answered when this returns.
    package init(_ configuration: Configuration = Configuration()) throws(StartFailure) {
        self.configuration = configuration
        let socket = try ListeningSocket(configuration.host, port: configuration.port)
        site = Site(configuration, url: "http://\(configuration.host.rawValue):\(socket.port)")
        listener = try Listener(socket, serving: site)
    }

    deinit { stop() }

    /// Closes the listener and all connections, ends running git children, and waits for all
    /// threads. Stopping twice does no harm.
    package func stop() { listener.stop() }

    package var port: UInt16 { listener.port }

    /// `http://127.0.0.1:PORT`, without a slash at the end.
    package var url: String { site.url }

    /// The issuer of the metadata: `url` and the configured issuer path.
    package var issuer: String { site.issuer }

    /// A page that wants a token or an API key.
    package var resource: String { url + ProtectedResource.path }

    /// The folder of the git repositories, for `git clone \(gitURL)/name.git`.
    package var gitURL: String { url + GitBackend.path }

    /// The requests that arrived whole, in order, also those which got a fault as an answer.
    package var requests: [Request] { site.log.requests }

    /// How many of `requests` asked for exactly this path, for example `/token`.
    package func requestCount(_ path: String) -> Int { site.log.requestCount(path) }

    /// How many connections were accepted, also those without a request.
    package var connectionCount: Int { site.log.connectionCount }

    /// Forgets requests and connections.
    package func clearLog() { site.log.clear() }

    /// What goes wrong, and when; the first that matches a request is used.
    ///
    /// A fault that is used up is removed, so a test can see here what has not happened yet.
    package var faults: [Fault] {
        get { site.faults.faults }
        set { site.faults.faults = newValue }
    }

    /// Queues one effect after the other for a path: first this, then that, then as usual.
    package func script(_ path: String, _ effects: [Fault.Effect]) {
        site.faults.append(effects.map { Fault($0, path: path, times: 1) })
    }

    /// Members set in, or removed from, the discovery document.
    package var metadataOverrides: MemberOverrides {
        get { site.metadata.overrides }
        set { site.metadata.overrides = newValue }
    }

    /// Moves the server's clock: the expiry of tokens, the claims in them and the `Date` header.
    package func advanceClock(bySeconds seconds: Int64) { site.clock.advance(bySeconds: seconds) }

    /// The access tokens handed out so far, in order.
    package var issuedTokens: [String] { site.tokens.issued }

    /// A new access token, as if the client had asked for it at the token endpoint.
    package func issueToken(to client: String = "m2m", scope: String? = nil) throws -> String {
        try site.tokens.issue(Permission(client: client, scope: scope))
    }

    /// A person's session, as if somebody had logged in to the client.
    package func issueSession(
        to client: String = "pub", scope: String? = nil
    ) throws -> (accessToken: String, refreshToken: String) {
        let permission = Permission(client: client, scope: scope, person: .atBrowser)
        return (try site.tokens.issue(permission), site.sessions.start(permission))
    }

    /// Whether the refresh token would be taken now.
    package func acceptsRefresh(_ token: String) -> Bool { site.sessions.isCurrent(token) }

    /// How many of the refresh tokens issued so far would be accepted now.
    package var liveRefreshTokenCount: Int { site.sessions.currentCount }

    /// Makes the resource and git refuse this token or API key from now on.
    package func revoke(_ token: String) { site.tokens.revoke(token) }

    /// Whether the resource and git take this token or API key now.
    package func accepts(_ token: String) -> Bool { site.tokens.owner(of: token) != nil }
}

extension PracticeServer {
    /// Why the server could not start: a system call and its error number.
    package struct StartFailure: Error, CustomStringConvertible {
        let call: String
        let errorNumber: Int32

        package var description: String { "\(call) failed with errno \(errorNumber)" }
    }
}
