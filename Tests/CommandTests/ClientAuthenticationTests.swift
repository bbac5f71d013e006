import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("Client authentication", .inTurn) struct ClientAuthenticationTests {
    @Test("TOK-01: the request is a form, asks for JSON and has no query") func request()
        async throws
    {
        let practice = try Practice(
            changing: [
                "scopes": ["a b", "ü"], "audiences": ["https://api.example/"],
                "organization": "o", "project_id": "p",
            ])
        _ = try await practice.run("token")
        let request = try #require(practice.tokenRequests.first)
        #expect(request.method == "POST")
        #expect(request.query == nil)
        #expect(request.headers.values(of: "Content-Type") == ["application/x-www-form-urlencoded"])
        #expect(request.headers.values(of: "Accept") == ["application/json"])
        #expect(request.headers.values(of: "User-Agent") == ["planet-cred/0.1.0"])
        #expect(
            request.bodyText
                == "grant_type=client_credentials&scope=a+b+%C3%BC&audience=https%3A%2F%2Fapi.example%2F"
                + "&organization=o&project_id=p&client_id=m2m&client_secret=m2m-secret")
    }

    @Test("a secret with every kind of quote and line end arrives whole") func quoting()
        async throws
    {
        let secret = "\"'\\\\n\\ \t#\r\n$HOME`x`=@file"
        let practice = try Practice(
            .with { $0.clients = ["m2m": PracticeServer.Client(secret: secret, methods: [.post])] },
            changing: ["client_secret": .string(secret)])
        let answer = try await practice.run("token")
        #expect(answer == Outcome(practice.server.issuedTokens[0] + "\n"))
    }
}
