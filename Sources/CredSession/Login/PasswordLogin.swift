import CredCore
import CredOAuth
import CredSystem

extension Login {
    /// A user's name and password for a token. RFC 6749 §4.3.
    func passwordLogin(_ client: OAuthClient, _ stored: UserCredentials) throws(Failure) -> LoggedIn
    {
        world.voice.notice(
            "profile '\(profile)' gives your password to planet-cred; a login by browser or device is safer"
        )
        let server = try server(client, for: .token)
        let (username, password) = try userCredentials(stored, named: "User name")
        let response = try token(
            PasswordGrant.fields(client, username: username, password: password), client, server)
        return try keep(response, client, issuer: server.issuer)
    }

    /// An e-mail address and a password for Planet's API key, which is then kept.
    func legacyLogin(_ legacy: LegacyLogin) throws(Failure) -> LoggedIn {
        guard legacy.key == nil else { throw hasKey() }
        let endpoint = try legacy.endpoint()
        let (email, password) = try userCredentials(UserCredentials(), named: "E-mail address")
        let result = LegacyLoginGrant.request(
            email: email, password: password, at: endpoint, world: world,
            timeLimit: Renewal.patience)
        switch result {
        case .rejected(let rejection), .endpointMissing(.notFound(let rejection)):
            throw .loginRefused(choice, rejection.reason)
        case .success, .endpointMissing(.unnamed), .busy, .unusable, .failed: break
        }
        let answer = try value(result)
        try keep(
            key: [
                "jwt": .string(answer.jwt.reveal()),
                "key": .string(answer.key.credential.reveal()),
            ])
        return LoggedIn(profile: choice.profile, person: email, expiresAt: nil, outlook: .lasts)
    }

    /// From the profile, from the variables that Planet's Python tools read, else from the person.
    private func userCredentials(_ stored: UserCredentials, named name: String) throws(Failure)
        -> (username: String, password: Secret)
    {
        let username: String
        if let known = stored.username ?? context.locations.environment("PL_AUTH_USERNAME") {
            username = known
        } else {
            username = try ask(name, .shown).reveal()
        }
        let known =
            stored.password ?? context.locations.environment("PL_AUTH_PASSWORD").map { Secret($0) }
        if let known { return (username, known) }
        return (username, try ask("Password of '\(username.printable)'", .hidden))
    }
}
