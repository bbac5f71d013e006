/// Tells a client who the person is that it acts for. OpenID Connect Core §5.3
struct UserinfoEndpoint {
    static let path = "/userinfo"

    let site: Site

    func answer(_ request: PracticeServer.Request) -> PracticeServer.Answer {
        guard ["GET", "POST"].contains(request.method) else {
            return .notAllowed(only: "GET, POST")
        }
        let fields = request.headers.values(of: "Authorization")
        guard let field = fields.first else { return CredentialCheck.refusal() }
        guard fields.count == 1 else { return .plain(400, "Authorization is repeated") }
        guard case .bearer(let token) = PresentedCredential(field),
            let grant = site.tokens.grant(of: token)
        else { return CredentialCheck.refusal(error: "invalid_token") }
        // A client that acts for itself has a token, but nobody to tell of.
        guard let person = grant.permission.person else {
            return CredentialCheck.refusal(status: 403, error: "insufficient_scope")
        }
        return PracticeServer.Answer(
            json: ["sub": .string(person.subject), "email": .string(person.email)])
    }
}
