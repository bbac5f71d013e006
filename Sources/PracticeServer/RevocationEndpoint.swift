/// Where a client tells that it needs a token no more. RFC 7009
struct RevocationEndpoint {
    static let path = "/revoke"

    let site: Site

    func answer(_ request: PracticeServer.Request) -> PracticeServer.Answer {
        guard request.method == "POST" else { return .notAllowed(only: "POST") }
        do throws(OAuthError) {
            try revoke(ClientRequest(request, from: site.configuration.clients))
            return PracticeServer.Answer(status: 200)
        } catch {
            return error.answer
        }
    }

    /// A token that is unknown is as good as revoked. The hint is not needed.
    private func revoke(_ request: ClientRequest) throws(OAuthError) {
        let token = try request.required("token")
        let session = site.sessions.permission(of: token)
        guard let permission = session ?? site.tokens.grant(of: token)?.permission else { return }
        guard permission.client == request.client.name else {
            throw OAuthError(
                code: "unauthorized_client", description: "the token is another client's")
        }
        guard session != nil else { return site.tokens.revoke(token) }
        site.sessions.end(permission.family)
        site.tokens.end(permission.family)
    }
}
