package import CredCore

/// One attempt to have a person authorize the client in a browser. RFC 6749 §4.1.1.
package struct AuthorizationRequest: Sendable {
    /// The URL to open in the browser.
    package let url: WebURL
    /// The redirect URI; the token request repeats it byte for byte. RFC 6749 §4.1.3.
    package let redirectURI: String
    package let proof: PKCE
    /// The random value that the ID token must repeat; `nil` if no ID token is requested. OpenID
    /// Connect Core §3.1.2.1.
    package let nonce: String?
    /// The random value that the redirect must repeat. RFC 6749 §10.12.
    let state: String
    let issuer: ExpectedIssuer?
    /// The secrets to hide in the reply, whoever sent it.
    let sent: SentSecrets

    /// - Parameter secrets: those that the server was sent before.
    /// - Parameter endpoint: the authorization endpoint; its own query is kept. RFC 6749 §3.1.
    package init(
        _ client: OAuthClient, endpoint: WebURL, issuer: ExpectedIssuer?, redirectURI: String,
        secrets: SentSecrets = .none, world: World
    ) {
        self.redirectURI = redirectURI
        self.issuer = issuer
        proof = PKCE(world: world)
        state = Base64.encode(world.clock.random(24), .url)
        sent = secrets.adding([proof.verifier, Secret(state)])
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

/// Exchanges an authorization code for a token. RFC 6749 §4.1.3, RFC 7636 §4.5.
package enum AuthorizationCodeGrant {
    package static func fields(_ code: Secret, _ request: AuthorizationRequest) -> [FormField] {
        [
            FormField("grant_type", "authorization_code"),
            FormField("code", code),
            FormField("redirect_uri", request.redirectURI),
            FormField("code_verifier", request.proof.verifier),
        ]
    }
}

/// Proof that the client that redeems a code is the one that requested it; only method `S256`. RFC
/// 7636.
package struct PKCE: Hashable, Sendable {
    /// 43 characters that encode 256 random bits. RFC 7636 §4.1.
    package let verifier: Secret

    package init(world: World) {
        verifier = Secret(Base64.encode(world.clock.random(32), .url))
    }

    package init(verifier: Secret) {
        self.verifier = verifier
    }

    /// The hash of the verifier, sent with the authorization request. RFC 7636 §4.2.
    package var challenge: String {
        Base64.encode(SHA256.digest(of: Array(verifier.reveal().utf8)), .url)
    }

    package static let method = "S256"
}

/// The issuer that redirects and ID tokens must name.
package struct ExpectedIssuer: Hashable, Sendable {
    /// The accepted spellings: two if it is unknown whether the issuer ends with a slash.
    private let identifiers: [String]
    private let naming: Naming

    /// Whether the server adds `iss` to its redirects. RFC 9207 §3.
    package enum Naming: Hashable, Sendable {
        /// The server's metadata says that every redirect has it.
        case always
        case perhaps
    }

    /// An issuer known exactly, from the server's metadata or the profile.
    package init(_ identifier: String, naming: Naming) {
        identifiers = [identifier]
        self.naming = naming
    }

    /// The issuer of a profile's `auth_server`, which people write with or without a final slash.
    package init(behind server: String) {
        let hasSlash = server.utf8.last == UInt8(ascii: "/")
        identifiers = [server, hasSlash ? String(server.dropLast()) : "\(server)/"]
        naming = .perhaps
    }

    /// The issuer as messages show it.
    var name: String { identifiers[0] }

    /// Whether `text` is this issuer, byte for byte. RFC 9207 §2.4.
    func isNamed(by text: String) -> Bool {
        identifiers.contains { $0.utf8.elementsEqual(text.utf8) }
    }

    /// Why the `iss` of a redirect is not acceptable; `nil` if it is.
    ///
    /// This prevents mix-up attacks, in which a code from one server is sent to another. RFC 9207
    /// §1.
    func problem(withReplyOf named: String?, sent: SentSecrets) -> String? {
        switch (named, naming) {
        case (nil, .perhaps): nil
        case (nil, .always):
            "the reply has no 'iss', which '\(name)' always sends"
        case (let named?, _):
            isNamed(by: named)
                ? nil : "the reply comes from '\(sent.words(named, .sentence))', not '\(name)'"
        }
    }
}
