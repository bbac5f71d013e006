/// A helper's answer to git's `get`, git-credential(1).
package struct GitCredentialReply: Sendable {
    private var lines: [(key: String, value: Secret)] = []

    /// How git sends the credential.
    package enum Form: Hashable, Sendable {
        /// With the credential's own scheme, `Bearer`.
        case scheme
        /// With HTTP Basic.
        case userAndPassword

        /// The form that git can send and the host accepts; `nil` if there is none. An empty offer
        /// means that git has not asked the host yet.
        package init?(
            _ credential: Credential, to capabilities: [GitCredentialRequest.Capability],
            _ offer: AuthenticationOffer
        ) {
            if capabilities.contains(.authtype),
                offer.isEmpty || offer.includes(credential.authorization.scheme)
            {
                self = .scheme
            } else if offer.isEmpty || offer.includes("Basic") {
                self = .userAndPassword
            } else {
                return nil
            }
        }
    }

    package init(
        _ credential: Credential, username: String, as form: Form,
        to capabilities: [GitCredentialRequest.Capability],
        state: String?, continues: Bool
    ) {
        let secret = credential.authorization.credential
        let state = capabilities.contains(.state) ? state : nil
        // git reads some attributes only after the capability that announces them.
        if capabilities.contains(.authtype) { add("capability[]", "authtype") }
        if state != nil { add("capability[]", "state") }
        switch (form, credential.kind) {
        case (.scheme, _):
            add("authtype", credential.authorization.scheme)
            lines.append(("credential", secret))
        case (.userAndPassword, .accessToken):
            add("username", username)
            lines.append(("password", secret))
        // Planet accepts an API key as the user name with an empty password.
        case (.userAndPassword, .apiKey):
            lines.append(("username", secret))
            add("password", "")
        }
        if capabilities.contains(.authtype) { add("ephemeral", "1") }
        if let expiresAt = credential.expiresAt {
            add("password_expiry_utc", String(expiresAt.seconds))
        }
        if let state { add("state[]", state) }
        if state != nil, continues { add("continue", "1") }
    }

    /// The lines; `nil` if a value contains an LF, a CR or a NUL, because git would read another
    /// attribute.
    package var text: Secret? {
        var text = ""
        for (key, value) in lines {
            let value = value.reveal()
            guard !value.utf8.contains(where: { $0 == 0x0A || $0 == 0x0D || $0 == 0 }) else {
                return nil
            }
            text += "\(key)=\(value)\n"
        }
        return Secret(text)
    }

    private mutating func add(_ key: String, _ value: String) {
        lines.append((key, Secret(value)))
    }
}
