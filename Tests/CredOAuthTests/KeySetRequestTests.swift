import CredCore
import CredOAuth
import TestSupport
import Testing

@Suite("Key set request") struct KeySetRequestTests {
    @Test("the keys are asked for, and those that sign are read")
    func keys() throws {
        let server = ScriptedServer(.status(200, SigningVectors.keySet))
        guard case .success(let keys) = try run(server) else {
            Issue.record("no keys")
            return
        }
        #expect(keys.map(\.keyID) == ["2011-04-29"])
        #expect(server.asked == ["https://as.example/jwks"])
        #expect(server.requests.map(\.method) == [.get])
        #expect(server.requests.map(\.headers) == [[.acceptJSON]])
    }

    @Test(
        "an answer without keys is told as such",
        arguments: [
            Row(
                "a page", .status(200, "<html>"),
                .unusable(
                    "'https://as.example/jwks' answered with a web page; the network may require you to log in first"
                )),
            Row(
                "an object", .status(200, "{}"),
                .unusable(
                    "'https://as.example/jwks' did not answer with a key set (JWKS)")),
            Row("an empty set", .status(200, #"{"keys":[]}"#), .success([])),
            Row(
                "elsewhere", .status(302),
                .rejected(OAuthRejection(status: 302))),
            Row(
                "nothing there", .status(404),
                .endpointMissing(
                    .notFound(OAuthRejection(status: 404)))),
            Row(
                "busy", .status(503),
                .busy("the server answered with HTTP status 503", retryAfter: nil)),
            Row("down", .interrupted("reset"), .busy("reset", retryAfter: nil)),
        ] as [Row<TransportResult, EndpointResult<[JSONWebKey]>>])
    func outcomes(_ row: Row<TransportResult, EndpointResult<[JSONWebKey]>>) throws {
        #expect(try run(ScriptedServer(row.given)) == row.wanted)
    }

    private func run(_ server: ScriptedServer) throws -> EndpointResult<[JSONWebKey]> {
        KeySetRequest.run(
            at: try WebURL("https://as.example/jwks"), sent: .none, certificateAuthorityFile: nil,
            world: server.world, timeLimit: 1)
    }
}
