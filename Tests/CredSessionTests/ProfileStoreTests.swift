import CredCore
import CredSession
import TestSupport
import Testing
import Workbench

@Suite("Stored profiles") struct ProfileStoreTests {
    private let stage: SessionStage
    private let store: ProfileStore

    init() throws {
        stage = try SessionStage()
        store = ProfileStore(stage.locations)
    }

    @Test("a profile is read from its folder")
    func stored() throws {
        try stage.writeProfile()
        let stored = try #require(try store.profile(ProfileName("m2m")))
        #expect(stored.path == stage.absolute("home/.planet/m2m/auth_client.json"))
        #expect(stored.looseness == nil)
    }

    @Test("a profile without a file is none, and one that is built in needs none")
    func missing() throws {
        #expect(try store.profile(ProfileName("m2m"))?.profile == nil)
        let builtIn = try #require(try store.profile(.planetUser))
        #expect(builtIn.path == nil)
    }

    @Test("a built-in profile wins over a file of its name")
    func builtIn() throws {
        try stage.writeProfile(name: "planet-user")
        let stored = try #require(try store.profile(.planetUser))
        #expect(stored.path == nil)
    }

    @Test(
        "CC-03: a file that others can read is a warning where it holds a secret",
        arguments: [
            Row("a secret", #""client_type":"oidc_client_credentials_secret""#, true),
            Row("a secret elsewhere", #""planet_cred":{"client_secret_file":"s"}"#, false),
            Row("no secret", #""client_type":"oidc_device_code""#, false),
            Row("a key", #""client_type":"static_apikey","api_key":"k""#, true),
        ])
    func warning(_ row: Row<String, Bool>) throws {
        try stage.writeProfile(row.given)
        let text = try stage.read("home/.planet/m2m/auth_client.json")
        try stage.write("home/.planet/m2m/auth_client.json", text, mode: 0o644)
        let stored = try #require(try store.profile(ProfileName("m2m")))
        #expect((stored.looseness != nil) == row.wanted)
        #expect(stored.looseness?.contains("s3cret") != true)
    }

    @Test(
        "a file that cannot be used is a failure that names it, and what to open",
        arguments: [
            Example("nothing", ""), Example("half", "{"), Example("a list", "[]"),
            Example("an empty object", "{}"), Example("an unknown type", #"{"client_type":"x"}"#),
        ])
    func broken(_ example: Example<String>) throws {
        try stage.write("home/.planet/m2m/auth_client.json", example.given)
        let failure = try #require(throws: Failure.self) { try store.profile(ProfileName("m2m")) }
        #expect(failure.kind == .profile)
        #expect(failure.because?.contains("m2m/auth_client.json'") == true)
        #expect(failure.remedy?.hasSuffix("m2m/auth_client.json") == true)
    }

    @Test("an encrypted profile is told as such")
    func encrypted() throws {
        try stage.write("home/.planet/m2m/auth_client.sops.json", "{}")
        let failure = try #require(throws: Failure.self) { try store.profile(ProfileName("m2m")) }
        #expect(failure.kind == .profile)
        #expect(failure.because?.contains("encrypted") == true)
    }

    @Test("the names are those of the folders that can be named, sorted, and of those built in")
    func names() throws {
        for name in ["b", "a", "UPPER", ".hidden", "planet-user"] {
            try stage.write("home/.planet/\(name)/auth_client.json", "{}")
        }
        #expect(store.names().map(\.description) == ["a", "b", "planet-user"])
    }

    @Test("without a folder of profiles those built in are there")
    func noFolder() {
        #expect(store.names() == [.planetUser])
    }
}
