package import CredCore
package import CredSession

/// The formats in which `token` prints a credential.
package enum TokenFormat: String, Hashable, Sendable, CaseIterable {
    /// The token alone.
    case raw
    /// A whole header line, for `curl -H @-` and GDAL's header files.
    case header
    case json
    /// Lines for `eval` in a shell, which then has the environment of a job of `exec`.
    case env
    /// A line for `curl --config`.
    case curl
    /// Lines for a netrc file, one for each host of the profile.
    case netrc
    /// An ExecCredential, client.authentication.k8s.io.
    case kubernetes
}

extension TokenFormat {
    /// The text to print, with its final LF. Fails with kind `.profile` if the profile has no host
    /// that the format can name.
    /// - Parameters:
    ///   - environment: the changes of the environment of a job.
    ///   - version: the API version of the answer for kubectl.
    ///   - remedy: the command that shows the hosts of the profile.
    package func text(
        _ credential: Credential, _ profile: Profile,
        environment: @autoclosure () -> [JobIdentity.Change] = [],
        version: KubernetesRequest.Version = .v1, remedy: @autoclosure () -> String?
    ) throws(Failure) -> Secret {
        let authorization = credential.authorization
        let text =
            switch self {
            case .raw: authorization.credential.reveal()
            case .header: "Authorization: \(authorization.headerValue.reveal())"
            case .json: Self.json(credential, profile)
            case .env: Self.shell(environment())
            case .curl:
                "header = \"Authorization: \(Self.escaped(authorization.headerValue.reveal()))\""
            case .netrc: try Self.netrc(credential, profile, remedy())
            case .kubernetes: Self.execCredential(credential, version)
            }
        return Secret("\(text)\n")
    }

    /// What the format cannot express of a profile, in words; `nil` if it expresses everything.
    func omission(of profile: Profile) -> String? {
        guard self == .netrc else { return nil }
        let left = profile.hosts.filter { pattern in
            if case .exact(_, port: nil) = pattern { false } else { true }
        }.map { $0.text }
        guard !left.isEmpty else { return nil }
        return "netrc lines have neither ports nor patterns, so programs that read them "
            + "are not restricted to '\(left.joined(separator: "', '"))'"
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

    private static func shell(_ environment: [JobIdentity.Change]) -> String {
        let set = environment.compactMap { name, value in
            value.map { "export \(name)=\($0.reveal().inQuotes)" }
        }
        let removed = environment.filter { $0.value == nil }.map { $0.name }
        let lines = set + (removed.isEmpty ? [] : ["unset \(removed.joined(separator: " "))"])
        return lines.joined(separator: "\n")
    }

    /// A netrc line for every exact host; a wildcard names no machine, and a netrc file has no
    /// ports.
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
                    "a netrc line names a host without a port, and 'hosts' of the profile has only patterns and hosts with a port: "
                    + profile.hosts.map { $0.text }.joined(separator: ", "),
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

    private static func execCredential(
        _ credential: Credential, _ version: KubernetesRequest.Version
    ) -> String {
        var status: JSONObject = ["token": .string(credential.authorization.credential.reveal())]
        status["expirationTimestamp"] = credential.expiresAt.map { .string($0.rfc3339) }
        let object: JSONObject = [
            "apiVersion": .string(version.rawValue),
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
