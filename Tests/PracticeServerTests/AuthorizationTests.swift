import Foundation
import PracticeServer
import TestSupport
import Testing

@Suite("Authorization endpoint", .inTurn) struct AuthorizationTests {
    /// RFC 7636 appendix B.
    private static let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    private static let right =
        "response_type=code&client_id=pub&redirect_uri=http://127.0.0.1:1/cb&state=s%201"
        + "&code_challenge=\(challenge)&code_challenge_method=S256"

    private func authorize(
        _ server: PracticeServer, _ query: String = right
    ) async throws -> Curl {
        try await Curl.run("\(server.authorizationEndpoint)?\(query)")
    }

    /// The query that the browser is sent to the client with.
    private func fields(_ answer: Curl) throws -> [String] {
        let location = try #require(answer.values(of: "Location").first)
        return try #require(URLComponents(string: location)?.queryItems).map {
            "\($0.name)=\($0.value ?? "")".replacing(/code-[0-9a-f]{32}/, with: "C")
                .replacing("+", with: " ")
        }
    }

    @Test("a right request is answered with a code, the state and the issuer") func code()
        async throws
    {
        let server = try PracticeServer()
        let answer = try await authorize(server)
        #expect(answer.status == 302)
        #expect(try fields(answer) == ["code=C", "state=s 1", "iss=\(server.issuer)"])
        #expect(server.requests.first?.parameter("state") == "s 1")
    }

    typealias Query = Row<String, String>

    @Test(
        "a request that breaks a rule is told which, and goes nowhere",
        arguments: [
            Query("no client", "client_id=pub>", "client_id is missing"),
            Query("an unknown client", "client_id=pub>client_id=x", "client_id is not known"),
            Query(
                "no redirect URI", "redirect_uri=http://127.0.0.1:1/cb>",
                "redirect_uri is missing"),
            Query("the implicit grant", "=code&>=token&", "response_type is not code"),
            Query("no response type", "response_type=code>", "response_type is missing"),
            Query("no state", "state=s%201>", "state is missing"),
            Query("an empty state", "s%201>", "state is missing"),
            Query("no challenge", "code_challenge=\(challenge)>", "code_challenge is missing"),
            Query(
                "no method", "&code_challenge_method=S256>", "code_challenge_method is missing"),
            Query("a plain challenge", "S256>plain", "code_challenge_method is not S256"),
            Query(
                "a short challenge", "-cM>", "code_challenge is not a SHA-256 in base64url"),
            Query(
                "a padded challenge", "-cM>-c=", "code_challenge is not a SHA-256 in base64url"),
            Query("a parameter twice", "state=>state=a&state=", "state is repeated"),
            Query("a broken escape", "%20>%g0", "the query is malformed"),
        ])
    func wrong(_ row: Query) async throws {
        let change = row.given.split(separator: ">", omittingEmptySubsequences: false)
        let server = try PracticeServer()
        let query = Self.right.replacing(change[0], with: change[1])
        try #require(query != Self.right)
        let answer = try await authorize(server, query)
        #expect(answer.status == 400)
        #expect(answer.text == row.wanted + "\n")
        #expect(answer.values(of: "Location").isEmpty)
    }

    @Test(
        "a code is sent to this machine or to a registered place",
        arguments: [
            Row("IPv4", "http://127.0.0.1:80/cb", 302), Row("IPv6", "http://[::1]:80/cb", 302),
            Row("a name", "http://localhost:8080", 302), Row("no port", "http://127.0.0.1/", 302),
            Row("a port that is none", "http://127.0.0.1:99999/", 400),
            Row("a longer name", "http://localhost.example/", 400),
            Row("a user", "http://127.0.0.1:80@evil.example/", 400),
            Row("https", "https://127.0.0.1/", 400),
            Row("a fragment", "http://127.0.0.1/%23a", 400),
            Row("a line end", "http://127.0.0.1/%0d%0aX:y", 400),
            Row("a registered place", "https://app.example/cb", 302),
            Row("a place below it", "https://app.example/cb/", 400),
        ])
    func redirectURI(_ row: Row<String, Int>) async throws {
        var configuration = PracticeServer.Configuration()
        configuration.clients["pub"]?.redirectURIs = ["https://app.example/cb"]
        let server = try PracticeServer(configuration)
        let query = Self.right.replacing("http://127.0.0.1:1/cb", with: row.given)
        #expect(try await authorize(server, query).status == row.wanted)
    }

    @Test("a redirect URI keeps its query") func query() async throws {
        let server = try PracticeServer()
        let answer = try await authorize(server, Self.right.replacing("/cb&", with: "/cb?a=%2520&"))
        #expect(
            answer.values(of: "Location").first?.hasPrefix("http://127.0.0.1:1/cb?a=%20&code=")
                == true)
    }

    typealias Scripted = Row<PracticeServer.AuthorizeAnswer, [String]>

    @Test(
        "a script has other answers",
        arguments: [
            Scripted("denied", .error("access_denied"), ["error=access_denied", "state=s 1", "I"]),
            Scripted(
                "described", .error("server_error", description: "a\u{1B}[31m\nö&"),
                ["error=server_error", "error_description=a\u{1B}[31m\nö&", "state=s 1", "I"]),
            Scripted("another state", .state("x"), ["code=C", "state=x", "I"]),
            Scripted("an empty state", .state(""), ["code=C", "state=", "I"]),
            Scripted("no state", .state(nil), ["code=C", "I"]),
            Scripted(
                "another issuer", .issuer("https://x/"), ["code=C", "state=s 1", "iss=https://x/"]),
            Scripted("no issuer", .issuer(nil), ["code=C", "state=s 1"]),
            Scripted("two codes", .duplicate("code"), ["code=C", "state=s 1", "I", "code=C"]),
            Scripted("two states", .duplicate("state"), ["code=C", "state=s 1", "I", "state=s 1"]),
            Scripted("both", .codeAndError, ["code=C", "error=access_denied", "state=s 1", "I"]),
        ])
    func scripted(_ row: Scripted) async throws {
        let server = try PracticeServer()
        server.authorizeAnswers = [row.given]
        let fields = try fields(await authorize(server))
        #expect(fields == row.wanted.map { $0 == "I" ? "iss=\(server.issuer)" : $0 })
    }

    @Test("a script is used up by right requests, then the person agrees") func script()
        async throws
    {
        let server = try PracticeServer()
        server.authorizeAnswers = [.page, .error("access_denied")]
        let page = try await authorize(server)
        #expect(page.status == 200)
        #expect(page.values(of: "Content-Type") == ["text/html"])
        #expect(try await authorize(server, "").status == 400)
        #expect(server.authorizeAnswers.count == 1)
        #expect(try await fields(authorize(server)).first == "error=access_denied")
        #expect(try await fields(authorize(server)).first == "code=C")
    }

    @Test("a server may not name itself") func anonymous() async throws {
        var configuration = PracticeServer.Configuration()
        configuration.namesIssuer = false
        let server = try PracticeServer(configuration)
        #expect(try await fields(authorize(server)) == ["code=C", "state=s 1"])
        let metadata = try await Curl.run("\(server.url)/.well-known/openid-configuration").json
        #expect(metadata["authorization_response_iss_parameter_supported"] as? Bool == false)
    }
}
