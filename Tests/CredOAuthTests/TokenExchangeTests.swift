import CredCore
import CredOAuth
import TestSupport
import Testing

/// What is sent to the token endpoint, and how.
@Suite("Token exchange") struct TokenExchangeTests {
    private static let granted = #"{"access_token":"t","token_type":"Bearer"}"#

    @Test("TOK-01: the grant is posted as a form that wants JSON, with nothing in the query")
    func request() throws {
        let server = ScriptedServer(.status(200, Self.granted))
        let result = try send(server, .identifier("ä &"))
        let request = try #require(server.requests.first)
        #expect(result.value?.authorization.credential == Secret("t"))
        #expect(request.method == .post)
        #expect(request.url.description == "https://as.example/token")
        #expect(request.headers == [.acceptJSON, .formContent])
        #expect(
            request.body == Secret("grant_type=client_credentials&scope=a+b&client_id=%C3%A4+%26"))
        #expect(request.certificateAuthorityFile == "/ca.pem")
        #expect(server.happened.timeLimits == [1234])
    }

    @Test("the endpoint's own query is kept")
    func query() throws {
        let server = ScriptedServer(.status(200, Self.granted))
        _ = TokenEndpoint.request(
            [], as: .identifier("id"), at: try WebURL("https://as.example/token?tenant=a"),
            certificateAuthorityFile: nil, world: server.world, timeLimit: 1)
        #expect(server.asked == ["https://as.example/token?tenant=a"])
    }

    /// One kind of proof with what it must add to a request.
    struct Proof: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let credential: ClientCredential
        var fields: [FormField] = []
        var authorization: [String] = []
    }

    private static let hostile = Secret("p+ ü%/=")

    @Test(
        "TOK-02: TOK-03: a request has exactly one proof of who sends it",
        arguments: [
            Proof(
                testDescription: "a public client", credential: .identifier("id"),
                fields: [FormField("client_id", "id")]),
            Proof(
                testDescription: "a secret in the body",
                credential: .secret(id: "a:b", hostile, .post),
                fields: [
                    FormField("client_id", "a:b"), FormField("client_secret", "p+ ü%/="),
                ]),
            Proof(
                testDescription: "basic, encoded before it is joined",
                credential: .secret(id: "a:b", hostile, .basic),
                // a%3Ab:p%2B+%C3%BC%25%2F%3D
                authorization: ["Basic YSUzQWI6cCUyQislQzMlQkMlMjUlMkYlM0Q="]),
            Proof(
                testDescription: "basic of the raw pair",
                credential: .secret(id: "a", hostile, .basicRaw),
                // a:p+ ü%/=
                authorization: ["Basic YTpwKyDDvCUvPQ=="]),
            Proof(
                testDescription: "basic of plain words",
                credential: .secret(id: "Aladdin", Secret("open"), .basic),
                authorization: ["Basic QWxhZGRpbjpvcGVu"]),
        ])
    func proofs(_ proof: Proof) throws {
        let server = ScriptedServer(.status(200, Self.granted))
        _ = try send(server, proof.credential)
        let request = try #require(server.requests.first)
        let grant = [FormField("grant_type", "client_credentials"), FormField("scope", "a b")]
        #expect(request.fields == grant + proof.fields)
        #expect(request.values(of: "authorization") == proof.authorization)
    }

    @Test(
        "TOK-13: a connection that fails is worth another try",
        arguments: [
            Row("not made", TransportResult.unreachable("refused"), "refused"),
            Row("broken", TransportResult.interrupted("reset"), "reset"),
        ])
    func unreachable(_ row: Row<TransportResult, String>) throws {
        let result = try send(ScriptedServer(row.given), .identifier("id"))
        #expect(result == .busy(row.wanted, retryAfter: nil))
    }

    @Test("TOK-15: what cannot be sent at all is told as it is")
    func impossible() throws {
        let failure = Failure(.unavailable, "no TLS")
        let result = try send(ScriptedServer(.impossible(failure)), .identifier("id"))
        #expect(result == .failed(failure))
    }

    @Test("SEC-04: neither the secret nor the token nor the query reaches the trace")
    func trace() throws {
        let server = ScriptedServer(
            .status(200, #"{"access_token":"TOKEN","token_type":"Bearer"}"#))
        _ = TokenEndpoint.request(
            [], as: .secret(id: "id", Secret("SECRET"), .basicRaw),
            at: try WebURL("https://as.example/token?key=QUERY"), certificateAuthorityFile: nil,
            world: server.world, timeLimit: 1)
        #expect(
            server.happened.trace == [
                .request(method: "POST", url: "https://as.example/token"),
                .response(status: 200, milliseconds: 0),
            ])
    }

    @Test("SEC-04: a secret that is part of an error's code is not shown, and changes no decision")
    func secretInCode() throws {
        let no = #"{"error":"invalid_grant","error_description":"the grant is old"}"#
        let result = try send(
            ScriptedServer(.status(400, no)), .secret(id: "id", Secret("grant"), .post))
        let rejection = try #require(result.rejection)
        #expect(rejection.code == "invalid_grant")
        #expect(
            rejection.reason
                == "the server answered 'invalid_<redacted>': the <redacted> is old")
    }

    private func send(_ server: ScriptedServer, _ credential: ClientCredential) throws
        -> EndpointResult<TokenResponse>
    {
        TokenEndpoint.request(
            [FormField("grant_type", "client_credentials"), FormField("scope", "a b")],
            as: credential, at: try WebURL("https://as.example/token"),
            certificateAuthorityFile: "/ca.pem", world: server.world, timeLimit: 1234)
    }
}
