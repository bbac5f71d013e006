import CredCore
import CredOAuth

/// Requests a new token without a person, and tries again if the server is busy.
struct TokenRequest: Sendable {
    let client: OAuthClient
    let grant: RenewalGrant
    let credential: ClientCredential
    let lookup: EndpointLookup
    let world: World

    enum Outcome: Sendable {
        case granted(TokenResponse)
        /// The server refused; it would refuse the same request again.
        case refused(Refusal)
        /// The deadline has passed or the tries are used up; why, and when the server wants to be
        /// asked again.
        case busy(String, retryAfter: Seconds?)
    }

    /// The number of tries. If an answer is lost the server may count the refresh token as used:
    /// many servers accept it once more, few twice.
    private var tries: Int {
        switch grant {
        case .clientCredentials, .password: 3
        case .refreshToken: 2
        }
    }

    /// The fingerprint of a request; two requests with the same one get the same answer.
    /// - Parameter distinction: differs between two credentials of the client.
    static func fingerprint(_ client: OAuthClient, _ grant: RenewalGrant, _ distinction: Secret)
        -> String
    {
        let fields = grant.fields(client).map { "\($0.name)=\($0.value)" }
        let parts =
            [client.server.identifier, client.clientID, distinction.reveal()] + fields
        return Secret(parts.joined(separator: "\n")).fingerprint
    }

    /// The fingerprint of this request with the secret that it sends.
    var fingerprint: String { Self.fingerprint(client, grant, credential.distinction) }

    /// Sends the request, and again while the server is busy: after the time in `Retry-After` if
    /// the deadline allows it, otherwise after a random time of up to 0.3 s, then 1.2 s (full
    /// jitter).
    ///
    /// - Parameters:
    ///   - deadline: in terms of `world.clock.uptime`.
    ///   - beforeRetry: called before what was recorded is overwritten.
    func run(
        deadline: Int64, recording: Recording? = nil, beforeRetry: () -> Void = {}
    ) throws(Failure) -> Outcome {
        var attempt = 1
        while true {
            let outcome = try ask(deadline, recording)
            guard case .busy(let reason, let retryAfter) = outcome else { return outcome }
            let pause =
                retryAfter.map { $0 * 1000 } ?? world.clock.random(upTo: 300 << (2 * (attempt - 1)))
            let isWorthIt = attempt < tries && world.clock.uptime() + pause < deadline
            guard isWorthIt else { return outcome }
            beforeRetry()
            world.pause(pause, because: reason)
            attempt += 1
        }
    }

    /// The same request for another grant.
    func with(_ grant: RenewalGrant) -> TokenRequest {
        TokenRequest(
            client: client, grant: grant, credential: credential, lookup: lookup, world: world)
    }

    private func ask(_ deadline: Int64, _ recording: Recording?) throws(Failure) -> Outcome {
        var asked: WebURL?
        let found = lookup.run(.token, deadline: deadline)
        let result = lookup.reach(.token, found, deadline: deadline) { url in
            asked = url
            return TokenEndpoint.request(
                grant.fields(client), as: credential, at: url, typedAs: client.tokenType,
                certificateAuthorityFile: client.server.certificateAuthorityFile, world: world,
                timeLimit: world.clock.timeLimit(until: deadline), recording: recording)
        }
        switch result {
        case .success(let response): return .granted(response)
        case .rejected(let rejection):
            return .refused(Refusal(cause(rejection), rejection.reason))
        case .endpointMissing(.unnamed(let reason)): return .refused(Refusal(.client, reason))
        case .endpointMissing(.notFound(let rejection)):
            let place = asked.map { "'\($0.withoutQuery)'" } ?? "the server"
            return .refused(
                Refusal(
                    .client,
                    "\(place) answered the token request with HTTP status \(rejection.status)"
                ))
        case .unusable(let reason): return .refused(Refusal(.answer, reason))
        case .busy(let reason, let retryAfter): return .busy(reason, retryAfter: retryAfter)
        case .failed(let failure): throw failure
        }
    }

    private func cause(_ rejection: OAuthRejection) -> Refusal.Cause {
        switch grant {
        case .clientCredentials:
            rejection.code == "invalid_grant" ? .grant : rejection.causeInClient
        case .refreshToken: rejection.code == "invalid_grant" ? .session : rejection.causeInClient
        case .password: Self.concernsClient(rejection) ? rejection.causeInClient : .password
        }
    }

    /// Whether the rejection of a request with a password has nothing to do with the password.
    /// Servers have many codes for a wrong one, but RFC 6749 §5.2 lists those for everything else.
    private static func concernsClient(_ rejection: OAuthRejection) -> Bool {
        guard let code = rejection.code else { return rejection.status != 401 }
        return [
            "invalid_client", "unauthorized_client", "invalid_request", "unsupported_grant_type",
            "invalid_scope", "invalid_target",
        ].contains(code)
    }
}

/// How a client gets its next token without a user.
enum RenewalGrant: Hashable, Sendable {
    case clientCredentials
    case refreshToken(Secret)
    /// With the user name and the password of the profile.
    case password(username: String, Secret)

    /// `nil` if an interactive login is required.
    init?(_ client: OAuthClient, _ record: TokenRecord?) {
        if client.grant == .clientCredentials {
            self = .clientCredentials
        } else if let refreshToken = record?.refreshToken {
            self = .refreshToken(refreshToken)
        } else if case .password(let user) = client.grant, let username = user.username,
            let password = user.password
        {
            self = .password(username: username, password)
        } else {
            return nil
        }
    }

    func fields(_ client: OAuthClient) -> [FormField] {
        switch self {
        case .clientCredentials: ClientCredentialsGrant.fields(client)
        case .refreshToken(let refreshToken): RefreshTokenGrant.fields(refreshToken)
        case .password(let username, let password):
            PasswordGrant.fields(client, username: username, password: password)
        }
    }
}

extension RenewalGrant {
    /// The fingerprint of the session that this continues; `nil` for a grant without a session.
    func session(_ binding: TokenBinding) -> String? {
        switch self {
        case .clientCredentials, .password: nil
        case .refreshToken(let refreshToken): binding.fingerprint(refreshToken)
        }
    }
}
