package import CredCore
import CredOAuth
import CredSystem

/// Logs a person in to a profile, or checks the credentials of one that needs no person.
package struct Login: Sendable {
    let context: ProfileContext
    let request: LoginRequest
    let tell: @Sendable (LoginEvent) -> Void
    /// Until when the person may take, of `world.clock.uptime`.
    let deadline: Int64

    package init(
        _ context: ProfileContext, _ request: LoginRequest,
        tell: @escaping @Sendable (LoginEvent) -> Void
    ) {
        self.context = context
        self.request = request
        self.tell = tell
        deadline = context.world.clock.uptime() + request.patience * 1000
    }

    var choice: ProfileChoice { context.choice }
    var profile: ProfileName { context.profile }
    var world: World { context.world }

    /// How long the person still has; what came before, such as another's login, took its part.
    var timeLeft: Seconds { (max(deadline - world.clock.uptime(), 0) + 999) / 1000 }

    package func run() throws(Failure) -> LoggedIn {
        try checkRequest()
        switch choice.profile.method {
        case .none: throw nothingToDo("its type is 'none'")
        case .validator: throw nothingToDo("its type checks tokens of others")
        case .apiKey(let key): return try keyLogin(key)
        case .legacy(let legacy): return try alone { () throws(Failure) in try legacyLogin(legacy) }
        case .oauth(let client): return try run(client)
        }
    }

    private func run(_ client: OAuthClient) throws(Failure) -> LoggedIn {
        switch (request.flow, client.grant) {
        case (_, .clientCredentials):
            guard request.flow == .ofProfile else {
                throw nothingToDo("it needs no person, so no device code either")
            }
            return try clientLogin(client)
        case (.deviceCode, _), (_, .deviceCode):
            return try alone { () throws(Failure) in try deviceLogin(client) }
        case (.ofProfile, .authorizationCode(let redirects, let acknowledgement)):
            let browserLogin = BrowserLogin(
                login: self, client: client, redirects: redirects,
                acknowledgement: acknowledgement)
            return try alone { () throws(Failure) in try browserLogin.run() }
        case (.ofProfile, .password(let user)):
            return try alone { () throws(Failure) in try passwordLogin(client, user) }
        }
    }

    /// What was asked for goes with the profile's type.
    private func checkRequest() throws(Failure) {
        switch choice.profile.method {
        case .none, .validator: return
        case .apiKey: try refuseDeviceCode()
        case .legacy:
            try refuseDeviceCode()
            try refuseKey("its type gets a key for an e-mail address and a password")
        case .oauth: try refuseKey("its type knows no API key")
        }
    }

    private func refuseDeviceCode() throws(Failure) {
        if request.flow == .deviceCode { throw nothingToDo("its type knows no device code") }
    }

    private func refuseKey(_ reason: String) throws(Failure) {
        if request.key != .terminal { throw nothingToDo(reason) }
    }

    /// Shows a page to the person, if there is one and they want that.
    func open(_ url: WebURL?) -> LoginEvent.Opened {
        guard let url, request.browser == .open, Browser.isExpected,
            BackgroundProcess.startAsOrphan(by: ["browse", url.description])
        else { return .notAtAll }
        return .byBrowser
    }

    private func nothingToDo(_ reason: String) -> Failure {
        Aim.login.failure(.usage, choice, because: reason, remedy: nil)
    }
}

extension Failure {
    static func loginRefused(_ choice: ProfileChoice, _ reason: String) -> Failure {
        Aim.login.failure(.loginRequired, choice, because: reason, remedy: choice.loginCommand)
    }

    /// Nobody is there who could do their part.
    static func nobodyThere(_ choice: ProfileChoice, _ reason: String) -> Failure {
        Aim.login.failure(
            .loginRequired, choice, because: reason,
            remedy: choice.loginCommand.map { "\($0)    # in a terminal" })
    }
}
