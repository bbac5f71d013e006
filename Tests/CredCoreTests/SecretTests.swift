import CredCore
import TestSupport
import Testing

@Suite("Secret") struct SecretTests {
    private static let secret = Secret("hunter2")

    /// Everything that carries a secret on its way through the program.
    private static func carriers() throws -> [any Sendable] {
        let url = try WebURL("https://example.com/token")
        let authorization = try #require(Authorization(scheme: "Bearer", credential: "hunter2"))
        let credential = Credential(.accessToken, authorization, expiresAt: UnixTime(9))
        let request = HTTPRequest(
            .post, url, headers: [HTTPRequest.Header("Authorization", secret)], body: secret)
        let attributes = Array("protocol=https\nhost=a.example\npassword=hunter2\n".utf8)
        return [
            secret, [secret], Secret?.some(secret) as any Sendable, authorization,
            credential, Token(authorization: authorization, validity: .unlimited), request,
            try Profile.planetKey(secret),
            try Profile.planetServiceAccount(id: "id", secret: secret),
            try #require(GitCredentialRequest(parsing: attributes)),
            try #require(GitCredentialAttributes.decode(attributes)),
            GitCredentialReply(
                credential, username: "oauth2", as: .scheme, to: [.authtype], state: nil,
                continues: false),
        ]
    }

    @Test("SEC-04: interpolation shows no secret, nor anything that holds one")
    func interpolation() throws {
        let texts = try Self.carriers().map { "\($0)" }
        #expect(texts.filter { $0.contains("hunter2") }.isEmpty)
        #expect("\(Self.secret)" == "<redacted>")
    }

    @Test("SEC-04: reflecting text shows no secret, nor anything that holds one")
    func reflecting() throws {
        let texts = try Self.carriers().map { String(reflecting: $0) }
        #expect(texts.filter { $0.contains("hunter2") }.isEmpty)
        #expect(String(reflecting: Self.secret) == "<redacted>")
    }

    @Test("SEC-04: a dump shows no secret, nor anything that holds one")
    func dumping() throws {
        let texts = try Self.carriers().map(Self.dumped)
        #expect(texts.filter { $0.contains("hunter2") }.isEmpty)
        #expect(Self.dumped(Self.secret) == "- <redacted>\n")
    }

    @Test("a secret reveals its text when asked")
    func reveal() {
        #expect(Self.secret.reveal() == "hunter2")
        #expect(!Self.secret.isEmpty)
        #expect(Secret("").isEmpty)
    }

    @Test("a fingerprint tells secrets apart and is 16 hexadecimal digits")
    func fingerprint() {
        #expect(Secret("abc").fingerprint == "ba7816bf8f01cfea")
        #expect(Secret("abd").fingerprint != Secret("abc").fingerprint)
    }

    private static func dumped(_ value: any Sendable) -> String {
        var text = ""
        dump(value, to: &text)
        return text
    }

    @Test(
        "the first line of a file is the secret",
        arguments: [
            Row("no line end", "key", "key"),
            Row("one", "key\n", "key"),
            Row("that of Windows", "key\r\n", "key"),
            Row("what a password manager says more", "key\nlogin: me\n", "key"),
            Row("spaces stay", " key \n", " key "),
            Row("nothing", "\n", ""),
        ])
    func firstLine(_ row: Row<String, String>) {
        #expect(Secret(firstLineOf: Array(row.given.utf8))?.reveal() == row.wanted)
    }

    @Test("a line that is not UTF-8 is no secret") func notUTF8() {
        #expect(Secret(firstLineOf: [0xFF]) == nil)
    }
}
