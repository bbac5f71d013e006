import CredCore
import CredOAuth

/// The authorization server of a login: its endpoints, its issuer and the client's credential.
struct LoginServer: Sendable {
    let client: OAuthClient
    let credential: ClientCredential
    private let choice: ProfileChoice
    private let world: World
    /// The metadata; `nil` if the profile names all the endpoints that are needed.
    private let metadata: ServerMetadata?

    /// Gets the client's credential, before the person does anything that works only once.
    ///
    /// The metadata is fetched and not taken from the cache, unless the profile names the endpoint
    /// of the flow and the token endpoint: a browser that is sent to an old address could not
    /// report it.
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
            let lookup = EndpointLookup(
                client.server, sent: credential.secrets, dialogue.context)
            metadata = try lookup.freshMetadata(
                for: [endpoint, .token].filter { named[$0] == nil }, deadline: dialogue.deadline
            )
            .value(ofLoginTo: choice)
        }
        // Both endpoints are required before the login starts.
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

    /// Whether it is known to have an endpoint for device codes.
    var offersDeviceCode: Bool {
        let endpoint = ServerEndpoint.deviceAuthorization
        return client.server.endpoints[endpoint] != nil || metadata?.endpoints[endpoint] != nil
    }

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

    /// Sends one request to the token endpoint, never repeated: a code works only once.
    func token(_ grant: [FormField]) throws(Failure) -> TokenResponse {
        try response(try request(grant))
    }

    func request(_ grant: [FormField]) throws(Failure) -> EndpointResult<TokenResponse> {
        TokenEndpoint.request(
            grant, as: credential, at: try url(.token), typedAs: client.tokenType,
            certificateAuthorityFile: client.server.certificateAuthorityFile, world: world,
            timeLimit: Renewal.timeout)
    }

    /// The response of the token endpoint, or the error that ends the login.
    func response(_ result: EndpointResult<TokenResponse>) throws(Failure) -> TokenResponse {
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
    /// The value, or the error that ends the login.
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
    /// The error for a rejection: it concerns either what the person did or the client.
    static func loginRejected(_ choice: ProfileChoice, _ rejection: OAuthRejection) -> Failure {
        if let trouble = rejection.trouble { return .busy(choice, trouble, .login) }
        return switch rejection.code {
        case "access_denied":
            .loginRefused(choice, "you, or the service, refused: \(rejection.reason)")
        case "invalid_grant", "login_required", "consent_required":
            .loginRefused(choice, rejection.reason)
        default:
            .refused(Refusal(rejection.causeInClient, rejection.reason), choice, .login)
        }
    }
}
