extension Profile {
    /// Parses the content of an `auth_client.json`.
    ///
    /// Unknown members are ignored. Fails with kind `.profile` and names the member that is missing
    /// or invalid.
    package init(
        parsing object: JSONObject, name: ProfileName, in paths: ProfilePaths = ProfilePaths()
    ) throws(Failure) {
        let fields = ProfileFields(profile: name, object: object, prefix: "", paths: paths)
        let own = try fields.fields("planet_cred")
        let typeName = try fields.required("client_type")
        guard let type = ClientType(typeName) else {
            throw Failure(
                .profile, "cannot use profile '\(name)'",
                because: "unknown client_type '\(typeName)'; supported are \(ClientType.names)")
        }
        var audiences: [String] = []
        let method: Method
        switch type {
        case .none: method = .none
        case .legacy: method = .legacy(try Self.legacyLogin(fields))
        case .validator: method = .validator
        case .staticKey: method = .apiKey(try Self.apiKey(fields, own))
        case .oauth(let grant, let authentication):
            audiences = try fields.strings("audiences") ?? []
            method = .oauth(try Self.client(grant, authentication, audiences, fields, own))
        }
        self.init(
            name: name, method: method,
            hosts: try Self.hosts(own, audiences: audiences, method, fields),
            username: try Self.username(own),
            environment: try Self.environment(own))
    }

