package import CredCore
import CredOAuth

/// Logs a person in to a profile, or tests the credentials of a profile that needs no person.
package struct Login: Sendable {
    private let context: ProfileContext
    private let request: LoginRequest
    private let dialogue: LoginDialogue
    private let keeping: LoginKeeping

    package init(
        _ context: ProfileContext, _ request: LoginRequest,
        tell: @escaping @Sendable (LoginEvent) -> Void
    ) {
        self.context = context
        self.request = request
        dialogue = LoginDialogue(context, request, tell: tell)
        keeping = LoginKeeping(context: context)
    }

    private var choice: ProfileChoice { context.choice }
    private var world: World { context.world }

    package func run() throws(Failure) -> LoggedIn {
        try checkRequest()
        switch choice.profile.method {
        case .none: throw nothingToDo("its client_type is 'none'")
        case .validator:
            throw nothingToDo("its client_type 'oidc_client_validator' only validates tokens")
        case .apiKey(let key):
            return try KeyLogin(dialogue: dialogue, keeping: keeping).run(key)
        case .legacy(let legacy):
            let login = KeyLogin(dialogue: dialogue, keeping: keeping)
            return try whileAlone { () throws(Failure) in try login.run(legacy) }
        case .oauth(let client): return try run(client)
        }
    }

    private func run(_ client: OAuthClient) throws(Failure) -> LoggedIn {
        switch (request.flow, client.grant) {
        case (_, .clientCredentials):
            guard request.flow == .ofProfile else {
                throw nothingToDo("the client credentials grant does not use a device code")
            }
            return try clientLogin(client)
        case (.deviceCode, _), (_, .deviceCode):
            let login = DeviceLogin(dialogue: dialogue, keeping: keeping)
            return try whileAlone { () throws(Failure) in try login.run(client) }
        case (.ofProfile, .authorizationCode(let redirects, let acknowledgement)):
            return try whileAlone { () throws(Failure) in
                try BrowserLogin(client, acknowledgement, dialogue, keeping).run(redirects)
            }
        case (.ofProfile, .password(let user)):
            return try whileAlone { () throws(Failure) in try passwordLogin(client, user) }
        }
    }

    private func whileAlone(_ body: () throws(Failure) -> LoggedIn) throws(Failure) -> LoggedIn {
        try LoginLock(dialogue: dialogue, keeping: keeping).whileAlone(body)
    }

    /// Tests the credentials of a client that needs no person, by requesting a token.
    private func clientLogin(_ client: OAuthClient) throws(Failure) -> LoggedIn {
        let metadata = MetadataCache(client.server, context.locations, world)
        let request = try Renewal(context, client).request(.clientCredentials, metadata: metadata)
        switch try request.run(deadline: world.clock.uptime() + Renewal.timeout) {
        case .granted(let response):
            return try keeping.keep(
                response.withoutRefreshToken, client, request.credential, issuer: nil)
        case .refused(let refusal): throw .refused(refusal, choice, .login)
        case .busy(let reason, _): throw .busy(choice, reason, .login)
        }
    }

    /// Exchanges a user's name and password for a token. RFC 6749 §4.3.
    private func passwordLogin(_ client: OAuthClient, _ stored: UserCredentials) throws(Failure)
        -> LoggedIn
    {
        world.voice.notice(
            "profile '\(context.profile)' asks for your password; logging in with a browser or a device code is safer"
        )
        let server = try LoginServer(client, for: .token, dialogue)
        let result = try dialogue.exchange(
            stored, named: "User name",
            refusal: { (result: EndpointResult<TokenResponse>) in
                guard case .rejected(let rejection) = result, rejection.code == "invalid_grant"
                else { return nil }
                return rejection.reason
            },
            send: { (username, password) throws(Failure) in
                try server.request(
                    PasswordGrant.fields(client, username: username, password: password))
            }
        ).result
        return try keeping.keep(
            try server.response(result), client, server.credential, issuer: server.issuer)
    }

    /// Checks that the options fit the profile's type.
    private func checkRequest() throws(Failure) {
        switch choice.profile.method {
        case .none, .validator: return
        case .apiKey: try refuseDeviceCode()
        case .legacy:
            try refuseDeviceCode()
            try refuseKey(
                "its client_type 'planet_legacy' gets the API key for an e-mail address and a password"
            )
        case .oauth: try refuseKey("its client_type does not use an API key")
        }
    }

    private func refuseDeviceCode() throws(Failure) {
        if request.flow == .deviceCode {
            throw nothingToDo("its client_type does not use a device code")
        }
    }

    private func refuseKey(_ reason: String) throws(Failure) {
        if request.key != .terminal { throw nothingToDo(reason) }
    }

    private func nothingToDo(_ reason: String) -> Failure {
        Operation.login.failure(.usage, choice, because: reason, remedy: nil)
    }
}
