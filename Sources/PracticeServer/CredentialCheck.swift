/// Decides who may see protected things; the same for the resource and for git.
struct CredentialCheck {
    private let tokens: TokenLedger

    init(_ tokens: TokenLedger) { self.tokens = tokens }

    enum Admission {
        case admitted(scheme: String, user: String)
        case refused(PracticeServer.Answer)
    }

    func admission(of request: PracticeServer.Request) -> Admission {
        let fields = request.headers.values(of: "Authorization")
        guard let field = fields.first else { return .refused(Self.refusal()) }
        guard fields.count == 1 else { return .refused(.plain(400, "Authorization is repeated")) }
        switch PresentedCredential(field) {
        case .bearer(let token):
            if let owner = tokens.owner(ofToken: token) {
                return .admitted(scheme: "Bearer", user: owner)
            }
        case .apiKey(let key):
            if tokens.isValid(apiKey: key) { return .admitted(scheme: "api-key", user: "api-key") }
        case .basic(let user, let password):
            if let owner = tokens.owner(of: password) ?? tokens.owner(of: user) {
                return .admitted(scheme: "Basic", user: owner)
            }
        case nil:
            break
        }
        return .refused(Self.refusal(error: "invalid_token"))
    }

    /// RFC 6750 §3: the error is named only if the request had a credential.
    static func refusal(status: Int = 401, error: String? = nil) -> PracticeServer.Answer {
        let suffix = error.map { #", error="\#($0)""# } ?? ""
        return .plain(status, "a token is needed")
            .adding("WWW-Authenticate", #"Bearer realm="practice""# + suffix)
    }
}
