import CredCore
import CredSession
import Glibc
import TestSupport
import Testing
import Workbench

@Suite("Token file") struct TokenFileTests {
    private let stage: SessionStage

    init() throws {
        stage = try SessionStage()
        try stage.writeProfile()
    }

    private static let binding = "https://as.example id"

    struct Reading: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String
        let wanted: Token.Validity

        init(_ name: String, _ text: String, from start: Int64, to end: Int64) {
            (testDescription, self.text) = (name, text)
            wanted = .between(start: UnixTime(start), end: UnixTime(end))
        }

        init(unlimited name: String, _ text: String) {
            (testDescription, self.text, wanted) = (name, text, .unlimited)
        }
    }

    /// The file's own time is 5000.
    @Test(
        "the life of a token is what the best witness says",
        arguments: [
            Reading(
                "our own measure, whatever others say",
                #"{"access_token":"\#(jwt(#""iat":1,"exp":2"#))","_iat":3,"_exp":4,"expires_in":5,"#
                    + #""planet_cred":{"received_at":100,"lifetime":50,"#
                    + #""token_ends":"\#(jwt(#""iat":1,"exp":2"#).suffix(12))","#
                    + #""issued_for":"https://as.example id"}}"#, from: 100, to: 150),
            Reading(
                "claims before what is saved",
                #"{"access_token":"\#(jwt(#""iat":10,"exp":20"#))","_iat":3,"_exp":4}"#,
                from: 10, to: 20),
            Reading(
                "a claim alone and the rest saved",
                #"{"access_token":"\#(jwt(#""exp":20"#))","_iat":3,"_exp":4}"#, from: 3, to: 20),
            Reading(
                "a JWT without times", #"{"access_token":"\#(jwt(""))","_iat":3,"_exp":4}"#,
                from: 3, to: 4),
            Reading(
                "what is saved", #"{"access_token":"t","_iat":3,"_exp":4,"expires_in":9}"#,
                from: 3, to: 4),
            Reading(
                "a receipt and a life", #"{"access_token":"t","_iat":3,"expires_in":9}"#,
                from: 3, to: 12),
            Reading(
                "a life alone counts from the file's own time",
                #"{"access_token":"t","expires_in":9}"#, from: 5000, to: 5009),
            Reading(
                "an end alone", #"{"access_token":"t","_exp":6000}"#, from: 5000, to: 6000),
            Reading(
                "the record of another token",
                #"{"access_token":"t","_iat":3,"_exp":4,"planet_cred":{"received_at":100,"#
                    + #""lifetime":50,"token_ends":"other","issued_for":"x"}}"#, from: 3, to: 4),
            Reading(
                "a record that is no object",
                #"{"access_token":"t","_iat":3,"_exp":4,"planet_cred":7}"#, from: 3, to: 4),
            Reading(
                "half a record",
                #"{"access_token":"t","_iat":3,"_exp":4,"planet_cred":{"lifetime":50,"#
                    + #""token_ends":"t"}}"#, from: 3, to: 4),
            Reading(
                "absurd times",
                #"{"access_token":"t","_iat":-1e400,"_exp":1e400}"#, from: .min, to: 253_402_300_799
            ),
            Reading(unlimited: "nothing", #"{"access_token":"t"}"#),
            Reading(unlimited: "no life", #"{"access_token":"t","_iat":3,"expires_in":0}"#),
            Reading(unlimited: "words", #"{"access_token":"t","_exp":"4","expires_in":"9"}"#),
        ])
    func validity(_ reading: Reading) throws {
        try write(reading.text)
        #expect(try load()?.token?.validity == reading.wanted)
    }

    @Test(
        "a file without a token of ours holds none",
        arguments: [
            Example("an empty object", "{}"), Example("an empty token", #"{"access_token":""}"#),
            Example("a token that is no text", #"{"access_token":7}"#),
            Example("a token that no header may hold", #"{"access_token":"a\nb"}"#),
            Example("a refresh token alone", #"{"refresh_token":"r"}"#),
            Example(
                "a token issued for something else",
                #"{"access_token":"t","planet_cred":{"token_ends":"t","issued_for":"other"}}"#),
        ])
    func noToken(_ example: Example<String>) throws {
        try write(example.given)
        let file = try #require(try load())
        #expect(file.token == nil)
    }

    @Test("a token is ours while the profile says what it was issued for")
    func binding() throws {
        try write(
            #"{"access_token":"t","planet_cred":{"token_ends":"t","#
                + #""issued_for":"https://as.example id"}}"#)
        #expect(try load()?.token?.authorization.credential == Secret("t"))
    }

    @Test("REF-10: what a token is issued for tells server, client, audience and scopes")
    func bindingText() throws {
        try stage.writeProfile(
            #""scopes":["b","a"],"audiences":["https://api.example/"],"organization":"o","#
                + #""project_id":"p""#, name: "other")
        #expect(TokenBinding(try stage.client()).text == Self.binding)
        #expect(
            TokenBinding(try stage.client("other")).text
                == "https://as.example id audience=https://api.example/ organization=o "
                + "project_id=p scope=a scope=b")
    }

    @Test(
        "a refresh token is seen",
        arguments: [
            Row("there", #"{"refresh_token":"r"}"#, true),
            Row("empty", #"{"refresh_token":""}"#, false),
            Row("null", #"{"refresh_token":null}"#, false), Row("none", "{}", false),
        ])
    func refreshToken(_ row: Row<String, Bool>) throws {
        try write(row.given)
        #expect((try #require(try load()).refreshToken != nil) == row.wanted)
    }

    @Test("a refused token is read as refused, and its successor is not")
    func rejected() throws {
        let record = #""planet_cred":{"token_ends":"t","rejected":true}"#
        try write(#"{"access_token":"t",\#(record)}"#)
        #expect(try load()?.token?.isRejected == true)
        try write(#"{"access_token":"u",\#(record)}"#)
        #expect(try load()?.token?.isRejected == false)
    }

    @Test("a token file is written as the Python tools write it, with our record")
    func writing() throws {
        stage.script(.granted("a-long-enough-token", #","expires_in":600,"scope":"a","n":1.50"#))
        #expect(try stage.token() == "a-long-enough-token")
        #expect(
            try stage.read(SessionStage.tokenFile) == """
                {
                  "_exp": 1700000600,
                  "_iat": 1700000000,
                  "access_token": "a-long-enough-token",
                  "expires_in": 600,
                  "n": 1.50,
                  "planet_cred": {
                    "endpoints": {
                      "token_endpoint": "https://as.example/token"
                    },
                    "issued_for": "https://as.example id",
                    "lifetime": 600,
                    "received_at": 1700000000,
                    "token_ends": "enough-token"
                  },
                  "scope": "a",
                  "token_type": "Bearer"
                }
                """)
        #expect(permissions(of: stage.absolute(SessionStage.tokenFile)) == 0o600)
    }

    @Test("CC-01: of the old file only what is nobody's answer survives")
    func survivors() throws {
        try write(
            #"{"access_token":"old","refresh_token":"r","id_token":"i","scope":"s","#
                + #""refresh_expires_in":9,"expires_in":1,"_iat":1,"_exp":2,"of_others":{"b":1,"a":2}}"#
        )
        stage.script(.granted("new", #","expires_in":600,"refresh_token":"R""#))
        #expect(try stage.token() == "new")
        let file = try stage.json(SessionStage.tokenFile)
        #expect(
            file.members.map(\.name) == [
                "_exp", "_iat", "access_token", "expires_in", "of_others", "planet_cred",
                "token_type",
            ])
        #expect(file["of_others"] == .object(["b": .integer(1), "a": .integer(2)]))
    }

    @Test(
        "TOK-06: a life that the answer does not tell is the JWT's, else the profile's, else none",
        arguments: [
            Row("the answer's", .granted(jwt(#""iat":0,"exp":9"#), #","expires_in":600"#), 600),
            Row("the JWT's", .granted(jwt(#""iat":1000,"exp":1500"#), ""), 500),
            Row("half a JWT's", .granted(jwt(#""exp":1500"#), ""), 77),
            Row("the profile's", .granted("t", ""), 77),
        ] as [Row<TransportResult, Int64>])
    func lifetime(_ row: Row<TransportResult, Int64>) throws {
        try stage.writeProfile(
            #""token_endpoint":"https://as.example/token","planet_cred":{"default_lifetime":77}"#)
        stage.script(row.given)
        let credential = try #require(try stage.session().credential())
        #expect(credential.expiresAt == UnixTime(SessionStage.start + row.wanted))
    }

    private func write(_ text: String) throws {
        try stage.write(SessionStage.tokenFile, text)
        var times = [timeval(tv_sec: 5000, tv_usec: 0), timeval(tv_sec: 5000, tv_usec: 0)]
        utimes(stage.absolute(SessionStage.tokenFile), &times)
    }

    private func load() throws -> TokenRecord? {
        try stage.cache().load(.fail, minimumLife: nil)
    }
}

/// The permission bits of a file or folder; `nil` if there is none.
func permissions(of path: String) -> mode_t? {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode & 0o777 : nil
}
