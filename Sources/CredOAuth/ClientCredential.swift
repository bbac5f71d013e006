package import CredCore

/// How a request to the authorization server proves who sends it: the parts of the request that
/// this adds. There is exactly one proof in a request, RFC 6749 §2.3.
package enum ClientCredential: Hashable, Sendable {
    /// A public client names itself.
    case identifier(String)
    case secret(id: String, Secret, ClientAuthentication.SecretMethod)

    var fields: [FormField] {
        switch self {
        case .identifier(let id): [FormField("client_id", id)]
        case .secret(let id, let secret, .post):
            [FormField("client_id", id), FormField("client_secret", secret.reveal())]
        case .secret(_, _, .basic), .secret(_, _, .basicRaw): []
        }
    }

    var headers: [HTTPRequest.Header] {
        switch self {
        case .identifier, .secret(_, _, .post): return []
        case .secret(let id, let secret, .basic):
            return [Self.basic(FormEncoding.encode(id), FormEncoding.encode(secret.reveal()))]
        case .secret(let id, let secret, .basicRaw):
            return [Self.basic(id, secret.reveal())]
        }
    }

    /// What a server may repeat of the proof, and nobody is to see.
    var secrets: [Secret] {
        switch self {
        case .identifier: []
        case .secret(_, let secret, _): [secret]
        }
    }

    /// RFC 7617 §2.
    private static func basic(_ user: String, _ password: String) -> HTTPRequest.Header {
        let pair = Base64.encode(Array("\(user):\(password)".utf8), .standard)
        return HTTPRequest.Header("Authorization", Secret("Basic \(pair)"))
    }
}
