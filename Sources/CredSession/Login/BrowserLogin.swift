import CredCore
import CredOAuth
import CredSystem

/// A login in a browser: authorization code with PKCE. RFC 6749 §4.1, RFC 7636, RFC 8252.
struct BrowserLogin: Sendable {
    let login: Login
    let client: OAuthClient
    let redirects: RedirectURIs
    let acknowledgement: Grant.Acknowledgement?

    var choice: ProfileChoice { login.choice }
    var audience: LoginRequest.Audience { login.request.audience }

    func run() throws(Failure) -> LoggedIn {
        let server = try login.server(client, for: .authorization)
        // RFC 9700 §2.1.1: never `plain`, which is no proof at all.
        guard server.metadata?.takesPKCE ?? true else {
            throw Aim.login.failure(
                .unavailable, choice,
                because: "'\(client.server.identifier)' does not take PKCE with S256", remedy: nil)
        }
        switch redirects {
        case .local(let local): return try listen(local, server)
        case .remote(let remote): return try paste(remote, server)
        case .both(let local, let remote):
            // Only a person can paste, and only one without a browser here has to.
            let isPasted = audience == .person && !Browser.isExpected
            return try isPasted ? paste(remote, server) : listen(local, server)
        }
    }

    func attempt(_ redirectURI: String, _ server: LoginServer) throws(Failure)
        -> AuthorizationRequest
    {
        AuthorizationRequest(
            client, endpoint: try server.endpoint(.authorization), issuer: server.issuer,
            redirectURI: redirectURI, world: login.world)
    }

    func page(
        _ attempt: AuthorizationRequest, _ opened: LoginEvent.Opened, _ reply: LoginEvent.Reply
    ) -> LoginEvent.AuthorizationPage {
        LoginEvent.AuthorizationPage(
            url: attempt.url, opened: opened, reply: reply,
            expiresAt: login.world.clock.now() + login.timeLeft)
    }

    /// What a reply comes to; `nil` for one that anybody may have sent.
    func finish(
        _ reply: RedirectReply, _ attempt: AuthorizationRequest, _ server: LoginServer
    ) throws(Failure) -> LoggedIn? {
        switch reply {
        case .code(let code):
            // Sent once: who repeats a code looks like a thief. RFC 6749 §10.5.
            let response = try login.token(
                AuthorizationCodeGrant.fields(code, attempt), client, server)
            return try login.keep(response, client, issuer: server.issuer, nonce: attempt.nonce)
        case .rejected(let rejection): throw login.refused(rejection)
        case .unusable(let reason): throw .loginRefused(choice, reason)
        case .foreign(let reason):
            login.tell(.ignored(reason))
            return nil
        }
    }

    func tooLate() -> Failure {
        .loginRefused(
            choice, "nobody finished the login within \(login.request.patience.inWords)")
    }
}
