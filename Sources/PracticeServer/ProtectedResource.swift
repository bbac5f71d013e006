/// A page that only shows itself to holders of a token or an API key. RFC 6750
struct ProtectedResource {
    static let path = "/resource"

    private let check: CredentialCheck

    init(_ check: CredentialCheck) { self.check = check }

    /// Names the scheme and whom the credential belongs to, for any method.
    func answer(_ request: PracticeServer.Request) -> PracticeServer.Answer {
        switch check.admission(of: request) {
        case .refused(let answer):
            answer
        case .admitted(let scheme, let user):
            PracticeServer.Answer(json: ["scheme": .string(scheme), "user": .string(user)])
        }
    }
}
