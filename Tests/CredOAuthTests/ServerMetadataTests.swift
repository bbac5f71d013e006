import CredCore
import CredOAuth
import TestSupport
import Testing

@Suite("Server metadata") struct ServerMetadataTests {
    @Test(
        "DISC-03: the issuer is the one asked, but for one slash at the end",
        arguments: [
            Row("the same", "https://as.example/t1", "https://as.example/t1"),
            Row("a slash less", "https://as.example/t1/", "https://as.example/t1"),
            Row("a slash more", "https://as.example/t1", "https://as.example/t1/"),
            Row("a slash in both", "https://as.example/", "https://as.example/"),
        ])
    func sameIssuer(_ row: Row<String, String>) throws {
        let document: JSONObject = ["issuer": .string(row.wanted)]
        _ = try ServerMetadata(
            document, server: AuthorizationServer(issuer: row.given), sent: .none)
    }

    @Test(
        "DISC-03: another issuer is refused",
        arguments: [
            Row("another host", "https://as.example/t1", "https://evil.example/t1"),
            Row("another path", "https://as.example/t1", "https://as.example/t2"),
            Row("another case", "https://as.example/t1", "https://as.example/T1"),
            Row("another case of the host", "https://as.example", "https://AS.example"),
            Row("another port", "https://as.example", "https://as.example:8443"),
            Row("two slashes more", "https://as.example", "https://as.example//"),
            Row("a longer path", "https://as.example/t1", "https://as.example/t1/x"),
            Row("nothing", "https://as.example", ""),
        ])
    func otherIssuer(_ row: Row<String, String>) throws {
        let document: JSONObject = ["issuer": .string(row.wanted)]
        let failure = try #require(throws: Failure.self) {
            try ServerMetadata(
                document, server: AuthorizationServer(issuer: row.given), sent: .none)
        }
        #expect(failure.kind == .unavailable)
    }

    @Test("DISC-03: a profile may name another issuer to expect")
    func expectedIssuer() throws {
        let server = AuthorizationServer(
            issuer: "https://as.example", expectedIssuer: "https://tenant.example")
        let metadata = try ServerMetadata(
            ["issuer": .string("https://tenant.example")], server: server, sent: .none)
        #expect(metadata.document == ["issuer": .string("https://tenant.example")])
        #expect(throws: Failure.self) {
            try ServerMetadata(
                ["issuer": .string("https://as.example")], server: server, sent: .none)
        }
    }

    @Test(
        "DISC-04: an endpoint that may be told no secret spoils the document",
        arguments: [
            Row("plain http", "token_endpoint", "http://as.example/token"),
            Row("a fragment", "token_endpoint", "https://as.example/token#x"),
            Row("a user name", "token_endpoint", "https://as.example@evil.example/token"),
            Row("a relative one", "token_endpoint", "/token"),
            Row("a line end", "token_endpoint", "https://as.example/\n"),
            Row("the keys", "jwks_uri", "http://as.example/keys"),
            Row("for logging in", "authorization_endpoint", "javascript:alert(1)"),
            Row("for devices", "device_authorization_endpoint", "file:///etc/passwd"),
        ])
    func unsafeEndpoint(_ row: Row<String, String>) throws {
        var document: JSONObject = ["issuer": .string("https://as.example")]
        document[row.given] = .string(row.wanted)
        let failure = try #require(throws: Failure.self) { try metadata(document) }
        #expect(failure.kind == .unavailable)
        #expect(failure.because?.contains(row.given) == true)
    }

    @Test(
        "DISC-04: an https server has no endpoint that is plain http, not even on this machine",
        arguments: ServerEndpoint.allCases)
    func plainEndpoint(_ endpoint: ServerEndpoint) throws {
        for host in ["127.0.0.1:8080", "localhost", "[::1]"] {
            var document: JSONObject = ["issuer": .string("https://as.example")]
            document[endpoint.metadataKey] = .string("http://\(host)/x")
            let failure = try #require(throws: Failure.self) { try metadata(document) }
            #expect(failure.because?.contains("'\(endpoint.metadataKey)' is plain http") == true)
        }
    }

    @Test(
        "DISC-04: a server on this machine may have endpoints there, whatever it calls itself",
        arguments: ["http://127.0.0.1:8080", "https://as.example"])
    func loopbackEndpoint(_ issuer: String) throws {
        let server = AuthorizationServer(issuer: "http://127.0.0.1:8080", expectedIssuer: issuer)
        let document: JSONObject = [
            "issuer": .string(issuer), "token_endpoint": .string("http://127.0.0.1:8080/token"),
        ]
        let metadata = try ServerMetadata(document, server: server, sent: .none)
        #expect(metadata.endpoints[.token] != nil)
    }

    @Test("DISC-05: unknown members and absent endpoints are nothing to complain about")
    func unknown() throws {
        let metadata = try metadata([
            "issuer": .string("https://as.example"), "scopes_supported": .array([]),
            "token_endpoint_auth_methods_supported": .array([]), "future": .object([:]),
            "revocation_endpoint": .null,
        ])
        #expect(metadata.endpoints[.token] == nil)
        #expect(metadata.endpoints[.revocation] == nil)
    }

    @Test("every endpoint is found by its name in RFC 8414")
    func endpoints() throws {
        let metadata = try metadata([
            "issuer": .string("https://as.example"),
            "authorization_endpoint": .string("https://as.example/1"),
            "device_authorization_endpoint": .string("https://as.example/2"),
            "token_endpoint": .string("https://as.example/3"),
            "revocation_endpoint": .string("https://as.example/4"),
            "introspection_endpoint": .string("https://as.example/5"),
            "userinfo_endpoint": .string("https://as.example/6"),
            "jwks_uri": .string("https://as.example/7"),
        ])
        #expect(
            ServerEndpoint.allCases.map { metadata.endpoints[$0]?.path }
                == ["/1", "/2", "/3", "/4", "/5", "/6", "/7"])
    }

    @Test(
        "DISC-07: only a server that lists other methods of PKCE and not S256 does not take it",
        arguments: [
            Row("S256", #"["S256"]"#, true), Row("both", #"["plain","S256"]"#, true),
            Row("plain alone", #"["plain"]"#, false), Row("another", #"["S512"]"#, false),
            Row("in small letters", #"["s256"]"#, false), Row("numbers", "[256]", false),
            Row("an empty list", "[]", true), Row("null", "null", true),
            Row("no list", #""S256""#, true),
        ])
    func proofs(_ row: Row<String, Bool>) throws {
        let methods = try JSONValue(parsing: Array(row.given.utf8))
        let metadata = try metadata([
            "issuer": .string("https://as.example"), "code_challenge_methods_supported": methods,
        ])
        #expect(metadata.takesPKCE == row.wanted)
    }

    @Test("DISC-07: AUTH-06: a server that says nothing takes PKCE and does not promise its name")
    func silence() throws {
        let metadata = try metadata(["issuer": .string("https://as.example")])
        #expect(metadata.takesPKCE)
        #expect(!metadata.namesIssuerInReplies)
    }

    @Test(
        "AUTH-06: a server promises its name in replies by true alone",
        arguments: [
            Row("yes", JSONValue.bool(true), true), Row("no", .bool(false), false),
            Row("null", .null, false), Row("a word", .string("true"), false),
        ])
    func namesIssuer(_ row: Row<JSONValue, Bool>) throws {
        let metadata = try metadata([
            "issuer": .string("https://as.example"),
            "authorization_response_iss_parameter_supported": row.given,
        ])
        #expect(metadata.namesIssuerInReplies == row.wanted)
    }

    private func metadata(_ document: JSONObject) throws(Failure) -> ServerMetadata {
        try ServerMetadata(
            document, server: AuthorizationServer(issuer: "https://as.example"), sent: .none)
    }
}