    /// Reads `username`; rejects what neither HTTP Basic (RFC 7617 §2) nor a netrc line can
    /// represent.
    private static func username(_ own: ProfileFields) throws(Failure) -> String? {
        guard let name = try own.string("username") else { return nil }
        guard name.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: ":") }) else {
            throw own.malformed(
                "username", "must not contain a space, a colon or a control character")
        }
        return name
    }

    private static func apiKey(_ fields: ProfileFields, _ own: ProfileFields) throws(Failure)
        -> APIKey
    {
        // The Python tools, too, default to "Bearer".
        let scheme = try fields.string("bearer_token_prefix") ?? "Bearer"
        let key = try fields.string("api_key")
        guard Authorization(scheme: scheme, credential: key ?? "unknown") != nil else {
            throw fields.malformed(
                "api_key",
                "or 'bearer_token_prefix' contains a character that is not allowed in an HTTP header"
            )
        }
        return APIKey(
            key: key.map { Secret($0) }, scheme: scheme, check: try own.url("key_check"))
    }

    private static func legacyLogin(_ fields: ProfileFields) throws(Failure) -> LegacyLogin {
        let endpoint = try fields.url("legacy_auth_endpoint")
        let key = try fields.string("api_key")
        guard Authorization(scheme: APIKey.planetScheme, credential: key ?? "unknown") != nil
        else {
            throw fields.malformed(
                "api_key", "contains a character that is not allowed in an HTTP header")
        }
        return LegacyLogin(endpoint: endpoint, key: key.map { Secret($0) })
    }

    private static func client(
        _ grant: ClientType.GrantType, _ authentication: ClientType.Authentication,
        _ audiences: [String],
        _ fields: ProfileFields, _ own: ProfileFields
    ) throws(Failure) -> OAuthClient {
        guard audiences.count <= 1 else {
            throw fields.malformed("audiences", "must have at most one entry")
        }
        let server = try Self.server(fields, own)
        return OAuthClient(
            grant: try Self.grant(grant, fields),
            authentication: try Self.authentication(
                authentication, grant, server, fields, own),
            clientID: try fields.required("client_id"),
            server: server,
            scopes: try fields.strings("scopes") ?? [],
            audience: audiences.first,
            organization: try fields.string("organization"),
            projectID: try fields.string("project_id"),
            defaultLifetime: try own.seconds("default_lifetime"),
            tokenType: try Self.tokenType(own))
    }

    private static func tokenType(_ own: ProfileFields) throws(Failure) -> StatedTokenType? {
        guard let name = try own.string("token_type") else { return nil }
        guard let type = StatedTokenType(rawValue: name.lowercased()) else {
            throw own.malformed("token_type", "must be 'Bearer', the only type that is supported")
        }
        return type
    }

    /// Reads the authorization server; optional if the profile names the token endpoint.
    private static func server(_ fields: ProfileFields, _ own: ProfileFields) throws(Failure)
        -> AuthorizationServer
    {
        var endpoints = ServerEndpoints()
        for endpoint in ServerEndpoint.allCases {
            if let url = try fields.url(endpoint.profileKey) { endpoints[endpoint] = url }
        }
        if case nil = try fields.url("auth_server"), case nil = endpoints[.token] {
            throw fields.malformed("auth_server", "is missing")
        }
        return AuthorizationServer(
            issuer: try fields.string("auth_server"),
            expectedIssuer: try fields.string("issuer"), endpoints: endpoints,
            certificateAuthorityFile: try own.path("certificate_authority_file"))
    }

    /// Reads the client authentication. The default is that of the known service; for client
    /// credentials otherwise `client_secret_post`, which Planet and Sentinel Hub accept and the
    /// Python tools use.
    private static func authentication(
        _ authentication: ClientType.Authentication, _ grant: ClientType.GrantType,
        _ server: AuthorizationServer, _ fields: ProfileFields, _ own: ProfileFields
    ) throws(Failure) -> ClientAuthentication {
        switch authentication {
        case .none: return .none
        case .privateKey: return .privateKey
        case .secret:
            let source = try secretSource(fields, own)
            guard let name = try own.string("client_authentication") else {
                let usual: SecretMethod = grant == .clientCredentials ? .post : .basic
                return .secret(
                    source, KnownService.behind(server.identifier)?.secretMethod ?? usual)
            }
            guard let method = ClientAuthentication.SecretMethod(rawValue: name) else {
                let names = ClientAuthentication.SecretMethod.allCases.map { "'\($0.rawValue)'" }
                throw own.malformed(
                    "client_authentication", "must be one of \(names.joined(separator: ", "))")
            }
            return .secret(source, method)
        }
    }

    private static func secretSource(_ fields: ProfileFields, _ own: ProfileFields) throws(Failure)
        -> ClientAuthentication.SecretSource
    {
        if let path = try own.path("client_secret_file") { return .file(path) }
        if let program = try own.program("client_secret_command") { return .command(program) }
        return .literal(Secret(try fields.required("client_secret")))
    }

    /// The entries of `planet_cred.hosts`; without it the hosts of the audiences, then those of the
    /// known service.
    private static func hosts(
        _ own: ProfileFields, audiences: [String], _ method: Method, _ fields: ProfileFields
    ) throws(Failure) -> [HostPattern] {
        if let entries = try own.strings("hosts") {
            var patterns: [HostPattern] = []
            for entry in entries {
                do {
                    patterns.append(try HostPattern(entry))
                } catch {
                    throw own.malformed(
                        "hosts", "has an invalid entry: \(error.because ?? error.what)")
                }
            }
            return patterns
        }
        // The error is ignored: an audience that is not a URL names no host.
        let origins = audiences.compactMap { try? WebURL($0).origin }
        if !origins.isEmpty {
            return origins.map {
                .exact($0.host, port: $0.port == $0.scheme.defaultPort ? nil : $0.port)
            }
        }
        return try service(of: method, fields)?.hosts ?? []
    }

    private typealias SecretMethod = ClientAuthentication.SecretMethod

    /// The known service that takes the credential. An API key that is not Planet's may say, with
    /// `auth_server`, to which service it belongs.
    private static func service(of method: Method, _ fields: ProfileFields) throws(Failure)
        -> KnownService?
    {
        switch method {
        case .none, .validator: return nil
        case .legacy: return .planet
        case .apiKey(let key):
            if let server = try fields.string("auth_server"),
                let service = KnownService.behind(server)
            {
                return service
            }
            return key.scheme == APIKey.planetScheme ? .planet : nil
        case .oauth(let client): return .behind(client.server.identifier)
        }
    }

    private static func environment(_ own: ProfileFields) throws(Failure) -> [EnvironmentVariable] {
        var variables: [EnvironmentVariable] = []
        let templates = try own.fields("environment")
        for member in templates.object.members {
            let template = try templates.string(member.name) ?? ""
            variables.append(
                try EnvironmentVariable(name: member.name, template: template, kind: .profile))
        }
        return variables
    }
}
