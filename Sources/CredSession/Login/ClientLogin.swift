import CredCore
import CredOAuth

extension Login {
    /// Checks the credentials of a client that needs no person, by using them.
    func clientLogin(_ client: OAuthClient) throws(Failure) -> LoggedIn {
        let renewal = Renewal(context, client)
        let metadata = MetadataCache(client.server, context.locations, world)
        let request = try renewal.request(.clientCredentials, metadata: metadata)
        switch try request.run(deadline: world.clock.uptime() + Renewal.patience) {
        case .granted(let response):
            return try keep(response.withoutRefreshToken, client, issuer: nil)
        case .refused(let refusal): throw .refused(refusal, choice, .login)
        case .busy(let reason, _): throw .busy(choice, reason, .login)
        }
    }
}
