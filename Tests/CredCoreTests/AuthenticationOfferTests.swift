import CredCore
import TestSupport
import Testing

@Suite("What a host offers") struct AuthenticationOfferTests {
    @Test(
        "USE-15: the schemes of challenges are found, whatever else the headers say",
        arguments: [
            Row("none", [], ""), Row("one", [#"Basic realm="a""#], "Basic"),
            Row("alone", ["Negotiate"], "Negotiate"),
            Row("in two headers", [#"Bearer realm="a""#, #"Basic realm="b""#], "Bearer Basic"),
            Row("in one header", [#"Bearer realm="a", Basic realm="b""#], "Bearer Basic"),
            Row(
                "several parameters", [#"Bearer realm="a", error="x", scope="s", Basic realm="b""#],
                "Bearer Basic"),
            Row("a comma in quotes", [#"Basic realm="a, Bearer realm=b""#], "Basic"),
            Row("a quote in quotes", [#"Basic realm="a\", Bearer x", Digest a=b"#], "Basic Digest"),
            Row("an equals sign apart", [#"Basic realm = "a", charset ="UTF-8""#], "Basic"),
            Row("a token in base 64", ["Negotiate YWJj==, Basic realm=a"], "Negotiate Basic"),
            Row("empty elements", [", ,Basic realm=a,,"], "Basic"),
            Row("a tab", ["Basic\trealm=a"], "Basic"),
            Row("an open quote", [#"Basic realm="a, Bearer"#], "Basic"),
            Row("too long for a name", [String(repeating: "x", count: 65)], ""),
            Row("no scheme", [#"realm="a""#, "", "=", "\"\""], ""),
            Row("capitals as written", ["BASIC realm=a", "bearer"], "BASIC bearer"),
        ] as [Row<[String], String>])
    func schemes(_ row: Row<[String], String>) {
        #expect(AuthenticationOffer(row.given).schemes.joined(separator: " ") == row.wanted)
    }

    @Test(
        "USE-15: names of schemes are compared without case",
        arguments: ["Basic", "basic", "BASIC"])
    func capitals(_ name: String) {
        #expect(AuthenticationOffer(["BaSiC realm=a"]).includes(name))
    }

    struct Answer: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let offer: [String]
        var capabilities: [GitCredentialRequest.Capability] = [.authtype]
        var kind = Credential.Kind.accessToken
        var scheme = "Bearer"
        let wanted: GitCredentialReply.Form?
    }

    @Test(
        "USE-15: git gets what the host takes",
        arguments: [
            Answer(testDescription: "nothing is known", offer: [], wanted: .scheme),
            Answer(testDescription: "Bearer", offer: ["Bearer"], wanted: .scheme),
            Answer(testDescription: "Basic", offer: ["Basic realm=a"], wanted: .userAndPassword),
            Answer(testDescription: "both", offer: ["Basic realm=a", "Bearer"], wanted: .scheme),
            Answer(testDescription: "small letters", offer: ["bearer"], wanted: .scheme),
            Answer(testDescription: "neither", offer: ["Negotiate", "Digest a=b"], wanted: nil),
            Answer(
                testDescription: "an old git, nothing known", offer: [], capabilities: [],
                wanted: .userAndPassword),
            Answer(
                testDescription: "an old git, Basic", offer: ["Basic"], capabilities: [],
                wanted: .userAndPassword),
            Answer(
                testDescription: "an old git, both", offer: ["Bearer", "Basic"], capabilities: [],
                wanted: .userAndPassword),
            Answer(
                testDescription: "an old git, Bearer", offer: ["Bearer"], capabilities: [],
                wanted: nil),
            Answer(
                testDescription: "a key, Basic", offer: ["Basic"], kind: .apiKey, scheme: "api-key",
                wanted: .userAndPassword),
            Answer(
                testDescription: "a key, its own scheme", offer: ["API-Key"], kind: .apiKey,
                scheme: "api-key", wanted: .scheme),
        ])
    func form(_ answer: Answer) throws {
        let authorization = try #require(
            Authorization(scheme: answer.scheme, credential: "secret"))
        let form = GitCredentialReply.Form(
            Credential(answer.kind, authorization), to: answer.capabilities,
            AuthenticationOffer(answer.offer))
        #expect(form == answer.wanted)
    }

    @Test("USE-15: a password is said to be of short use, so that no other helper keeps it")
    func ephemeral() throws {
        let authorization = try #require(Authorization(scheme: "Bearer", credential: "secret"))
        let reply = GitCredentialReply(
            Credential(.accessToken, authorization), username: "me", as: .userAndPassword,
            to: [.authtype, .state], state: "s:1", continues: true)
        let lines = [
            "capability[]=authtype", "capability[]=state", "username=me", "password=secret",
            "ephemeral=1", "state[]=s:1", "continue=1", "",
        ]
        #expect(reply.text == Secret(lines.joined(separator: "\n")))
    }
}
