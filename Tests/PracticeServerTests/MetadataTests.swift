import PracticeServer
import TestSupport
import Testing

@Suite("Metadata", .inTurn) struct MetadataTests {
    @Test(
        "both forms show the same document",
        arguments: [
            "/t1/.well-known/openid-configuration", "/.well-known/oauth-authorization-server/t1",
        ])
    func document(_ path: String) async throws {
        var configuration = PracticeServer.Configuration()
        configuration.issuerPath = "/t1"
        let server = try PracticeServer(configuration)
        let answer = try await Curl.run(server.url + path)
        #expect(answer.values(of: "Content-Type") == ["application/json"])
        #expect(answer.json["issuer"] as? String == server.url + "/t1")
        #expect(answer.json["token_endpoint"] as? String == server.tokenEndpoint)
        #expect(server.issuer == server.url + "/t1")
    }

    @Test("a form that is switched off answers 404") func switchedOff() async throws {
        var configuration = PracticeServer.Configuration()
        configuration.discovery = [.authorizationServer]
        let server = try PracticeServer(configuration)
        let openID = try await Curl.run(server.url + "/.well-known/openid-configuration")
        let inserted = try await Curl.run(server.url + "/.well-known/oauth-authorization-server")
        #expect(openID.status == 404)
        #expect(inserted.status == 200)
    }

    @Test("members can be set and removed while it runs") func overrides() async throws {
        let server = try PracticeServer()
        server.metadataOverrides = ["issuer": "http://evil.example", "token_endpoint": nil]
        let answer = try await Curl.run(server.url + "/.well-known/openid-configuration")
        #expect(answer.json["issuer"] as? String == "http://evil.example")
        #expect(answer.json["token_endpoint"] == nil)
        #expect(answer.json["jwks_uri"] as? String == server.url + "/jwks")
    }

    @Test("the document says what a login needs to know") func login() async throws {
        let server = try PracticeServer()
        let document = try await Curl.run(server.url + "/.well-known/openid-configuration").json
        let endpoints = document.compactMapValues { $0 as? String }
            .filter { $0.key.hasSuffix("_endpoint") || $0.key == "jwks_uri" }
        #expect(
            endpoints == [
                "authorization_endpoint": server.authorizationEndpoint,
                "token_endpoint": server.tokenEndpoint,
                "device_authorization_endpoint": server.deviceAuthorizationEndpoint,
                "revocation_endpoint": server.revocationEndpoint,
                "introspection_endpoint": server.introspectionEndpoint,
                "userinfo_endpoint": server.userinfoEndpoint, "jwks_uri": server.keySetEndpoint,
            ])
        #expect(document["response_types_supported"] as? [String] == ["code"])
        #expect(document["code_challenge_methods_supported"] as? [String] == ["S256"])
        #expect(document["authorization_response_iss_parameter_supported"] as? Bool == true)
    }

    @Test("JSON is escaped where it must be and raw where asked for") func json() {
        let json: PracticeServer.JSON = [
            "a\"\\\n\u{1}é": [1, true, .null, .raw("1e15"), "x"], "a": [:],
        ]
        let text = String(decoding: json.encoded, as: UTF8.self)
        #expect(text == #"{"a\"\\\u000a\u0001é":[1,true,null,1e15,"x"],"a":{}}"#)
    }
}
