package import CredCore

/// Fetches the metadata of an authorization server, which lists its endpoints.
package enum Discovery {
    /// The URLs at which the metadata may be: that of OpenID Connect, then that of RFC 8414, which
    /// inserts the well-known part before the path. OpenID Connect Discovery §4, RFC 8414 §3 and
    /// §5.
    package static func locations(of issuer: WebURL) -> [WebURL] {
        let path = issuer.path.utf8.last == UInt8(ascii: "/") ? issuer.path : issuer.path + "/"
        return [
            WebURL(origin: issuer.origin, path: "\(path).well-known/openid-configuration"),
            WebURL(
                origin: issuer.origin,
                path: "/.well-known/oauth-authorization-server\(path.dropLast())"),
        ]
    }

    /// Sends one request, and a second one if the first URL has no metadata, or lacks an endpoint:
    /// some servers list all of them only in one of the two documents.
    /// - Parameters:
    ///   - wanted: the endpoints that the caller needs.
    ///   - sent: the secrets that the server was sent before, to hide in its texts.
    ///   - deadline: in terms of `world.clock.uptime`.
    package static func run(
        _ server: AuthorizationServer, for wanted: [ServerEndpoint] = [], sent: SentSecrets,
        world: World, deadline: Int64
    ) -> EndpointResult<ServerMetadata> {
        let result = first(server, sent: sent, world: world, deadline: deadline)
        guard case .success(let found) = result, found.location == found.locations.first,
            wanted.contains(where: { found.metadata.endpoints[$0] == nil }),
            let other = found.locations.last
        else { return result.map { $0.metadata } }
        // Whatever is wrong with the second document, the first one can be used.
        guard
            case .success(let second) = fetch(
                [other], server, sent: sent, world: world, deadline: deadline)
        else { return .success(found.metadata) }
        return .success(found.metadata.adding(second.metadata))
    }

    /// Metadata, and the URL where it was found.
    private struct Found: Sendable {
        let metadata: ServerMetadata
        let location: WebURL
        let locations: [WebURL]
    }

    private static func first(
        _ server: AuthorizationServer, sent: SentSecrets, world: World, deadline: Int64
    ) -> EndpointResult<Found> {
        let locations: [WebURL]
        do {
            locations = Self.locations(of: try WebURL(server.issuer ?? ""))
        } catch {
            return .failed(error)
        }
        return fetch(locations, server, sent: sent, world: world, deadline: deadline)
    }

    private static func fetch(
        _ locations: [WebURL], _ server: AuthorizationServer, sent: SentSecrets, world: World,
        deadline: Int64
    ) -> EndpointResult<Found> {
        var statuses: [String] = []
        for location in locations {
            let request = HTTPRequest(
                .get, location, headers: [.acceptJSON], secrets: sent,
                certificateAuthorityFile: server.certificateAuthorityFile)
            switch world.send(request, timeLimit: world.clock.timeLimit(until: deadline)) {
            case .unreachable(let reason), .interrupted(let reason):
                return .busy(reason, retryAfter: nil)
            case .impossible(let failure):
                return .failed(failure)
            case .answered(let response):
                switch ResponseClass(response, now: world.clock.now()) {
                case .success:
                    return read(response, from: location, server, sent).map {
                        Found(metadata: $0, location: location, locations: locations)
                    }
                case .busy(let retryAfter):
                    return .busy(
                        "the server answered with HTTP status \(response.status)",
                        retryAfter: retryAfter)
                case .redirect:
                    return .failed(
                        .notMetadata(
                            location, "it redirects, and redirects are not followed",
                            remedy: look(at: location, server)))
                case .refused:
                    statuses.append("'\(location)' answered with HTTP status \(response.status)")
                }
            }
        }
        return .endpointMissing(
            .unnamed(
                "no metadata found for '\(server.identifier)': \(statuses.joined(separator: ", "))"
            ))
    }

    private static func read(
        _ response: HTTPResponse, from location: WebURL, _ server: AuthorizationServer,
        _ sent: SentSecrets
    ) -> EndpointResult<ServerMetadata> {
        let remedy = look(at: location, server)
        let problem: String
        do {
            if let document = try JSONValue(parsing: response.body).object {
                return metadata(document, server, sent, remedy: remedy)
            }
            problem = "it is not a JSON object"
        } catch {
            problem = response.webPage(from: location) ?? error.asReason
        }
        return .failed(.notMetadata(server.identifier, problem, remedy: remedy))
    }

    private static func metadata(
        _ document: JSONObject, _ server: AuthorizationServer, _ sent: SentSecrets,
        remedy: String
    ) -> EndpointResult<ServerMetadata> {
        do {
            return .success(try ServerMetadata(document, server: server, sent: sent))
        } catch {
            return .failed(
                Failure(error.kind, error.what, because: error.because, remedy: remedy))
        }
    }

    /// The command that shows what is at a URL; it contains no secret.
    private static func look(at location: WebURL, _ server: AuthorizationServer) -> String {
        location.curlCommand("-i", certificateAuthorityFile: server.certificateAuthorityFile)
    }
}

