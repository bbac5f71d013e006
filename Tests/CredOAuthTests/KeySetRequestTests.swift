import CredCore
import CredOAuth
import TestSupport
import Testing

@Suite("Key set request") struct KeySetRequestTests {
    @Test("the keys are asked for, and those that sign are read")
    func keys() throws {
        let server = ScriptedServer(.status(200, SigningVectors.keySet))
        guard case .found(let keys) = try run(server) else {
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
                    "'https://as.example/jwks' answers with a web page, as a network does that wants a login first"
                )),
            Row(
                "an object", .status(200, "{}"),
                .unusable(
                    "'https://as.example/jwks' answers with something else than a set of keys")),
            Row("an empty set", .status(200, #"{"keys":[]}"#), .found([])),
            Row("elsewhere", .status(302), .unusable("the server answered HTTP status 302")),
            Row(
                "nothing there", .status(404),
                .misplaced(OAuthRejection(status: 404, code: nil, explanation: nil))),
            Row("busy", .status(503), .busy("the server answers with HTTP status 503")),
            Row("down", .interrupted("reset"), .busy("reset")),
        ] as [Row<TransportResult, KeySetRequest.Outcome>])
    func outcomes(_ row: Row<TransportResult, KeySetRequest.Outcome>) throws {
        #expect(try run(ScriptedServer(row.given)) == row.wanted)
    }

    private func run(_ server: ScriptedServer) throws -> KeySetRequest.Outcome {
        KeySetRequest.run(
            at: try WebURL("https://as.example/jwks"), certificateAuthorityFile: nil,
            world: server.world, timeLimit: 1)
    }
}
