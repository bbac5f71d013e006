package import CredCore

/// The formats in which `token` prints a credential.
package enum TokenFormat: String, Hashable, Sendable, CaseIterable {
    /// The token alone.
    case raw
    /// A whole header line, for `curl -H @-` and GDAL's header files.
    case header
    case json
    /// Lines for `eval` in a shell.
    case env
    /// A line for `curl --config`.
    case curl
    /// Lines for a netrc file, one for each host of the profile.
    case netrc
    /// An ExecCredential, client.authentication.k8s.io/v1.
    case kubernetes
}

extension TokenFormat {
    /// The text to print, with its final LF. Fails with kind `.profile` if the profile has no host
    /// that the format can name.
    /// - Parameter remedy: the command that shows the hosts of the profile.
    package func text(
        _ credential: Credential, _ profile: Profile, remedy: @autoclosure () -> String?
    ) throws(Failure) -> Secret {
        let authorization = credential.authorization
        let text =
            switch self {
            case .raw: authorization.credential.reveal()
            case .header: "Authorization: \(authorization.headerValue.reveal())"
            case .json: Self.json(credential, profile)
            case .env: Self.shell(credential)
            case .curl:
                "header = \"Authorization: \(Self.escaped(authorization.headerValue.reveal()))\""
            case .netrc: try Self.netrc(credential, profile, remedy())
            case .kubernetes: Self.execCredential(credential)
            }
        return Secret("\(text)\n")
    }

    private static func json(_ credential: Credential, _ profile: Profile) -> String {
        var object: JSONObject = [
            "access_token": .string(credential.authorization.credential.reveal()),
            "token_type": .string(credential.authorization.scheme),
        ]
        object["expires_at"] = credential.expiresAt.map { .integer($0.seconds) }
        object["profile"] = .string(profile.name.description)
        return JSONValue.object(object).text(.compact)
    }

    private static func shell(_ credential: Credential) -> String {
        let values = [
            ("PLANET_CRED_TOKEN", credential.authorization.credential.reveal()),
            ("PLANET_CRED_AUTHORIZATION", credential.authorization.headerValue.reveal()),
            ("PLANET_CRED_EXPIRES_AT", credential.expiresAt.map { "\($0.seconds)" } ?? ""),
        ]
        return values.map { name, value in
            "export \(name)=\(value.inQuotes)"
        }.joined(separator: "\n")
    }

    /// A netrc line for every exact host; a wildcard names no machine.
    private static func netrc(_ credential: Credential, _ profile: Profile, _ remedy: String?)
        throws(Failure) -> String
    {
        let hosts = profile.hosts.compactMap { pattern -> String? in
            guard case .exact(let host, let port) = pattern else { return nil }
            // A line applies to every port of its host, which is safe only for loopback hosts.
            return port == nil || host.isLoopback ? host.description : nil
        }
        guard !hosts.isEmpty else {
            throw Failure(
                .profile, "cannot write netrc lines for profile '\(profile.name)'",
                because:
                    "a netrc line needs a host name, and 'hosts' of the profile has only patterns or ports",
                remedy: remedy)
        }
        let secret = credential.authorization.credential.reveal()
        let login =
            switch credential.kind {
            case .accessToken: "login \(profile.username) password \(secret)"
            case .apiKey: "login \(secret) password \"\""
            }
        return hosts.map { "machine \($0) \(login)" }.joined(separator: "\n")
    }

    private static func execCredential(_ credential: Credential) -> String {
        var status: JSONObject = ["token": .string(credential.authorization.credential.reveal())]
        status["expirationTimestamp"] = credential.expiresAt.map { .string($0.rfc3339) }
        let object: JSONObject = [
            "apiVersion": .string("client.authentication.k8s.io/v1"),
            "kind": .string("ExecCredential"),
            "status": .object(status),
        ]
        return JSONValue.object(object).text(.compact)
    }

    /// The text escaped for double quotes in a configuration file of curl.
    private static func escaped(_ text: String) -> String {
        text.map { $0 == "\\" || $0 == "\"" ? "\\\($0)" : "\($0)" }.joined()
    }
}
