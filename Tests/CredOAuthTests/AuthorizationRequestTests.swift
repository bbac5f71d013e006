import CredCore
import CredOAuth
import TestSupport
import Testing

@Suite("Authorization request") struct AuthorizationRequestTests {
    private static let redirectURI = "http://127.0.0.1:5000/a b?c=d&e"

    @Test("AUTH-01: the endpoint's own query is kept, and ours is added, encoded once")
    func query() throws {
        let request = try AuthorizationRequest.example(
            #","client_id":"ü&=","scopes":["a","b"],"audiences":["https://api.example/"],"#
                + #""organization":"o","project_id":"p""#,
            endpoint: "https://as.example/t/authorize?tenant=a%20b&x",
            redirectURI: Self.redirectURI, world: ScriptedServer().world)
        let zeros = String(repeating: "A", count: 32)
        let challenge = "DwBzhbb51LfusnSGBa_hqYSgo7-j8BTQnip4TOnlzRo"
        #expect(
            request.url.description
                == "https://as.example/t/authorize?tenant=a%20b&x"
                + "&response_type=code&client_id=%C3%BC%26%3D"
                + "&redirect_uri=http%3A%2F%2F127.0.0.1%3A5000%2Fa+b%3Fc%3Dd%26e&state=\(zeros)"
                + "&code_challenge=\(challenge)&code_challenge_method=S256&scope=a+b"
                + "&audience=https%3A%2F%2Fapi.example%2F&organization=o&project_id=p")
    }

    @Test(
        "AUTH-01: a profile without wishes asks for none, and an endpoint without a query has ours")
    func least() throws {
        let request = try AuthorizationRequest.example()
        #expect(request.url.origin == (try WebURL("https://as.example")).origin)
        #expect(request.url.path == "/authorize")
        #expect(
            request.parameters?.map(\.name) == [
                "response_type", "client_id", "redirect_uri", "state", "code_challenge",
                "code_challenge_method",
            ])
        #expect(request.nonce == nil)
    }

    @Test("AUTH-01: where the endpoint's own query is empty, ours begins at its mark")
    func emptyQuery() throws {
        let request = try AuthorizationRequest.example(endpoint: "https://as.example/a?")
        #expect(request.url.description.hasPrefix("https://as.example/a?response_type="))
    }

    @Test("AUTH-10: the URL of a login with many wishes is short enough to be shown whole")
    func shown() throws {
        let request = try AuthorizationRequest.example(
            #","client_id":"49lHVBYlXCdfIYqE1B9zeXt0iFHSXees","organization":"org_0123456789abcdef","#
                + #""scopes":["openid","profile","email","offline_access","planet"],"#
                + #""audiences":["https://api.planet.com/"],"#
                + #""project_id":"0b8d1d0e-1111-2222-3333-444455556666""#,
            endpoint: "https://login.planet.com/oauth2/authorize",
            redirectURI: "http://127.0.0.1:43210/callback")
        let line = "  \(request.url)"
        #expect(line.printable == line)
    }

    @Test("AUTH-01: the URL that the browser opens reads the same, whatever its parts hold")
    func readable() throws {
        let request = try AuthorizationRequest.example(
            ##","client_id":"\"<>\\^`{|}\u001b\n😀","scopes":["ä b","#"]"##)
        #expect(try WebURL(request.url.description) == request.url)
        #expect(request.parameter("client_id") == "\"<>\\^`{|}\u{1B}\n😀")
        #expect(request.parameter("scope") == "ä b #")
    }

    @Test("AUTH-12: an attempt that asks for an ID token ties it to itself by a nonce")
    func nonce() throws {
        let request = try AuthorizationRequest.example(#","scopes":["planet","openid"]"#)
        let other = try AuthorizationRequest.example(#","scopes":["openid"]"#)
        #expect(request.nonce?.utf8.count == 32)
        #expect(request.parameter("nonce") == request.nonce)
        #expect(request.nonce != other.nonce)
        #expect(request.nonce != request.parameter("state"))
    }

    @Test("AUTH-02: of 1000 attempts no two have the same state, and each has 192 random bits")
    func states() throws {
        let attempts = try (0..<1000).map { _ in try AuthorizationRequest.example() }
        let states = attempts.compactMap { $0.parameter("state") }
        #expect(Set(states).count == 1000)
        #expect(Set(states.map { Base64.decode($0, .url)?.count }) == [24])
    }

    @Test("PKCE-01: of 1000 attempts no two have the same verifier, and each has 256 random bits")
    func verifiers() throws {
        let attempts = try (0..<1000).map { _ in try AuthorizationRequest.example() }
        let verifiers = attempts.map { $0.proof.verifier.reveal() }
        #expect(Set(verifiers).count == 1000)
        #expect(Set(verifiers.map(\.utf8.count)) == [43])
        #expect(Set(verifiers.map { Base64.decode($0, .url)?.count }) == [32])
        #expect(Set(attempts.compactMap { $0.parameter("code_challenge") }).count == 1000)
    }

    @Test("PKCE-02: the challenge is the one of RFC 7636 Appendix B")
    func vector() {
        let proof = PKCE(verifier: Secret("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"))
        #expect(proof.challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
        #expect(PKCE.method == "S256")
    }

    @Test(
        "PKCE-04: clients with and without a secret prove who asked, by the verifier's hash alone",
        arguments: ["oidc_auth_code", "oidc_auth_code_secret", "oidc_auth_code_pubkey"])
    func bothKinds(_ type: String) throws {
        let request = try AuthorizationRequest.example(type: type)
        let verifier = request.proof.verifier.reveal()
        #expect(request.parameter("code_challenge") == request.proof.challenge)
        #expect(request.parameter("code_challenge_method") == "S256")
        #expect(!request.url.description.contains(verifier))
        #expect(!"\(request)".contains(verifier))
        #expect(!request.url.description.contains("secret"))
    }

    @Test("PKCE-04: AUTH-09: the code goes with its verifier and the redirect URI of its attempt")
    func redemption() throws {
        let request = try AuthorizationRequest.example(redirectURI: Self.redirectURI)
        let fields = AuthorizationCodeGrant.fields(Secret("c+/= é"), request)
        #expect(
            fields == [
                FormField("grant_type", "authorization_code"), FormField("code", "c+/= é"),
                FormField("redirect_uri", Self.redirectURI),
                FormField("code_verifier", request.proof.verifier.reveal()),
            ])
        #expect(request.parameter("redirect_uri") == Self.redirectURI)
        #expect(request.redirectURI.utf8.elementsEqual(Self.redirectURI.utf8))
    }
}
