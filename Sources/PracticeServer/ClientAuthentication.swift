/// A client that showed who it is.
struct AuthenticatedClient {
    let name: String
    let method: PracticeServer.AuthenticationMethod
}

/// Tells from a request which client sent it. RFC 6749 §2.3
struct ClientAuthentication {
    private let clients: [String: PracticeServer.Client]

    init(_ clients: [String: PracticeServer.Client]) { self.clients = clients }

    /// The client, which must have authenticated in exactly one way that it is registered for.
    func authenticate(
        _ request: PracticeServer.Request, _ parameters: [String: String]
    ) throws(OAuthError) -> AuthenticatedClient {
        let fields = request.headers.values(of: "Authorization")
        guard fields.count <= 1 else { throw .invalidRequest("Authorization is repeated") }
        if let field = fields.first {
            guard parameters["client_secret"] == nil else {
                throw .invalidRequest("the client authenticates in two ways")
            }
            let client = try basicClient(field)
            guard [nil, client.name].contains(parameters["client_id"]) else {
                throw .invalidRequest("client_id differs from the authenticated client")
            }
            return client
        }
        guard let name = parameters["client_id"] else {
            throw .invalidClient("no client authentication")
        }
        guard let secret = parameters["client_secret"] else {
            guard let client = clients[name], client.methods.contains(.none) else {
                throw .invalidClient("unknown client or no authentication")
            }
            return AuthenticatedClient(name: name, method: .none)
        }
        guard isClient(name, secret, .post) else {
            throw .invalidClient("wrong client, secret or method")
        }
        return AuthenticatedClient(name: name, method: .post)
    }

    private func basicClient(_ field: String) throws(OAuthError) -> AuthenticatedClient {
        guard case .basic(let user, let password) = PresentedCredential(field) else {
            throw .invalidClient("Authorization is not Basic")
        }
        if isClient(user, password, .basicRaw) {
            return AuthenticatedClient(name: user, method: .basicRaw)
        }
        guard let name = Form.unescape(user.utf8, plus: .space),
            let secret = Form.unescape(password.utf8, plus: .space),
            isClient(name, secret, .basic)
        else { throw .invalidClient("wrong client, secret or method") }
        return AuthenticatedClient(name: name, method: .basic)
    }

    private func isClient(
        _ name: String, _ secret: String, _ method: PracticeServer.AuthenticationMethod
    ) -> Bool {
        guard let client = clients[name] else { return false }
        return client.secret == secret && client.methods.contains(method)
    }
}
