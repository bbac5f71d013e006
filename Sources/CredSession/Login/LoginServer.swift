import CredCore
import CredOAuth
import CredSystem

/// What a login must know of the authorization server.
struct LoginServer: Sendable {
    let choice: ProfileChoice
    let server: AuthorizationServer
    /// `nil` where the profile itself names what is needed.
    let metadata: ServerMetadata?
    /// Got before the person does anything that is good once.
    let credential: ClientCredential

    var issuer: ExpectedIssuer? {
        if let metadata {
            return ExpectedIssuer(
                metadata.issuer, naming: metadata.namesIssuerInReplies ? .always : .perhaps)
        }
        return server.expectedIssuer.map { ExpectedIssuer($0, naming: .perhaps) }
            ?? server.issuer.map(ExpectedIssuer.init(behind:))
    }

    func endpoint(_ endpoint: ServerEndpoint) throws(Failure) -> WebURL {
        if let url = server.endpoints[endpoint] ?? metadata?.endpoints[endpoint] { return url }
        throw Failure(
            .profile, "cannot log in to profile '\(choice.profile.name)' this way",
            because:
                server.issuer.map {
                    "neither the profile nor '\($0)' names a '\(endpoint.metadataKey)'"
                } ?? "the profile names neither 'auth_server' nor '\(endpoint.profileKey)'")
    }
}

extension Login {
    /// A person waits, and a browser that is sent to an old address could not tell us: so the server
    /// is asked anew unless the profile itself names the endpoint of the flow and the token's.
    func server(_ client: OAuthClient, for endpoint: ServerEndpoint) throws(Failure) -> LoginServer
    {
        let credential = try ClientCredentialLoader(context).credential(client)
        let server = LoginServer(
            choice: choice, server: client.server, metadata: try metadata(client, endpoint),
            credential: credential)
        // Both are there, or nothing begins.
        _ = try (server.endpoint(endpoint), server.endpoint(.token))
        return server
    }

    private func metadata(_ client: OAuthClient, _ endpoint: ServerEndpoint) throws(Failure)
        -> ServerMetadata?
    {
        let named = client.server.endpoints
        if named[endpoint] != nil && named[.token] != nil || client.server.issuer == nil {
            return nil
        }
        let lookup = EndpointLookup(client.server, context)
        return try value(lookup.freshMetadata(deadline: deadline))
    }

    /// One request to the token endpoint, never repeated: what a person did is good once.
    func token(_ grant: [FormField], _ client: OAuthClient, _ server: LoginServer)
        throws(Failure) -> TokenResponse
    {
        let result = TokenEndpoint.request(
            grant, as: server.credential, at: try server.endpoint(.token),
            certificateAuthorityFile: client.server.certificateAuthorityFile, world: world,
            timeLimit: Renewal.patience)
        if case .endpointMissing(.notFound(let rejection)) = result {
            throw .refused(
                Refusal(
                    .client, "the token endpoint answers with HTTP status \(rejection.status)"),
                choice, .login)
        }
        return try value(result)
    }

    /// What a server gave, or why that ends the login.
    func value<Value>(_ result: EndpointResult<Value>) throws(Failure) -> Value {
        switch result {
        case .success(let value): return value
        case .rejected(let rejection), .endpointMissing(.notFound(let rejection)):
            throw refused(rejection)
        case .endpointMissing(.unnamed(let reason)):
            throw .refused(Refusal(.client, reason), choice, .login)
        case .busy(let reason, _): throw .busy(choice, reason, .login)
        case .unusable(let reason): throw .refused(Refusal(.answer, reason), choice, .login)
        case .failed(let failure): throw failure
        }
    }

    /// The server's no: to the person where it speaks of what the person did, else to the client.
    func refused(_ rejection: OAuthRejection) -> Failure {
        if let trouble = rejection.trouble { return .busy(choice, trouble, .login) }
        return switch rejection.code {
        case "invalid_grant", "access_denied", "login_required", "consent_required":
            .loginRefused(choice, rejection.reason)
        default: .refused(Refusal(.client, rejection.reason), choice, .login)
        }
    }
}
