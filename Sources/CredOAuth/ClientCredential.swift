package import CredCore

/// The credential by which a client authenticates to an authorization server.
package enum ClientCredential: Hashable, Sendable {
    /// A public client, which only sends its `client_id`.
    case identifier(String)
    case secret(id: String, Secret, ClientAuthentication.SecretMethod)

    /// Returns the client authentication for one request.
    ///
    /// A signed assertion contains the endpoint's URL, the time and a random identifier, hence the
    /// parameters. Fails if the assertion cannot be signed. RFC 7523 §3.
    func proof(for endpoint: WebURL, world: World) throws(Failure) -> ClientProof {
        switch self {
        case .identifier(let id): ClientProof(fields: [FormField("client_id", id)])
        case .secret(let id, let secret, .post):
            ClientProof(
                fields: [FormField("client_id", id), FormField("client_secret", secret)])
        case .secret(let id, let secret, .basic):
            ClientProof(
                headers: [
                    .basic(FormEncoding.encode(id), FormEncoding.encode(secret.reveal()))
                ])
        case .secret(let id, let secret, .basicRaw):
            ClientProof(headers: [.basic(id, secret.reveal())])
        }
    }

    /// The fields that identify the client, for requests whose body must name it however it is
    /// authenticated; none if `proof` already contains them.
    var identification: [FormField] {
        switch self {
        case .identifier, .secret(_, _, .post): []
        case .secret(let id, _, .basic), .secret(let id, _, .basicRaw):
            [FormField("client_id", id)]
        }
    }

    /// The secrets to hide in texts of the server once the credential has been sent.
    package var secrets: SentSecrets {
        switch self {
        case .identifier: .none
        case .secret(_, let secret, _): SentSecrets([secret])
        }
    }

    /// Text that differs between two credentials of the same client, to be hashed in a fingerprint.
    package var distinction: Secret {
        switch self {
        case .identifier: Secret("")
        case .secret(_, let secret, let method):
            Secret("\(method.rawValue) \(secret.reveal())")
        }
    }
}

/// The fields and headers that authenticate the client in one request. A request uses exactly one
/// method. RFC 6749 §2.3.
struct ClientProof: Hashable, Sendable {
    var fields: [FormField] = []
    var headers: [HTTPRequest.Header] = []
}

/// Form requests to an authorization server that include the client authentication. RFC 6749
/// §3.2.
enum AuthenticatedForm {
    /// Builds the request; `.failed` if the client's credential cannot be used.
    static func prepare(
        _ fields: [FormField], as client: ClientCredential, to url: WebURL,
        certificateAuthorityFile: String?, world: World
    ) -> EndpointResult<HTTPRequest> {
        let proof: ClientProof
        do throws(Failure) {
            proof = try client.proof(for: url, world: world)
        } catch {
            return .failed(error)
        }
        let form = fields + proof.fields
        return .success(
            HTTPRequest(
                .post, url, headers: [.acceptJSON, .formContent] + proof.headers,
                body: Secret(FormEncoding.encode(form)),
                secrets: client.secrets.adding(form.compactMap { $0.secret }),
                certificateAuthorityFile: certificateAuthorityFile))
    }
}

extension HTTPRequest.Header {
    /// HTTP basic authentication. RFC 7617 §2.
    fileprivate static func basic(_ user: String, _ password: String) -> HTTPRequest.Header {
        let pair = Base64.encode(Array("\(user):\(password)".utf8), .standard)
        return HTTPRequest.Header("Authorization", Secret("Basic \(pair)"))
    }
}
