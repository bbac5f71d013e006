import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("Client authentication", .inTurn) struct ClientAuthenticationTests {
    private typealias Configuration = PracticeServer.Configuration

    private static func onlyBy(
        _ method: PracticeServer.AuthenticationMethod, id: String = "m2m",
        secret: String = "m2m-secret"
    ) -> Configuration {
        .with { $0.clients = [id: PracticeServer.Client(secret: secret, methods: [method])] }
    }

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

    @Test("TOK-03: by default id and secret are in the body alone") func post() async throws {
        let practice = try Practice(Self.onlyBy(.post))
        let answer = try await practice.run("token")
        let request = try #require(practice.tokenRequests.first)
        #expect(answer.end == .exited(0))
        #expect(request.headers["Authorization"] == nil)
        #expect(
            request.bodyText
                == "grant_type=client_credentials&client_id=m2m&client_secret=m2m-secret")
    }

    @Test(
        "TOK-03: with Basic id and secret are in the header alone",
        arguments: ["client_secret_basic", "client_secret_basic_raw"])
    func basic(_ method: String) async throws {
        let practice = try Practice(
            Self.onlyBy(.basicRaw), own: ["client_authentication": .string(method)])
        let answer = try await practice.run("token")
        let request = try #require(practice.tokenRequests.first)
        #expect(answer.end == .exited(0))
        #expect(request.headers.values(of: "Authorization") == ["Basic bTJtOm0ybS1zZWNyZXQ="])
        #expect(request.bodyText == "grant_type=client_credentials")
    }

    @Test(
        "TOK-02: odd characters are encoded before they are joined",
        arguments: [
            Row("form-encoded", PracticeServer.AuthenticationMethod.basic, "client_secret_basic"),
            Row("in the body", PracticeServer.AuthenticationMethod.post, "client_secret_post"),
        ])
    func oddCharacters(_ row: Row<PracticeServer.AuthenticationMethod, String>) async throws {
        let practice = try Practice(
            Self.onlyBy(row.given, id: "a:b", secret: "p+ ü%/="),
            changing: ["client_id": "a:b", "client_secret": "p+ ü%/="],
            own: ["client_authentication": .string(row.wanted)])
        let answer = try await practice.run("token")
        #expect(answer == Outcome(practice.server.issuedTokens[0] + "\n"))
    }

    @Test("TOK-02: the encoded pair is exactly that of the RFC") func exactPair() async throws {
        let practice = try Practice(
            Self.onlyBy(.basic, id: "a:b", secret: "p+ ü%/="),
            changing: ["client_id": "a:b", "client_secret": "p+ ü%/="],
            own: ["client_authentication": "client_secret_basic"])
        _ = try await practice.run("token")
        let answer = try await practice.home.shell(
            "printf %s $1 | base64 -d",
            practice.tokenRequests[0].headers["Authorization"]?.split(separator: " ").last
                .map(String.init) ?? "")
        #expect(answer == Outcome("a%3Ab:p%2B+%C3%BC%25%2F%3D"))
    }

    @Test("the raw pair is not encoded, for servers that want it so") func rawPair()
        async throws
    {
        let practice = try Practice(
            Self.onlyBy(.basicRaw, secret: "p+ ü%/="), changing: ["client_secret": "p+ ü%/="],
            own: ["client_authentication": "client_secret_basic_raw"])
        let answer = try await practice.run("token")
        #expect(answer == Outcome(practice.server.issuedTokens[0] + "\n"))
    }

    @Test("an unknown method is refused before any request") func unknown() async throws {
        let practice = try Practice(own: ["client_authentication": "tls_client_auth"])
        let answer = try await practice.run("token")
        #expect(answer.errorParts[0] == "error: cannot use profile 'practice'")
        #expect(
            answer.errorParts[1].hasSuffix(
                "'planet_cred.client_authentication' is none of 'client_secret_post', 'client_secret_basic', 'client_secret_basic_raw'"
            ))
        #expect(answer.end == .exited(78))
        #expect(practice.server.connectionCount == 0)
    }

    @Test("a secret with every kind of quote and line end arrives whole") func quoting()
        async throws
    {
        let secret = "\"'\\\\n\\ \t#\r\n$HOME`x`=@file"
        let practice = try Practice(
            Self.onlyBy(.post, secret: secret), changing: ["client_secret": .string(secret)])
        let answer = try await practice.run("token")
        #expect(answer == Outcome(practice.server.issuedTokens[0] + "\n"))
    }

    @Test("CC-01: a refresh token is not kept, and the next token comes by the same grant")
    func refreshToken() async throws {
        let practice = try Practice(
            .with { $0.tokenResponseOverrides = ["refresh_token": "r", "refresh_expires_in": 60] })
        _ = try await practice.run("token")
        #expect(try practice.home.token()["refresh_token"] == nil)
        #expect(try practice.home.token()["refresh_expires_in"] == nil)
        try practice.home.ageToken(bySeconds: 4000)
        _ = try await practice.run("token")
        #expect(
            practice.tokenRequests.map { $0.field("grant_type") }
                == ["client_credentials", "client_credentials"])
    }
}
