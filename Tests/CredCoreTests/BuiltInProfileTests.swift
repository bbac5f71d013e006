import CredCore
import TestSupport
import Testing

@Suite("Built-in profiles") struct BuiltInProfileTests {
    @Test("planet-user is the one of Planet's SDK")
    func planetUser() throws {
        let profile = try #require(Profile.builtIn(.planetUser))
        let client = try #require(profile.client)
        #expect(profile.name == .planetUser)
        #expect(client.grant == .deviceCode)
        #expect(client.authentication == .none)
        #expect(client.clientID == "49lHVBYlXCdfIYqE1B9zeXt0iFHSXees")
        #expect(client.server.issuer == "https://login.planet.com/")
        #expect(client.scopes == ["planet", "offline_access"])
        #expect(client.audience == "https://api.planet.com/")
        #expect(profile.covers(try WebURL("https://api.planet.com/data/v1").origin))
    }

    @Test("legacy is the login of Planet's SDK with e-mail and password")
    func legacy() throws {
        let profile = try #require(Profile.builtIn(try ProfileName("Legacy")))
        #expect(profile.name == .legacy)
        #expect(profile.method == .legacy(LegacyLogin()))
        #expect(profile.hosts == KnownService.planet.hosts)
        #expect(
            try LegacyLogin().endpoint().description == "https://api.planet.com/v0/auth/login")
    }

    @Test("another name is no built-in profile")
    func others() throws {
        #expect(Profile.builtIn(try ProfileName("planet-m2m")) == nil)
        #expect(Profile.builtIn(.environmentKey) == nil)
    }

    @Test("a service account of the environment posts its secret to the realm of Sentinel Hub")
    func serviceAccount() throws {
        let profile = try Profile.planetServiceAccount(id: "AbC", secret: Secret("s"))
        let client = try #require(profile.client)
        #expect(profile.name.description == "planet-m2m-abc")
        #expect(client.grant == .clientCredentials)
        #expect(client.authentication == .secret(.literal(Secret("s")), .post))
        #expect(client.clientID == "AbC")
        #expect(
            client.server.issuer == "https://services.sentinel-hub.com/auth/realms/main")
        #expect(profile.covers(try WebURL("https://api.planet.com/").origin))
    }

    @Test(
        "a service account whose id is no folder name is refused",
        arguments: ["a/../b", "a\n"] as [ShownText])
    func wrongServiceAccount(_ id: ShownText) throws {
        let failure = try #require(throws: Failure.self) {
            try Profile.planetServiceAccount(id: id.text, secret: Secret("hunter2"))
        }
        #expect(failure.kind == .profile)
        #expect(!"\(failure)".contains("hunter2"))
    }

    @Test("a bare key becomes a profile for Planet's hosts")
    func key() throws {
        let profile = try Profile.planetKey(Secret("PLAK1"))
        #expect(profile.name == .environmentKey)
        #expect(profile.method == .apiKey(APIKey(key: Secret("PLAK1"), scheme: "api-key")))
        #expect(profile.hosts == KnownService.planet.hosts)
    }

    @Test(
        "a bare key that no header may hold is refused, and not shown",
        arguments: ["", "hunter2\n"] as [ShownText])
    func wrongKey(_ key: ShownText) throws {
        let failure = try #require(throws: Failure.self) { try Profile.planetKey(Secret(key.text)) }
        #expect(failure.kind == .profile)
        #expect(!"\(failure)".contains("hunter2"))
    }
}
