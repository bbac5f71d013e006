/// Where clients get access tokens. RFC 6749 §3.2
///
/// As strict as the RFC allows, so that a sloppy client fails here and not in production.
struct TokenEndpoint {
    static let path = "/token"

    let site: Site

    func answer(
        _ request: PracticeServer.Request, overrides: PracticeServer.MemberOverrides
    ) -> PracticeServer.Answer {
        guard request.method == "POST" else { return .notAllowed(only: "POST") }
        do throws(OAuthError) {
            let members = try grant(ClientRequest(request, from: site.configuration.clients))
            let configured = site.configuration.tokenResponseOverrides.applied(to: members)
            return PracticeServer.Answer(json: .object(overrides.applied(to: configured)))
                .adding("Pragma", "no-cache")
        } catch {
            return error.answer
        }
    }

    private func grant(_ request: ClientRequest) throws(OAuthError) -> TokenResponse.Members {
        switch try request.required("grant_type") {
        case "client_credentials":
            // RFC 6749 §4.4: only confidential clients.
            guard request.client.method != .none else {
                throw OAuthError(code: "unauthorized_client")
            }
            let permission = Permission(client: request.client.name, scope: request["scope"])
            return try TokenResponse(site).members(for: permission)
        case "refresh_token":
            return try refresh(request)
        case "authorization_code":
            return try CodeGrant(site: site).members(request)
        case "password":
            return try PasswordGrant(site: site).members(request)
        case DeviceGrant.name:
            return try DeviceGrant(site: site).members(request)
        default:
            throw OAuthError(code: "unsupported_grant_type")
        }
    }

    /// RFC 6749 §6
    private func refresh(_ request: ClientRequest) throws(OAuthError) -> TokenResponse.Members {
        let token = try request.required("refresh_token")
        let client = request.client.name
        let refused = OAuthError.invalidGrant("the refresh token is spent or unknown")
        guard let session = site.sessions.permission(of: token), session.client == client else {
            throw refused
        }
        // Asked for before anything is spent: a client that asks for too much keeps its session.
        let permission = try narrowed(session, to: request["scope"])
        switch site.configuration.refreshTokens {
        case .rotate:
            guard let next = site.sessions.rotate(token, of: client) else { throw refused }
            return try TokenResponse(site).members(for: permission, refreshToken: next)
        case .keep:
            guard site.sessions.isCurrent(token) else { throw refused }
            return try TokenResponse(site).members(for: permission)
        }
    }

    /// A refresh may ask for a part of what was granted.
    private func narrowed(
        _ permission: Permission, to scope: String?
    ) throws(OAuthError) -> Permission {
        guard let scope else { return permission }
        var narrowed = permission
        narrowed.scope = scope
        guard narrowed.scopes.isSubset(of: permission.scopes) else {
            throw OAuthError(code: "invalid_scope")
        }
        return narrowed
    }
}
