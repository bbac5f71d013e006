/// What an authorization server can be asked for, and what its address is called.
package enum ServerEndpoint: String, Hashable, Sendable, CaseIterable {
    case authorization = "authorization_endpoint"
    case deviceAuthorization = "device_authorization_endpoint"
    case token = "token_endpoint"
    case revocation = "revocation_endpoint"
    case introspection = "introspection_endpoint"
    case userinfo = "userinfo_endpoint"
    case keys = "jwks_uri"

    /// The member of the server's metadata, RFC 8414 §2.
    package var metadataKey: String { rawValue }

    /// The member of a profile that overrides it.
    package var profileKey: String { self == .keys ? "jwks_endpoint" : rawValue }
}

/// The endpoints of a server that are known, at most one URL for each.
package struct ServerEndpoints: Hashable, Sendable {
    private struct Entry: Hashable, Sendable {
        let endpoint: ServerEndpoint
        let url: WebURL
    }

    private var entries: [Entry] = []

    package init() {}

    package subscript(endpoint: ServerEndpoint) -> WebURL? {
        get { entries.first { $0.endpoint == endpoint }?.url }
        set {
            entries.removeAll { $0.endpoint == endpoint }
            if let newValue { entries.append(Entry(endpoint: endpoint, url: newValue)) }
        }
    }
}
