import CredCore
import CredSession
import TestSupport
import Testing
import Workbench

@Suite("Inspection") struct InspectionTests {
    private let stage: SessionStage

    init() throws {
        stage = try SessionStage()
        try stage.writeProfile(
            #""jwks_endpoint":"https://as.example/jwks","audiences":["api"]"#)
    }

    @Test("a JWT is taken apart, and nobody is asked")
    func claims() throws {
        try stage.writeToken(Self.token(#""sub":"m""#), expiresIn: 3600, more: #","scope":"a b""#)
        let inspected = try stage.inspect()
        #expect(
            inspected.accessToken.format == .jwt(header: Self.header, claims: ["sub": .string("m")])
        )
        #expect(inspected.accessToken.check == .notVerified)
        #expect(inspected.idToken == nil)
        #expect(inspected.path == stage.absolute(SessionStage.tokenFile))
        #expect(inspected.expiresAt == UnixTime(SessionStage.start + 3600))
        #expect(stage.requestCount == 0)
        #expect(!stage.exists(SessionStage.lockFile))
    }

    @Test("of an opaque token the token file tells")
    func opaque() throws {
        try stage.writeToken("OPAQUE", expiresIn: 600, life: 3600, more: #","scope":"a b""#)
        let inspected = try stage.inspect()
        #expect(inspected.accessToken.format == .opaque)
        #expect(inspected.receivedAt == UnixTime(SessionStage.start - 3000))
        #expect(inspected.expiresAt == UnixTime(SessionStage.start + 600))
        #expect(inspected.scope == "a b")
    }

    @Test("an ID token is taken apart beside it")
    func idToken() throws {
        try stage.writeToken(
            "OPAQUE", expiresIn: 600, more: #","id_token":"\#(Self.token(#""sub":"me""#))""#)
        #expect(
            try stage.inspect().idToken?.format
                == .jwt(header: Self.header, claims: ["sub": .string("me")]))
    }

    @Test("a token that has expired is shown all the same")
    func expired() throws {
        try stage.writeToken("OPAQUE", expiresIn: -600)
        #expect(try stage.inspect().expiresAt == UnixTime(SessionStage.start - 600))
    }

    @Test("without a token the command that gets one is told")
    func noToken() throws {
        let failure = try stage.inspectFailure()
        #expect(failure.kind == .loginRequired)
        #expect(failure.remedy == "planet-cred token --profile m2m")
        try stage.writeLogin()
        try stage.write(SessionStage.tokenFile, "{}")
        #expect(try stage.inspectFailure().remedy == "planet-cred login m2m")
    }

    @Test("a key is no token, and with --no-save there is none")
    func others() throws {
        #expect(try stage.inspectFailure(of: stage.unsavedChoice()).kind == .usage)
        try stage.write(
            "home/.planet/m2m/auth_client.json", #"{"client_type":"static_apikey","api_key":"KEY"}"#
        )
        #expect(try stage.inspectFailure().kind == .profile)
    }

    @Test("a signature by the server's key and right claims make a token verified")
    func verified() throws {
        try stage.writeToken(Self.good, expiresIn: 3600)
        stage.script(.keys)
        stage.script(signatures: .valid)
        #expect(try stage.inspect(.keys).accessToken.check == .verified)
        #expect(stage.asked == ["GET https://as.example/jwks"])
        let check = try #require(stage.happened.checks.first)
        #expect("\(check.text.reveal()).AAAA" == Self.good)
    }

    @Test(
        "AUTH-12: a token that is not the server's, or not for us, is a failure with the reason",
        arguments: [
            Row(
                "a bad signature", (Self.good, .invalid),
                "its signature does not match the server's keys"),
            Row(
                "no signature", ("\(Self.part(#"{"alg":"none"}"#)).e30.", .valid),
                "unsupported signature algorithm 'none'; supported are RS256, PS256, ES256"),
            Row(
                "opaque", ("OPAQUE", .valid),
                "it is not a JSON Web Token; only its server can read it"),
            Row(
                "another issuer",
                (Self.token(#""iss":"https://evil.example","aud":"api""#), .valid),
                "its issuer ('iss') is 'https://evil.example', not 'https://as.example'"),
            Row(
                "another audience", (Self.token(#""iss":"https://as.example","aud":"me""#), .valid),
                "its audience ('aud') is 'me', not 'api'"),
            Row(
                "expired", (Self.token(#""exp":1699999000"#), .valid), "it expired 16 min ago"),
        ] as [Row<(String, SignatureCheck.Outcome), String>])
    func notVerified(_ row: Row<(String, SignatureCheck.Outcome), String>) throws {
        try stage.writeToken(row.given.0, expiresIn: 3600)
        stage.script(.keys)
        stage.script(signatures: row.given.1)
        let failure = try stage.inspectFailure(.keys)
        #expect(failure.kind == .failed)
        #expect(failure.what == "cannot verify the access token of profile 'm2m'")
        #expect(failure.because == row.wanted)
        #expect(failure.remedy == "planet-cred inspect --profile m2m")
    }

    @Test("AUTH-12: an ID token is for the client")
    func verifiedIDToken() throws {
        let claims = #""iss":"https://as.example","azp":"id","aud":"#
        try stage.writeToken(
            Self.good, expiresIn: 3600, more: #","id_token":"\#(Self.token("\(claims)\"id\""))""#)
        stage.script(.keys)
        stage.script(signatures: .valid, .valid)
        #expect(try stage.inspect(.keys).idToken?.check == .verified)
        try stage.writeToken(
            Self.good, expiresIn: 3600, more: #","id_token":"\#(Self.token("\(claims)\"api\""))""#)
        stage.script(.keys)
        stage.script(signatures: .valid, .valid)
        let failure = try stage.inspectFailure(.keys)
        #expect(failure.what == "cannot verify the ID token of profile 'm2m'")
        #expect(failure.because == "its audience ('aud') is 'api', not 'id'")
    }

    @Test(
        "where keys cannot be had, the failure says whose fault it is",
        arguments: [
            Row("offline", .unreachable("refused"), .tryAgain),
            Row("busy", .down, .tryAgain), Row("no keys", .status(200, "{}"), .unavailable),
            Row("nothing there", .status(404), .unavailable),
            Row("no TLS", .impossible(Failure(.unavailable, "no TLS")), .unavailable),
        ] as [Row<TransportResult, Failure.Kind>])
    func noKeys(_ row: Row<TransportResult, Failure.Kind>) throws {
        try stage.writeToken(Self.good, expiresIn: 3600)
        stage.script(row.given)
        #expect(try stage.inspectFailure(.keys).kind == row.wanted)
        #expect(stage.happened.checks.isEmpty)
    }

    private static let good = token(#""iss":"https://as.example/","aud":["api"]"#)
    private static let header: JSONObject = ["alg": .string("RS256")]

    private static func part(_ text: String) -> String { Base64.encode(Array(text.utf8), .url) }

    /// A JWT that names an algorithm, with a signature of some kind.
    private static func token(_ claims: String) -> String {
        "\(part(#"{"alg":"RS256"}"#)).\(part("{\(claims)}")).AAAA"
    }
}

extension TransportResult {
    /// One RSA key of 2048 bits.
    fileprivate static var keys: TransportResult {
        let modulus = Base64.encode([UInt8](repeating: 0xFF, count: 256), .url)
        return status(200, #"{"keys":[{"kty":"RSA","e":"AQAB","n":"\#(modulus)"}]}"#)
    }
}

extension SessionStage {
    func inspect(_ questions: Inspection.Question...) throws -> InspectedCredential {
        try Inspection(ProfileContext(try choice(), locations, world)).run(Set(questions))
    }

    func inspectFailure(
        _ questions: Inspection.Question..., of choice: ProfileChoice? = nil
    ) throws -> Failure {
        let choice = try choice ?? self.choice()
        let inspection = Inspection(ProfileContext(choice, locations, world))
        return try #require(throws: Failure.self) { try inspection.run(Set(questions)) }
    }
}
