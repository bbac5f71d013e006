extension Profile {
    /// The profiles that are built into Planet's SDK; their directory contains only the token.
    package static func builtIn(_ name: ProfileName) -> Profile? {
        switch name {
        case .planetUser:
            Profile(
                name: name,
                method: .oauth(
                    OAuthClient(
                        grant: .deviceCode, authentication: .none,
                        clientID: "49lHVBYlXCdfIYqE1B9zeXt0iFHSXees",
                        server: AuthorizationServer(
                            issuer: "https://login.planet.com/"),
                        scopes: ["planet", "offline_access"], audience: planetAudience)),
                hosts: KnownService.planet.hosts)
        case .legacy:
            Profile(
                name: name, method: .legacy(LegacyLogin()), hosts: KnownService.planet.hosts)
        default: nil
        }
    }

    /// The profile defined by `PL_AUTH_CLIENT_ID` and `PL_AUTH_CLIENT_SECRET`. Fails with kind
    /// `.profile` if the id cannot be part of a directory name.
    package static func planetServiceAccount(id: String, secret: Secret) throws(Failure) -> Profile
    {
        Profile(
            name: try ProfileName("planet-m2m-\(id)"),
            method: .oauth(
                OAuthClient(
                    grant: .clientCredentials,
                    authentication: .secret(.literal(secret), .post), clientID: id,
                    server: AuthorizationServer(
                        issuer: "https://services.sentinel-hub.com/auth/realms/main"),
                    scopes: [], audience: planetAudience)),
            hosts: KnownService.sentinelHub.hosts)
    }

    /// The profile for a Planet API key given alone. Fails with kind `.profile` if the key is not
    /// allowed in a header.
    package static func planetKey(_ key: Secret) throws(Failure) -> Profile {
        guard Authorization(scheme: APIKey.planetScheme, credential: key.reveal()) != nil else {
            throw Failure(
                .profile, "cannot use the API key",
                because: "it contains a character that is not allowed in an HTTP header")
        }
        return Profile(
            name: .environmentKey, method: .apiKey(APIKey(key: key, scheme: APIKey.planetScheme)),
            hosts: KnownService.planet.hosts)
    }

    private static let planetAudience = "https://api.planet.com/"
}
