/// A helper's answer to git's `get`, git-credential(1).
package struct GitCredentialReply: Sendable {
    private var lines: [(key: String, value: Secret)] = []

    package init(
        _ credential: Credential, username: String,
        to capabilities: [GitCredentialRequest.Capability],
        state: String?, continues: Bool
    ) {
        let secret = credential.authorization.credential
        let state = capabilities.contains(.state) ? state : nil
        if capabilities.contains(.authtype) {
            // git reads these attributes only after the capability that announces them.
            add("capability[]", "authtype")
            if state != nil { add("capability[]", "state") }
            add("authtype", credential.authorization.scheme)
            lines.append(("credential", secret))
            add("ephemeral", "1")
        } else {
            if state != nil { add("capability[]", "state") }
            switch credential.kind {
            case .accessToken:
                add("username", username)
                lines.append(("password", secret))
            // Planet accepts an API key as the user name with an empty password.
            case .apiKey:
                lines.append(("username", secret))
                add("password", "")
            }
        }
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
