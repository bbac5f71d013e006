package import CredCore

/// What an authorization server says of itself. RFC 8414 §2, OpenID Connect Discovery §3.
package struct ServerMetadata: Hashable, Sendable {
    package let endpoints: ServerEndpoints
    package let issuer: String
    /// The document as received, to be cached.
    package let document: JSONObject

    /// Checks a document against the issuer it must be about.
    ///
    /// The issuer is compared as text, but for one slash at the end: profiles that work with
    /// Planet's Python tools have it or not. Unknown members are ignored and missing endpoints are
    /// only missed by whoever needs them. Fails with kind `.unavailable` where the document is not
    /// to be trusted: another issuer, or an endpoint that is no safe URL. RFC 8414 §3.3.
    package init(_ document: JSONObject, server: AuthorizationServer) throws(Failure) {
        let expected = server.expectedIssuer ?? server.issuer ?? ""
        guard let issuer = document["issuer"]?.string,
            Self.withoutLastSlash(issuer) == Self.withoutLastSlash(expected)
        else {
            throw Self.untrusted(
                expected, "its 'issuer' is '\(document["issuer"]?.string ?? "missing")'")
        }
        var endpoints = ServerEndpoints()
        for endpoint in ServerEndpoint.allCases {
            guard let text = document[endpoint.metadataKey]?.string else { continue }
            do {
                endpoints[endpoint] = try WebURL(text)
            } catch {
                throw Self.untrusted(
                    expected,
                    "its '\(endpoint.metadataKey)' is not usable: \(error.because ?? error.what)")
            }
        }
        self.endpoints = endpoints
        self.issuer = issuer
        self.document = document
    }

    /// Every reply through a browser says whom it is from. RFC 9207 §3.
    package var namesIssuerInReplies: Bool {
        document["authorization_response_iss_parameter_supported"]?.bool ?? false
    }

    /// `false` for a server that says it takes other methods of PKCE and not `S256`. One that says
    /// nothing takes it, or ignores it. RFC 8414 §2, RFC 9700 §2.1.1.
    package var takesPKCE: Bool {
        guard let methods = document["code_challenge_methods_supported"]?.array else { return true }
        return methods.isEmpty || methods.contains(.string(PKCE.method))
    }

    private static func withoutLastSlash(_ text: String) -> String {
        text.utf8.last == UInt8(ascii: "/") ? String(text.dropLast()) : text
    }

    private static func untrusted(_ issuer: String, _ problem: String) -> Failure {
        Failure(
            .unavailable, "cannot use what '\(issuer)' says of itself", because: problem)
    }
}
