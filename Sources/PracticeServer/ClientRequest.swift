/// A form that a client posted, and the client: the same at every endpoint that clients call
/// directly. RFC 6749 §3.2
struct ClientRequest {
    let client: AuthenticatedClient
    private let parameters: [String: String]

    /// Fails unless the request is exactly as the RFC wants it, and its client is known.
    init(
        _ request: PracticeServer.Request, from clients: [String: PracticeServer.Client]
    ) throws(OAuthError) {
        parameters = try Self.parameters(of: request)
        client = try ClientAuthentication(clients).authenticate(request, parameters)
    }

    /// A parameter that is there and not empty.
    subscript(_ name: String) -> String? { parameters[name] }

    /// A parameter without which the request means nothing.
    func required(_ name: String) throws(OAuthError) -> String {
        guard let value = parameters[name] else { throw .invalidRequest("\(name) is missing") }
        return value
    }

    /// The fields of the form, each there once.
    private static func parameters(
        of request: PracticeServer.Request
    ) throws(OAuthError) -> [String: String] {
        guard request.query == nil else { throw .invalidRequest("this endpoint takes no query") }
        let type = request.headers["Content-Type"]?.lowercased().split(separator: ";").first
        guard type?.trimmed == "application/x-www-form-urlencoded" else {
            throw .invalidRequest("the body must be application/x-www-form-urlencoded")
        }
        guard let fields = Form.decode(request.body) else {
            throw .invalidRequest("the form is malformed")
        }
        var parameters: [String: String] = [:]
        for field in fields {
            guard parameters.updateValue(field.value, forKey: field.name) == nil else {
                throw .invalidRequest("\(field.name) is repeated")
            }
        }
        // An empty value counts as an absent parameter.
        return parameters.filter { !$0.value.isEmpty }
    }
}