extension Failure {
    fileprivate static func notMetadata(
        _ source: some CustomStringConvertible, _ problem: String, remedy: String
    ) -> Failure {
        Failure(
            .unavailable, "cannot read the metadata of '\(source)'", because: problem,
            remedy: remedy)
    }
}

/// The metadata of an authorization server. RFC 8414 §2, OpenID Connect Discovery §3.
package struct ServerMetadata: Hashable, Sendable {
    package let endpoints: ServerEndpoints
    package let issuer: String
    /// The document as received, to be cached.
    package let document: JSONObject

    /// Checks that a document is about the expected issuer and that its endpoints are valid URLs.
    ///
    /// The issuer is compared as text except for one final slash: profiles that work with Planet's
    /// Python tools have it or not. Unknown members are ignored; a missing endpoint is an error
    /// only when it is needed. Fails with kind `.unavailable` if the issuer differs or an endpoint
    /// is not a safe URL. RFC 8414 §3.3.
    ///
    /// An https server may only have https endpoints: whatever listens on a loopback port of this
    /// machine is another party, for which the server cannot speak. An http URL in the profile, as
    /// an endpoint or as `auth_server`, is accepted, because the user may run a proxy there.
    package init(
        _ document: JSONObject, server: AuthorizationServer, sent: SentSecrets
    ) throws(Failure) {
        let expected = server.expectedIssuer ?? server.issuer ?? ""
        guard let issuer = document.text("issuer"),
            Self.withoutLastSlash(issuer) == Self.withoutLastSlash(expected)
        else {
            let named = document.text("issuer").map { sent.words($0, .sentence) }
            throw Self.untrusted(expected, "its 'issuer' is '\(named ?? "missing")'")
        }
        let isSecure = (server.issuer ?? issuer).lowercased().hasPrefix("https:")
        var endpoints = ServerEndpoints()
        for endpoint in ServerEndpoint.allCases {
            guard let text = document.text(endpoint.metadataKey) else { continue }
            let url: WebURL
            do {
                url = try WebURL(text)
            } catch {
                throw Self.untrusted(
                    expected,
                    "its '\(endpoint.metadataKey)' is invalid: \(error.because ?? "it has no valid host")"
                )
            }
            guard url.origin.scheme == .https || !isSecure else {
                throw Self.untrusted(
                    expected, "its '\(endpoint.metadataKey)' is plain http, but the server is https"
                )
            }
            endpoints[endpoint] = url
        }
        self.endpoints = endpoints
        self.issuer = issuer
        self.document = document
    }

    private init(_ endpoints: ServerEndpoints, issuer: String, _ document: JSONObject) {
        self.endpoints = endpoints
        self.issuer = issuer
        self.document = document
    }

    /// The same metadata, with whatever only the other document about the same issuer has.
    func adding(_ other: ServerMetadata) -> ServerMetadata {
        var endpoints = endpoints
        for endpoint in ServerEndpoint.allCases where endpoints[endpoint] == nil {
            endpoints[endpoint] = other.endpoints[endpoint]
        }
        var document = document
        for member in other.document.members where !document.has(member.name) {
            document[member.name] = member.value
        }
        return ServerMetadata(endpoints, issuer: issuer, document)
    }

    /// Whether every redirect contains `iss`. RFC 9207 §3.
    package var namesIssuerInReplies: Bool {
        document["authorization_response_iss_parameter_supported"]?.bool ?? false
    }

    /// Whether the server supports `S256`; `false` only if it lists other PKCE methods and not that
    /// one. A server that lists none supports it or ignores it. RFC 8414 §2, RFC 9700 §2.1.1.
    package var takesPKCE: Bool {
        guard let methods = document["code_challenge_methods_supported"]?.array else { return true }
        return methods.isEmpty || methods.contains(.string(PKCE.method))
    }

    private static func withoutLastSlash(_ text: String) -> String {
        text.utf8.last == UInt8(ascii: "/") ? String(text.dropLast()) : text
    }

    private static func untrusted(_ issuer: String, _ problem: String) -> Failure {
        Failure(
            .unavailable, "cannot use the metadata of '\(issuer)'", because: problem)
    }
}
