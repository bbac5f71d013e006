import CredCore
import TestSupport
import Testing

@Suite("Profile parsing") struct ProfileParsingTests {
    @Test("every member we know is read")
    func complete() throws {
        let profile = try Profile.serviceAccount(
            """
            "issuer": "https://other.example", "token_endpoint": "https://as.example/token",
            "scopes": ["a", "b"], "audiences": ["urn:x"], "organization": "org",
            "project_id": "p", "_comment": 1, "planet_cred": {
              "client_secret_file": "/run/secret", "client_authentication": "client_secret_basic",
              "certificate_authority_file": "/ca.pem", "default_lifetime": 900.0,
              "hosts": ["a.example", "*.b.example"], "username": "git", "unknown": {},
              "environment": {"A": "{token}", "B": "x"}
            }
            """)
        let client = try #require(profile.client)
        #expect(client.authentication == .secret(.file("/run/secret"), .basic))
        #expect(client.server.issuer == "https://as.example/")
        #expect(client.server.expectedIssuer == "https://other.example")
        #expect(client.server.endpoints[.token]?.description == "https://as.example/token")
        #expect(client.server.certificateAuthorityFile == "/ca.pem")
        #expect(client.scopes == ["a", "b"])
        #expect(client.audience == "urn:x")
        #expect(client.organization == "org")
        #expect(client.projectID == "p")
        #expect(client.defaultLifetime == 900)
        #expect(profile.hosts.map(\.text) == ["a.example", "*.b.example"])
        #expect(profile.username == "git")
        #expect(profile.environment.map(\.name) == ["A", "B"])
    }

    @Test(
        "null and an empty list are as good as missing",
        arguments: [
            #""audiences": null"#, #""audiences": []"#, #""scopes": null"#, #""issuer": null"#,
            #""issuer": """#, #""token_endpoint": null"#, #""planet_cred": null"#,
            #""planet_cred": {"hosts": null, "username": "", "environment": null}"#,
        ])
    func missing(_ members: String) throws {
        #expect(try Profile.serviceAccount(members) == Profile.serviceAccount(#""x": 0"#))
    }

