import CredCore
import CredOAuth
import CredSystem

/// A login with the device authorization grant: this program shows a code, and the person enters it
/// in a browser on any device. RFC 8628.
struct DeviceLogin: Sendable {
    let dialogue: LoginDialogue
    let keeping: LoginKeeping

    private var choice: ProfileChoice { dialogue.choice }
    private var world: World { dialogue.world }

    func run(_ client: OAuthClient) throws(Failure) -> LoggedIn {
        guard dialogue.request.audience != .nobody else {
            throw .nobodyThere(
                choice, "there is no terminal to show a code on", instead: "--device")
        }
        let server = try LoginServer(client, for: .deviceAuthorization, dialogue)
        let grant = DeviceCodeGrant(client, as: server.credential, world: world)
        let tokenURL = try server.url(.token)
        let authorization = try grant.start(
            at: try server.url(.deviceAuthorization),
            timeLimit: world.clock.timeLimit(until: dialogue.deadline)
        ).value(ofLoginTo: choice)
        let start = startPage(authorization.completeURI)
        let timeLeft = min(authorization.lifetime, dialogue.timeLeft)
        dialogue.tell(
            .enterCode(
                LoginEvent.DevicePage(
                    userCode: authorization.userCode, url: authorization.verificationURI,
                    completeURL: authorization.completeURI,
                    opened: dialogue.open(start?.page.url),
                    expiresAt: world.clock.now() + timeLeft)))
        dialogue.tell(.waiting(timeLeft))
        let result = grant.poll(
            authorization, at: tokenURL, deadline: world.clock.uptime() + timeLeft * 1000
        ) { left in
            start?.serve(milliseconds: 300, world.clock) { dialogue.tell(.ignored($0)) }
            dialogue.tell(.timeLeft(left))
        }
        switch try result.value(ofLoginTo: choice) {
        case .granted(let response):
            return try keeping.keep(
                response, client, server.credential, issuer: server.issuer)
        case .expired: throw .loginRefused(choice, "the server says that the code has expired")
        case .pending, .slowDown:
            throw .loginRefused(choice, "the code was not entered within \(timeLeft.inWords)")
        }
    }

    /// The page that the browser is started with; `nil` if there is nothing to open.
    private func startPage(_ url: WebURL?) -> StartPageServer? {
        guard let url, dialogue.opensBrowser else { return nil }
        // Without a port no browser is opened, and the person opens the page that is shown.
        return try? StartPageServer(leadingTo: url, world.clock)
    }
}
