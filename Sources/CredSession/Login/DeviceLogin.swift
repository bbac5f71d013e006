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
        let authorization = try start(grant, server)
        let patience = min(authorization.lifetime, timeLeft)
        tell(
            .enterCode(
                LoginEvent.DevicePage(
                    userCode: authorization.userCode, url: authorization.verificationURI,
                    completeURL: authorization.completeURI,
                    opened: open(authorization.completeURI),
                    expiresAt: world.clock.now() + patience)))
        let end = grant.poll(
            authorization, at: tokenEndpoint, deadline: world.clock.uptime() + patience * 1000
        ) { left in
            tell(.timeLeft(left))
        }
        switch end {
        case .granted(let response): return try keep(response, client, issuer: server.issuer)
        case .denied(let rejection): throw refused(rejection, server)
        case .unusable(let reason): throw .refused(Refusal(.answer, reason), choice, .login)
        case .failed(let failure): throw failure
        case .expired: throw .loginRefused(choice, "the server says that the code has expired")
        case .busy(let reason): throw .busy(choice, reason, .login)
        case .timeOver:
            throw .loginRefused(choice, "nobody entered the code within \(patience.inWords)")
        }
    }

    private func start(_ grant: DeviceCodeGrant, _ server: LoginServer) throws(Failure)
        -> DeviceAuthorization
    {
        let endpoint = try server.endpoint(.deviceAuthorization)
        switch grant.start(at: endpoint, timeLimit: world.clock.timeLimit(until: deadline)) {
        case .started(let authorization): return authorization
        case .rejected(let rejection): throw refused(rejection, server)
        case .busy(let reason): throw .busy(choice, reason, .login)
        case .unusable(let reason): throw .refused(Refusal(.answer, reason), choice, .login)
        case .failed(let failure): throw failure
        }
    }
}
