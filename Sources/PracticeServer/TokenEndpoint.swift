/// Where clients get access tokens. RFC 6749 §3.2
///
/// As strict as the RFC allows, so that a sloppy client fails here and not in production.
struct TokenEndpoint {
    static let path = "/token"

    private let configuration: PracticeServer.Configuration
    private let tokens: TokenLedger
    private let sessions: SessionLedger

    init(
        _ configuration: PracticeServer.Configuration, _ tokens: TokenLedger,
        _ sessions: SessionLedger
    ) {
        self.configuration = configuration
        self.tokens = tokens
        self.sessions = sessions
    }

    func answer(
        _ request: PracticeServer.Request, overrides: PracticeServer.MemberOverrides
    ) -> PracticeServer.Answer {
        guard request.method == "POST" else { return .notAllowed(only: "POST") }
        do throws(OAuthError) {
            let parameters = try parameters(of: request)
            let client = try ClientAuthentication(configuration.clients)
                .authenticate(request, parameters)
            let members = try grant(parameters, to: client)
            let configured = configuration.tokenResponseOverrides.applied(to: members)
            return PracticeServer.Answer(json: .object(overrides.applied(to: configured)))
                .adding("Pragma", "no-cache")
        } catch {
            return error.answer
        }
    }

    /// The fields of the form, each there once. RFC 6749 §3.2
    private func parameters(
        of request: PracticeServer.Request
    ) throws(OAuthError) -> [String: String] {
        guard request.query == nil else {
            throw .invalidRequest("the token endpoint takes no query")
        }
        let type = request.headers["Content-Type"]?.lowercased().split(separator: ";").first
        guard type?.trimmed == "application/x-www-form-urlencoded" else {
            throw .invalidRequest("the body must be application/x-www-form-urlencoded")
        }
        guard let fields = Form.decode(request.body) else {
            throw .invalidRequest("the form is malformed")
        }
        var parameters: [String: String] = [:]
        for field in fields {
            guard parameters.updateValue(field.value, forKey: field.name) == nil else {
                throw .invalidRequest("\(field.name) is repeated")
            }
        }
        // An empty value counts as an absent parameter.
        return parameters.filter { !$0.value.isEmpty }
    }

    private func grant(
        _ parameters: [String: String], to client: AuthenticatedClient
    ) throws(OAuthError) -> [(name: String, value: PracticeServer.JSON)] {
        switch parameters["grant_type"] {
        case nil:
            throw .invalidRequest("grant_type is missing")
        case "client_credentials":
            // RFC 6749 §4.4: only confidential clients.
            guard client.method != .none else { throw OAuthError(code: "unauthorized_client") }
            return try tokenResponse(to: client, scope: parameters["scope"])
        case "refresh_token":
            return try refresh(parameters, of: client)
        default:
            throw OAuthError(code: "unsupported_grant_type")
        }
    }

    /// RFC 6749 §6
    private func refresh(
        _ parameters: [String: String], of client: AuthenticatedClient
    ) throws(OAuthError) -> [(name: String, value: PracticeServer.JSON)] {
        guard let token = parameters["refresh_token"] else {
            throw .invalidRequest("refresh_token is missing")
        }
        let refused = OAuthError(
            code: "invalid_grant", description: "the refresh token is spent or unknown")
        switch configuration.refreshTokens {
        case .rotate:
            guard let (session, next) = sessions.rotate(token, of: client.name) else {
                throw refused
            }
            return try tokenResponse(to: client, scope: session.scope)
                + [("refresh_token", .string(next))]
        case .keep:
            guard let session = sessions.session(token, of: client.name) else { throw refused }
            return try tokenResponse(to: client, scope: session.scope)
        }
    }

    private func tokenResponse(
        to client: AuthenticatedClient, scope: String?
    ) throws(OAuthError) -> [(name: String, value: PracticeServer.JSON)] {
        let token: String
        do { token = try tokens.issue(to: client.name, scope: scope) } catch {
            throw OAuthError(code: "server_error", status: 500, description: "\(error)")
        }
        var members: [(name: String, value: PracticeServer.JSON)] = [
            ("access_token", .string(token)),
            ("token_type", "Bearer"),
            ("expires_in", .number(configuration.tokenLifetime)),
        ]
        if let scope { members.append(("scope", .string(scope))) }
        return members
    }
}
