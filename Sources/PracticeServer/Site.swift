import Workbench

/// Everything behind the socket: which endpoint answers which path, and what they share.
final class Site: Sendable {
    let configuration: PracticeServer.Configuration
    /// `http://HOST:PORT`
    let url: String
    let issuer: String
    let clock = PracticeClock()
    let log = RequestLog()
    let faults = FaultList()
    let metadata: Metadata
    let tokens: TokenLedger
    let sessions: SessionLedger
    let codes: CodeLedger
    let devices: DeviceLedger
    let authorizeAnswers = Script<PracticeServer.AuthorizeAnswer>()
    let devicePolls = Script<PracticeServer.DevicePoll>()
    let children = Children()

    init(_ configuration: PracticeServer.Configuration, url: String) {
        self.configuration = configuration
        self.url = url
        issuer = url + configuration.issuerPath
        metadata = Metadata(issuer: issuer, url: url, configuration)
        tokens = TokenLedger(issuer: issuer, configuration, clock: clock, children: children)
        codes = CodeLedger(clock: clock)
        devices = DeviceLedger(clock: clock)
        sessions = SessionLedger(lifetime: configuration.refreshTokenLifetime, clock: clock)
    }

    /// The usual answer to a request.
    ///
    /// `overrides` are the changes a fault makes to a successful token response.
    func answer(
        _ request: PracticeServer.Request, overrides: PracticeServer.MemberOverrides = [:]
    ) -> PracticeServer.Answer {
        if let document = metadata.answer(request) { return document }
        switch request.path {
        case AuthorizationEndpoint.path:
            return AuthorizationEndpoint(site: self).answer(request)
        case DeviceEndpoint.path:
            return DeviceEndpoint(site: self).answer(request)
        case DevicePage.path:
            return DevicePage(site: self).answer(request)
        case RevocationEndpoint.path:
            return RevocationEndpoint(site: self).answer(request)
        case IntrospectionEndpoint.path:
            return IntrospectionEndpoint(site: self).answer(request)
        case UserinfoEndpoint.path:
            return UserinfoEndpoint(site: self).answer(request)
        case LegacyLogin.path:
            return LegacyLogin(site: self).answer(request)
        case TokenEndpoint.path:
            return TokenEndpoint(site: self).answer(request, overrides: overrides)
        case KeySet.path:
            return KeySet().answer(request)
        case let path where Self.isAt(ProtectedResource.path, path):
            return ProtectedResource(CredentialCheck(tokens)).answer(request)
        case let path where Self.isAt(GitBackend.path, path):
            guard let root = configuration.gitProjectRoot else { return .notFound }
            let git = GitBackend(root: root, check: CredentialCheck(tokens), children: children)
            return git.answer(request)
        default:
            return .notFound
        }
    }

    private static func isAt(_ place: String, _ path: String) -> Bool {
        path == place || path.hasPrefix(place + "/")
    }
}
