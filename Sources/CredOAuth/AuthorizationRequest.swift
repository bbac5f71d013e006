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

/// Whom replies and ID tokens must come from, where anybody says.
package struct ExpectedIssuer: Hashable, Sendable {
    /// More than one where nobody says for sure whether a slash is at its end.
    private let identifiers: [String]
    private let naming: Naming

    /// Whether replies through a browser name their issuer. RFC 9207 §3.
    package enum Naming: Hashable, Sendable {
        /// The server says that all of them do.
        case always
        case perhaps
    }

    /// What the server calls itself, or the profile calls it.
    package init(_ identifier: String, naming: Naming) {
        identifiers = [identifier]
        self.naming = naming
    }

    /// The server behind an `auth_server`, which people write with or without a slash at its end.
    package init(behind server: String) {
        let hasSlash = server.utf8.last == UInt8(ascii: "/")
        identifiers = [server, hasSlash ? String(server.dropLast()) : "\(server)/"]
        naming = .perhaps
    }

    /// For messages.
    var name: String { identifiers[0] }

    /// Compared byte for byte, RFC 9207 §2.4.
    func isNamed(by text: String) -> Bool {
        identifiers.contains { $0.utf8.elementsEqual(text.utf8) }
    }

    /// What is wrong with the `iss` of a reply: another server's code must not reach ours, nor ours
    /// another.
    func problem(withReplyOf named: String?) -> String? {
        switch (named, naming) {
        case (nil, .perhaps): nil
        case (nil, .always):
            "the reply has no 'iss', which '\(name)' always sends"
        case (let named?, _):
            isNamed(by: named) ? nil : "the reply comes from '\(named)', not '\(name)'"
        }
    }
}
