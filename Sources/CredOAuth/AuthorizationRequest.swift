package import CredCore

/// One attempt to have a person authorize the client in a browser. RFC 6749 §4.1.1.
package struct AuthorizationRequest: Sendable {
    /// What the browser is to open.
    package let url: WebURL
    /// Sent again, byte for byte, with the code. RFC 6749 §4.1.3.
    package let redirectURI: String
    package let proof: PKCE
    /// Ties the ID token to this attempt, OpenID Connect Core §3.1.2.1; `nil` where none is asked
    /// for.
    package let nonce: String?
    /// Ties the reply to this attempt. RFC 6749 §10.12.
    let state: String
    let issuer: ExpectedIssuer?

    /// - Parameter endpoint: the authorization endpoint; its own query is kept, RFC 6749 §3.1.
    package init(
        _ client: OAuthClient, endpoint: WebURL, issuer: ExpectedIssuer?, redirectURI: String,
        world: World
    ) {
        self.redirectURI = redirectURI
        self.issuer = issuer
        proof = PKCE(world: world)
        state = Base64.encode(world.clock.random(24), .url)
        nonce = client.scopes.contains("openid") ? Base64.encode(world.clock.random(24), .url) : nil
        let fields =
            [
                FormField("response_type", "code"), FormField("client_id", client.clientID),
                FormField("redirect_uri", redirectURI), FormField("state", state),
                FormField("code_challenge", proof.challenge),
                FormField("code_challenge_method", PKCE.method),
            ] + (nonce.map { [FormField("nonce", $0)] } ?? []) + client.wishes
        let query = FormEncoding.encode(fields)
        url = WebURL(
            origin: endpoint.origin, path: endpoint.path,
            query: (endpoint.query ?? "").isEmpty ? query : "\(endpoint.query ?? "")&\(query)")
    }
}

/// A code from the authorization endpoint for a token. RFC 6749 §4.1.3, RFC 7636 §4.5.
package enum AuthorizationCodeGrant {
    package static func fields(_ code: Secret, _ request: AuthorizationRequest) -> [FormField] {
        [
            FormField("grant_type", "authorization_code"),
            FormField("code", code.reveal()),
            FormField("redirect_uri", request.redirectURI),
            FormField("code_verifier", request.proof.verifier.reveal()),
        ]
    }
}

/// A proof that who redeems a code is who asked for it. RFC 7636, method `S256` alone.
package struct PKCE: Hashable, Sendable {
    /// 43 characters that carry 256 random bits, RFC 7636 §4.1.
    package let verifier: Secret

    package init(world: World) {
        verifier = Secret(Base64.encode(world.clock.random(32), .url))
    }

    package init(verifier: Secret) {
        self.verifier = verifier
    }

    /// RFC 7636 §4.2.
    package var challenge: String {
        Base64.encode(SHA256.digest(of: Array(verifier.reveal().utf8)), .url)
    }

    package static let method = "S256"
}
