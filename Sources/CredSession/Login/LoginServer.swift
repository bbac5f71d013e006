import CredCore
import CredOAuth

/// The authorization server as a login needs it: where its endpoints are, who it is, and by what the
/// client proves itself.
struct LoginServer: Sendable {
    let client: OAuthClient
    let credential: ClientCredential
    private let choice: ProfileChoice
    private let world: World
    /// `nil` where the profile itself names what is needed.
    private let metadata: ServerMetadata?

    /// Gets the client's credential, before the person does anything that is good once.
    ///
    /// A person waits, and a browser that is sent to an old address could not tell us: so the server
    /// is asked anew unless the profile itself names the endpoint of the flow and the token's.
    init(_ client: OAuthClient, for endpoint: ServerEndpoint, _ dialogue: LoginDialogue)
        throws(Failure)
    {
        self.client = client
        choice = dialogue.choice
        world = dialogue.world
        credential = try ClientCredentialLoader(dialogue.context).credential(client)
        let named = client.server.endpoints
        if named[endpoint] != nil && named[.token] != nil || client.server.issuer == nil {
            metadata = nil
        } else {
            let lookup = EndpointLookup(client.server, dialogue.context)
            metadata = try lookup.freshMetadata(deadline: dialogue.deadline)
                .value(ofLoginTo: choice)
        }
        // Both are there, or nothing begins.
        _ = try (url(endpoint), url(.token))
    }

    var issuer: ExpectedIssuer? {
        if let metadata {
            return ExpectedIssuer(
                metadata.issuer, naming: metadata.namesIssuerInReplies ? .always : .perhaps)
        }
        let server = client.server
        return server.expectedIssuer.map { ExpectedIssuer($0, naming: .perhaps) }
            ?? server.issuer.map(ExpectedIssuer.init(behind:))
    }

    var takesPKCE: Bool { metadata?.takesPKCE ?? true }

    func url(_ endpoint: ServerEndpoint) throws(Failure) -> WebURL {
        let server = client.server
        if let url = server.endpoints[endpoint] ?? metadata?.endpoints[endpoint] { return url }
        throw Failure(
            .profile, "cannot log in with profile '\(choice.profile.name)' this way",
            because:
                server.issuer.map {
                    "neither the profile nor the metadata of '\($0)' has '\(endpoint.metadataKey)'"
                } ?? "the profile has neither 'auth_server' nor '\(endpoint.profileKey)'")
    }

    /// One request to the token endpoint, never repeated: what a person did is good once.
    func token(_ grant: [FormField]) throws(Failure) -> TokenResponse {
        let result = TokenEndpoint.request(
            grant, as: credential, at: try url(.token),
            certificateAuthorityFile: client.server.certificateAuthorityFile, world: world,
            timeLimit: Renewal.timeout)
        if case .endpointMissing(.notFound(let rejection)) = result {
            throw .refused(
                Refusal(
                    .client, "the token endpoint answered with HTTP status \(rejection.status)"),
                choice, .login)
        }
        return try result.value(ofLoginTo: choice)
    }
}

extension EndpointResult {
    /// What the server gave, or why that ends the login.
    func value(ofLoginTo choice: ProfileChoice) throws(Failure) -> Value {
        switch self {
        case .success(let value): return value
        case .rejected(let rejection), .endpointMissing(.notFound(let rejection)):
            throw .loginRejected(choice, rejection)
        case .endpointMissing(.unnamed(let reason)):
            throw .refused(Refusal(.client, reason), choice, .login)
        case .busy(let reason, _): throw .busy(choice, reason, .login)
        case .unusable(let reason): throw .refused(Refusal(.answer, reason), choice, .login)
        case .failed(let failure): throw failure
        }
    }
}

extension Failure {
    /// The server's no: to the person where it speaks of what the person did, else to the client.
    static func loginRejected(_ choice: ProfileChoice, _ rejection: OAuthRejection) -> Failure {
        if let trouble = rejection.trouble { return .busy(choice, trouble, .login) }
        return switch rejection.code {
        case "invalid_grant", "access_denied", "login_required", "consent_required":
            .loginRefused(choice, rejection.reason)
        default: .refused(Refusal(.client, rejection.reason), choice, .login)
        }
    }
}