    @Test(
        "a member that is wrong is named",
        arguments: [
            Row("a type", #""client_type": "oidc_magic""#, "oidc_magic"),
            Row("a type in capitals", #""client_type": "NONE""#, "NONE"),
            Row("no type", #""client_type": null"#, "client_type"),
            Row("no client id", #""client_id": """#, "client_id"),
            Row("a client id that is a number", #""client_id": 1"#, "client_id"),
            Row("a NUL", #""client_id": "a\u0000b""#, "client_id"),
            Row("no secret", #""client_secret": null"#, "client_secret"),
            Row("no server", #""auth_server": null"#, "auth_server"),
            Row("two audiences", #""audiences": ["a", "b"]"#, "audiences"),
            Row("an audience that is no list", #""audiences": "a""#, "audiences"),
            Row("an audience that is a number", #""audiences": [1]"#, "audiences"),
            Row("scopes in a string", #""scopes": "a b""#, "scopes"),
            Row("a NUL in a scope", #""scopes": ["a\u0000"]"#, "scopes"),
            Row("a section that is no object", #""planet_cred": []"#, "planet_cred"),
            Row(
                "a way", #""planet_cred": {"client_authentication": "jwt"}"#,
                "planet_cred.client_authentication"),
            Row(
                "a lifetime in words", #""planet_cred": {"default_lifetime": "1h"}"#,
                "planet_cred.default_lifetime"),
            Row(
                "a lifetime below zero", #""planet_cred": {"default_lifetime": -1}"#,
                "planet_cred.default_lifetime"),
            Row(
                "hosts in a string", #""planet_cred": {"hosts": "a.example"}"#, "planet_cred.hosts"),
            Row(
                "a host", #""planet_cred": {"hosts": ["a.example", "*.com"]}"#, "planet_cred.hosts"),
            Row(
                "an empty command", #""planet_cred": {"client_secret_command": []}"#,
                "planet_cred.client_secret_command"),
            Row(
                "a command of numbers", #""planet_cred": {"client_secret_command": [1]}"#,
                "planet_cred.client_secret_command"),
            Row("an environment", #""planet_cred": {"environment": {"A": 1}}"#, "environment.A"),
        ])
    func wrong(_ row: Row<String, String>) throws {
        let failure = try #require(throws: Failure.self) { try Profile.serviceAccount(row.given) }
        #expect(failure.kind == .profile)
        #expect(failure.because?.contains("'\(row.wanted)'") == true)
    }

    @Test(
        "DISC-04: a server or an endpoint that may not be told a secret is refused",
        arguments: [
            Row("a server over http", #""auth_server": "http://as.example/""#, "auth_server"),
            Row(
                "a server with a fragment", #""auth_server": "https://as.example/#a""#,
                "auth_server"),
            Row(
                "an endpoint over http", #""token_endpoint": "http://as.example/t""#,
                "token_endpoint"),
            Row(
                "an endpoint with a fragment", #""token_endpoint": "https://a.example/#""#,
                "token_endpoint"),
            Row(
                "an endpoint with a user", #""token_endpoint": "https://a@b.example/""#,
                "token_endpoint"),
            Row(
                "an endpoint without a scheme", #""token_endpoint": "as.example/t""#,
                "token_endpoint"),
        ])
    func unsafeServer(_ row: Row<String, String>) throws {
        let failure = try #require(throws: Failure.self) { try Profile.serviceAccount(row.given) }
        #expect(failure.kind == .profile)
        #expect(failure.because?.contains("'\(row.wanted)'") == true)
    }

    @Test("a profile that names its token endpoint needs no server")
    func noServer() throws {
        let client = try Profile.serviceAccount(
            #""auth_server": null, "token_endpoint": "https://as.example/token""#
        ).client
        #expect(client?.server.issuer == nil)
        #expect(client?.server.endpoints[.token]?.path == "/token")
    }

    @Test(
        "the client secret is in one place",
        arguments: [
            Row("the profile", "", .literal(Secret("s"))),
            Row("a file", #""client_secret_file": "/s""#, .file("/s")),
            Row(
                "a command line", #""client_secret_command": "pass x""#, .command(.shell("pass x"))),
            Row(
                "words", #""client_secret_command": ["pass", "x"]"#,
                .command(.arguments(["pass", "x"]))),
            Row(
                "a file before a command",
                #""client_secret_command": "a", "client_secret_file": "/s""#, .file("/s")),
        ] as [Row<String, ClientAuthentication.SecretSource>])
    func secretSource(_ row: Row<String, ClientAuthentication.SecretSource>) throws {
        let profile = try Profile.serviceAccount("\"planet_cred\": {\(row.given)}")
        #expect(profile.client?.authentication == .secret(row.wanted, .post))
    }

    @Test(
        "a profile claims its own hosts, else its audience's, else its service's",
        arguments: [
            Row(
                "own",
                #""audiences": ["https://b.example/"], "planet_cred": {"hosts": ["a.example"]}"#,
                ["a.example"]),
            Row(
                "none at all",
                #""audiences": ["https://b.example/"], "planet_cred": {"hosts": []}"#, []),
            Row("the audience", #""audiences": ["https://B.example/c"]"#, ["b.example"]),
            Row(
                "the audience's port", #""audiences": ["https://b.example:8443/"]"#,
                ["b.example:8443"]),
            Row("the usual port of http", #""audiences": ["http://localhost:80/"]"#, ["localhost"]),
            Row("an audience that is no URL", #""audiences": ["urn:x"]"#, []),
            Row("an audience of http", #""audiences": ["http://b.example/"]"#, []),
            Row(
                "a service",
                #""auth_server": "https://identity.dataspace.copernicus.eu/auth/realms/CDSE""#,
                ["*.dataspace.copernicus.eu"]),
            Row(
                "a service by its endpoint",
                #""auth_server": null, "token_endpoint": "https://auth.earthdaily.com/oauth2/x/v1/token""#,
                ["api.earthdaily.com"]),
            Row("nobody's", #""x": 0"#, []),
        ])
    func hosts(_ row: Row<String, [String]>) throws {
        #expect(try Profile.serviceAccount(row.given).hosts.map(\.text) == row.wanted)
    }

    @Test(
        "a key that no header may hold is refused, and not shown",
        arguments: [
            #""api_key": "hunter2\n""#, #""api_key": "hunter2 x""#, #""api_key": "hunter2é""#,
            #""api_key": "hunter2", "bearer_token_prefix": "a b""#,
            #""api_key": "hunter2\u0000""#,
        ])
    func wrongKey(_ members: String) throws {
        let failure = try #require(throws: Failure.self) {
            try Profile.parsed("{\"client_type\": \"static_apikey\", \(members)}")
        }
        #expect(failure.kind == .profile)
        #expect(!"\(failure)".contains("hunter2"))
    }

    @Test("BEAR-02: a profile claims a place by its hosts alone")
    func claims() throws {
        let profile = try Profile.serviceAccount(#""audiences": ["https://api.example/"]"#)
        #expect(profile.covers(try WebURL("https://api.example/x").origin))
        #expect(!profile.covers(try WebURL("https://as.example/").origin))
        #expect(!profile.covers(try WebURL("https://api.example:444/").origin))
        #expect(!profile.covers(try WebURL("https://api.example.evil.example/").origin))
    }
}
