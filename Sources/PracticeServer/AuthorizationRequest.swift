/// What a client asks for at the authorization endpoint, once it is known to be right.
///
/// RFC 6749 §4.1.1, RFC 7636 §4.3, RFC 8252 §7.3
struct AuthorizationRequest {
    let client: String
    let redirectURI: String
    let state: String
    /// The SHA-256 of the verifier, in base64url.
    let challenge: String
    let scope: String?
    /// What the identity token has to repeat. OpenID Connect Core §3.1.2.1
    let nonce: String?

    /// Why a request is not right, in a sentence.
    struct Problem: Error {
        let text: String

        init(_ text: String) { self.text = text }
    }

    init(
        query: String?, from clients: [String: PracticeServer.Client]
    ) throws(Problem) {
        let parameters = try Self.parameters(query)
        func required(_ name: String) throws(Problem) -> String {
            guard let value = parameters[name] else { throw Problem("\(name) is missing") }
            return value
        }
        client = try required("client_id")
        guard let known = clients[client] else { throw Problem("client_id is not known") }
        redirectURI = try required("redirect_uri")
        guard known.redirectURIs.contains(redirectURI) || Self.isLoopback(redirectURI) else {
            throw Problem("redirect_uri is neither registered nor a loopback URL")
        }
        guard try required("response_type") == "code" else {
            throw Problem("response_type is not code")
        }
        state = try required("state")
        challenge = try required("code_challenge")
        guard try required("code_challenge_method") == "S256" else {
            throw Problem("code_challenge_method is not S256")
        }
        guard challenge.utf8.count == 43, challenge.utf8.allSatisfy(Form.isUnreserved) else {
            throw Problem("code_challenge is not a SHA-256 in base64url")
        }
        scope = parameters["scope"]
        nonce = parameters["nonce"]
    }

    /// The fields of the query, each there once; unknown ones are for others.
    private static func parameters(_ query: String?) throws(Problem) -> [String: String] {
        guard let fields = Form.decode(Array((query ?? "").utf8)) else {
            throw Problem("the query is malformed")
        }
        var parameters: [String: String] = [:]
        for field in fields {
            guard parameters.updateValue(field.value, forKey: field.name) == nil else {
                throw Problem("\(field.name) is repeated")
            }
        }
        return parameters.filter { !$0.value.isEmpty }
    }

    /// Whether it leads to this machine, at any port, and nowhere else.
    private static func isLoopback(_ uri: String) -> Bool {
        let scheme = "http://"
        guard uri.hasPrefix(scheme), uri.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            !uri.contains("#")
        else { return false }
        let authority = uri.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" }
        return ["127.0.0.1", "[::1]", "localhost"].contains { host in
            guard authority.hasPrefix(host) else { return false }
            let port = authority.dropFirst(host.count)
            return port.isEmpty || port.first == ":" && UInt16(port.dropFirst()) != nil
        }
    }
}
