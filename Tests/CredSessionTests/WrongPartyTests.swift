import CredCore
import CredSession
import TestSupport
import Testing
import Workbench

/// Tokens that were issued by somebody else, or would be sent to somebody else.
@Suite("The wrong party") struct WrongPartyTests {
    private let stage: SessionStage

    init() throws {
        stage = try SessionStage()
    }

    /// Who wrote the token file.
    enum Writer: String, CaseIterable, Sendable {
        case otherTool, olderVersion, thisVersion
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let writer: Writer
        let member: String

        var testDescription: String { "\(member), token by \(writer.rawValue)" }
    }

    private static let cases = Writer.allCases.flatMap { writer in
        [
            "token_endpoint", "revocation_endpoint", "introspection_endpoint", "userinfo_endpoint",
            "device_authorization_endpoint",
        ].map { Case(writer: writer, member: $0) }
    }

    /// Writes the file of a login with the profile that has these members.
    private func writeLogin(by writer: Writer, endpoints: String = "{}", live: Bool = false) throws
    {
        let own =
            switch writer {
            case .otherTool: ""
            case .olderVersion:
                #","planet_cred":{"token_ends":"old","issued_for":"https://as.example id"}"#
            case .thisVersion:
                #","planet_cred":{"token_ends":"old","issued_for":"https://as.example id","#
                    + #""endpoints":\#(endpoints)}"#
            }
        try stage.writeSession(expiresIn: live ? 3600 : -1, more: own)
    }

    private func context(file: String) throws -> ProfileContext {
        ProfileContext(
            try stage.choice("m2m", file: stage.absolute(file)), stage.locations, stage.world)
    }

