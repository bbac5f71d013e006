import CredCore
import CredOAuth
import CredSystem

extension Login {
    /// A code is shown here, and typed on another device. RFC 8628.
    func deviceLogin(_ client: OAuthClient) throws(Failure) -> LoggedIn {
        guard request.audience != .nobody else {
            throw .nobodyThere(choice, "there is no terminal to show a code on")
        }
        let server = try server(client, for: .deviceAuthorization)
        let grant = DeviceCodeGrant(client, as: server.credential, world: world)
        let tokenEndpoint = try server.endpoint(.token)
        let authorization = try value(
            grant.start(
                at: try server.endpoint(.deviceAuthorization),
                timeLimit: world.clock.timeLimit(until: deadline)))
        let patience = min(authorization.lifetime, timeLeft)
        tell(
            .enterCode(
                LoginEvent.DevicePage(
                    userCode: authorization.userCode, url: authorization.verificationURI,
                    completeURL: authorization.completeURI,
                    opened: open(authorization.completeURI),
                    expiresAt: world.clock.now() + patience)))
        let result = grant.poll(
            authorization, at: tokenEndpoint, deadline: world.clock.uptime() + patience * 1000
        ) { left in
            tell(.timeLeft(left))
        }
        switch try value(result) {
        case .granted(let response): return try keep(response, client, issuer: server.issuer)
        case .expired: throw .loginRefused(choice, "the server says that the code has expired")
        case .pending, .slowDown:
            throw .loginRefused(choice, "nobody entered the code within \(patience.inWords)")
        }
    }
}
