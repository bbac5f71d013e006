import CredCore
import CredOAuth

/// The login that a new one replaces. Nobody will use its refresh tokens any more, so the server is
/// asked to revoke them; if it does not, they live on until they expire.
struct ReplacedLogin: Sendable {
    private let tokens: RevocableTokens

    /// - Parameters:
    ///   - response: the new login.
    ///   - locked: the files before the new login is saved.
    init?(by response: TokenResponse, _ client: OAuthClient, _ locked: borrowing LockedFiles) {
        // Auth0, whose parameters these are, may revoke all refresh tokens of the same person,
        // application and audience at once: the new one, too.
        guard client.audience == nil, client.organization == nil,
            // The error is ignored: a file that cannot be read contains no login.
            let old = try? RevocableTokens(locked.files),
            // The server has one refresh token for all logins.
            !old.refreshTokens.contains(where: { $0 == response.refreshToken })
        else { return nil }
        let sessions = Self.sessions(of: response)
        // Keycloak revokes a whole session, and a browser that is still logged in continues it.
        tokens = old.refreshTokens { token in
            !sessions.isDisjoint(with: Self.sessions(of: token))
        }
        if tokens.refreshTokens.isEmpty, tokens.foreignLogin == nil { return nil }
    }

    /// Why the login stays valid at another server than the profile's, in words; `nil` if it does
    /// not.
    var survivor: String? { tokens.foreignLogin }

    /// Asks the server to revoke the refresh tokens, and removes the answers that contain them.
    /// Never fails and says nothing: the new login is complete.
    func revoke(_ client: OAuthClient, _ credential: ClientCredential, _ files: TokenFiles) {
        guard !tokens.refreshTokens.isEmpty else { return }
        let world = files.world
        let request = RevocationRequest(
            client: client, credential: credential,
            lookup: EndpointLookup(
                client.server, sent: credential.secrets.adding(tokens.secrets), files.context),
            world: world,
            limits: .ofLogin)
        guard request.run(tokens) == .revoked, !tokens.answers.isEmpty else { return }
        // The error is ignored: the answers are removed later, when they are old.
        _ = try? files.whileLocked(
            purpose: "logging in with profile '\(files.context.profile)'",
            deadline: world.clock.uptime()
        ) { (locked) throws(Failure) in
            locked.remove(answers: tokens.answers)
            return true
        }
    }

    /// The identifiers of the session to which an answer belongs, if it says so as Keycloak does.
    private static func sessions(of response: TokenResponse) -> Set<String> {
        var sessions: Set<String> = []
        for name in ["access_token", "refresh_token", "id_token"] {
            guard let token = response.members[name]?.string else { continue }
            sessions.formUnion(self.sessions(of: Secret(token)))
        }
        if let session = response.members["session_state"]?.string { sessions.insert(session) }
        return sessions
    }

    private static func sessions(of token: Secret) -> Set<String> {
        let claims = JWTClaims.unverified(token)
        return Set(["sid", "session_state"].compactMap { claims?[$0]?.string })
    }
}