    private func writeProfileFile(_ name: String, _ members: String) throws {
        try stage.write(
            name,
            #"{"client_type":"oidc_device_code","client_id":"id","#
                + #""auth_server":"https://as.example"\#(members)}"#)
    }

    @Test(
        "SEC-06: a profile file with another endpoint does not get the login of a stored profile",
        arguments: cases)
    func otherEndpoint(_ row: Case) throws {
        try stage.writeProfile(#""client_type":"oidc_device_code""#)
        try writeLogin(by: row.writer, live: true)
        try writeProfileFile("other.json", #","\#(row.member)":"https://evil.example/x""#)
        let context = try context(file: "other.json")
        let failure = try #require(throws: Failure.self) { try Session(context).credential() }
        #expect(failure.kind == .loginRequired)
        #expect(failure.because?.contains("is not used") == true)
        #expect(throws: Failure.self) { try Inspection(context).run([.opinion]) }
        #expect(Session(context).status().foreign != nil)
        #expect(throws: Failure.self) { try Logout(context).run() }
        #expect(stage.asked.isEmpty)
    }

    @Test(
        "SEC-06: a login is used while the profile names the same endpoints",
        arguments: Writer.allCases)
    func sameEndpoint(_ writer: Writer) throws {
        try stage.writePerson()
        try writeLogin(
            by: writer, endpoints: #"{"token_endpoint":"https://as.example/token"}"#)
        stage.script(.rotated("new", "r1"))
        #expect(try stage.token() == "new")
        #expect(stage.asked == ["POST https://as.example/token"])
        #expect(
            try stage.json(SessionStage.tokenFile)["planet_cred"]?.object?["endpoints"]
                == .object(["token_endpoint": .string("https://as.example/token")]))
        stage.pass(seconds: 4000)
        stage.script(.rotated("newer", "r2"))
        #expect(try stage.token() == "newer")
    }

    @Test("SEC-06: a login that was made for another endpoint is not used after a change")
    func changedEndpoint() throws {
        try stage.writePerson()
        try writeLogin(
            by: .thisVersion, endpoints: #"{"token_endpoint":"https://b.example/token"}"#)
        #expect(try stage.failure().because?.contains("different endpoints") == true)
        #expect(stage.asked.isEmpty)
    }

    @Test(
        "SEC-06: a profile file on its own keeps an older login if it names only the issuer's server",
        arguments: [
            Row("the same server", #","token_endpoint":"https://as.example/t""#, true),
            Row("no endpoint", "", true),
            Row("another server", #","token_endpoint":"https://b.example/t""#, false),
            Row("another port", #","token_endpoint":"https://as.example:8443/t""#, false),
        ])
    func fileAlone(_ row: Row<String, Bool>) throws {
        try writeLogin(by: .olderVersion, live: true)
        try writeProfileFile("other.json", row.given)
        let status = Session(try context(file: "other.json")).status()
        #expect((status.foreign == nil) == row.wanted)
    }

    @Test(
        "SEC-06: the tokens of another tool belong to the profile beside them",
        arguments: [
            Row("the same server", "https://as.example", true),
            Row("another server", "https://b.example", false),
        ])
    func owner(_ row: Row<String, Bool>) throws {
        try stage.writeProfile(#""client_type":"oidc_device_code""#)
        try writeLogin(by: .otherTool, live: true)
        try stage.write(
            "other.json",
            #"{"client_type":"oidc_device_code","client_id":"id","auth_server":"\#(row.given)"}"#)
        let status = Session(try context(file: "other.json")).status()
        #expect((status.foreign == nil) == row.wanted)
    }

    struct Issuers: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var server = "https://as.example/realms/a"
        var members = ""
        var access: String?
        var id: String?
        var refresh: String?
        let isOurs: Bool
    }

    @Test(
        "SEC-06: tokens of another tool whose issuer is another one are not sent to the server",
        arguments: [
            Issuers(testDescription: "opaque tokens", isOurs: true),
            Issuers(
                testDescription: "ours", access: "https://as.example/realms/a",
                id: "https://as.example/realms/a", refresh: "https://as.example/realms/a",
                isOurs: true),
            Issuers(
                testDescription: "with a slash", access: "https://as.example/realms/a/",
                isOurs: true),
            Issuers(
                testDescription: "in capitals", access: "https://AS.example/realms/a", isOurs: true),
            Issuers(
                testDescription: "without a scheme", id: "as.example/realms/a", isOurs: true),
            Issuers(
                testDescription: "with another scheme", id: "http://as.example/realms/a",
                isOurs: true),
            Issuers(testDescription: "another host", access: "https://b.example", isOurs: false),
            Issuers(
                testDescription: "an ID token of another host", id: "https://b.example",
                isOurs: false),
            Issuers(
                testDescription: "a refresh token of another host", refresh: "https://b.example",
                isOurs: false),
            Issuers(
                testDescription: "a refresh token of another realm",
                access: "https://as.example/realms/a",
                refresh: "https://as.example/realms/b", isOurs: false),
            Issuers(
                testDescription: "an ID token of another realm", id: "https://as.example/realms/b",
                isOurs: false),
            Issuers(
                testDescription: "an access token with another path",
                access: "https://as.example/x",
                isOurs: true),
            Issuers(
                testDescription: "an access token for another server, an ID token of ours",
                access: "https://b.example", id: "https://as.example/realms/a", isOurs: true),
            Issuers(
                testDescription: "the issuer that the profile expects",
                members: #","issuer":"https://tenant.example""#, access: "https://tenant.example",
                isOurs: true),
            Issuers(
                testDescription: "the two names of Sentinel Hub",
                server: "https://services.sentinel-hub.com/oauth",
                refresh: "https://services.sentinel-hub.com/auth/realms/main", isOurs: true),
            Issuers(
                testDescription: "the two names of Microsoft",
                server: "https://login.microsoftonline.com/t/v2.0",
                access: "https://sts.windows.net/t/", isOurs: true),
            Issuers(testDescription: "an empty issuer", access: "", isOurs: true),
            Issuers(
                testDescription: "a host that begins like ours",
                access: "https://as.example.evil.test",
                isOurs: false),
        ])
    func issuer(_ row: Issuers) throws {
        try stage.writeProfile(
            #""client_type":"oidc_device_code","auth_server":"\#(row.server)"\#(row.members)"#)
        func token(_ issuer: String?, _ other: String) -> String {
            issuer.map { jwt(#""iss":"\#($0)","exp":9999999999"#) } ?? other
        }
        let id = row.id.map { #","id_token":"\#(token($0, ""))""# } ?? ""
        try stage.writeSession(
            token(row.access, "opaque"), refresh: token(row.refresh, "r0"), expiresIn: 3600,
            more: id)
        let status = try stage.session().status()
        #expect((status.foreign == nil) == row.isOurs)
        #expect((status.state == .missing) == !row.isOurs)
    }

    @Test(
        "SEC-06: a login of another issuer is refused everywhere, and the message names the issuer")
    func foreignIssuer() throws {
        try stage.writePerson(#","revocation_endpoint":"https://as.example/revoke""#)
        try stage.writeSession(jwt(#""iss":"https://b.example""#))
        let failure = try stage.failure()
        #expect(failure.kind == .loginRequired)
        #expect(
            failure.because?.contains("issued by 'https://b.example', not by 'https://as.example'")
                == true)
        #expect(failure.remedy == "planet-cred login m2m")
        let context = try stage.context()
        #expect(throws: Failure.self) { try Inspection(context).run([.opinion]) }
        #expect(throws: Failure.self) { try Logout(context).run() }
        #expect(stage.asked.isEmpty)
    }
}
