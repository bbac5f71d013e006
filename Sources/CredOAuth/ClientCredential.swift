package import CredCore

/// What a client authenticates with to an authorization server.
package enum ClientCredential: Hashable, Sendable {
    /// A public client names itself.
    case identifier(String)
    case secret(id: String, Secret, ClientAuthentication.SecretMethod)

    /// Makes the proof for one request.
    ///
    /// A proof that is signed names the endpoint that it is for, when it was made and a number that
    /// is used once, which is why this knows the endpoint and the world; it fails where nothing can
    /// be signed. RFC 7523 §3.
    func proof(for endpoint: WebURL, world: World) throws(Failure) -> ClientProof {
        switch self {
        case .identifier(let id): ClientProof(fields: [FormField("client_id", id)])
        case .secret(let id, let secret, .post):
            ClientProof(
                fields: [FormField("client_id", id), FormField("client_secret", secret.reveal())],
                secrets: [secret])
        case .secret(let id, let secret, .basic):
            ClientProof(
                headers: [
                    .basic(FormEncoding.encode(id), FormEncoding.encode(secret.reveal()))
                ], secrets: [secret])
        case .secret(let id, let secret, .basicRaw):
            ClientProof(headers: [.basic(id, secret.reveal())], secrets: [secret])
        }
    }

    /// What tells this from another credential of the same client, for a fingerprint.
    package var distinction: Secret {
        switch self {
        case .identifier: Secret("")
        case .secret(_, let secret, let method):
            Secret("\(method.rawValue) \(secret.reveal())")
        }
    }
}

/// What a request has in it to prove who sends it. There is exactly one proof in a request,
/// RFC 6749 §2.3.
struct ClientProof: Hashable, Sendable {
    var fields: [FormField] = []
    var headers: [HTTPRequest.Header] = []
    /// What a server may repeat of it, and nobody is to see.
    var secrets: [Secret] = []
}

/// A form for an endpoint of an authorization server, with the proof of who sends it. RFC 6749 §3.2.
struct AuthenticatedForm: Hashable, Sendable {
    let request: HTTPRequest
    /// What a server may repeat of it, and nobody is to see.
    let secrets: [Secret]

    private static let secretFields = [
        "code", "code_verifier", "device_code", "password", "refresh_token", "token",
    ]

    /// `.failed` where the client cannot prove who it is.
    static func prepare(
        _ fields: [FormField], as client: ClientCredential, to url: WebURL,
        certificateAuthorityFile: String?, world: World
    ) -> EndpointResult<AuthenticatedForm> {
        let proof: ClientProof
        do throws(Failure) {
            proof = try client.proof(for: url, world: world)
        } catch {
            return .failed(error)
        }
        let request = HTTPRequest(
            .post, url, headers: [.acceptJSON, .formContent] + proof.headers,
            body: Secret(FormEncoding.encode(fields + proof.fields)),
            certificateAuthorityFile: certificateAuthorityFile)
        let sent = fields.filter { secretFields.contains($0.name) }.map { Secret($0.value) }
        return .success(AuthenticatedForm(request: request, secrets: sent + proof.secrets))
    }
}

extension HTTPRequest.Header {
    /// RFC 7617 §2.
    fileprivate static func basic(_ user: String, _ password: String) -> HTTPRequest.Header {
        let pair = Base64.encode(Array("\(user):\(password)".utf8), .standard)
        return HTTPRequest.Header("Authorization", Secret("Basic \(pair)"))
    }
}
