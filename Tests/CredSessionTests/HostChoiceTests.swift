import CredCore
import CredSession
import TestSupport
import Testing
import Workbench

@Suite("Choosing a profile for a host") struct HostChoiceTests {
    @Test(
        "an exact entry comes before a wildcard, then the first by name",
        arguments: [
            Row("an exact one", "https://data.example.com", "exact"),
            Row("a wildcard", "https://tiles.example.com", "below"),
            Row("two of a kind", "https://twice.example.net", "a-twice"),
            Row("nobody's", "https://example.org", nil),
            Row("a look-alike", "https://data.example.com.evil.example", nil),
            Row("the domain of a wildcard", "https://example.com", nil),
            Row("another port", "https://data.example.com:8443", nil),
        ] as [Row<String, String?>])
    func byHost(_ row: Row<String, String?>) throws {
        let choice = try stage().selection().choose(for: WebURL(row.given).origin)
        #expect(choice?.profile.name.description == row.wanted)
        #expect(choice.map(\.source) == row.wanted.map { _ in .host })
    }

    @Test("a profile that is broken is passed over")
    func broken() throws {
        let stage = try stage()
        try stage.write("home/.planet/a-broken/auth_client.json", "{")
        try stage.write("home/.planet/a-folder/auth_client.json/x", "")
        let origin = try WebURL("https://data.example.com").origin
        #expect(try stage.selection().choose(for: origin)?.profile.name.description == "exact")
    }

    @Test(
        "one that the environment names comes first where it names the host, else all are asked",
        arguments: [
            Row("it names it", "below", .environmentProfile("below")),
            Row("it does not", "a-twice", .host),
        ] as [Row<String, ProfileSource>])
    func environment(_ row: Row<String, ProfileSource>) throws {
        let stage = try stage(["PL_AUTH_PROFILE": row.given])
        let origin = try WebURL("https://data.example.com").origin
        #expect(try stage.selection().choose(for: origin)?.source == row.wanted)
    }

    @Test("one that the command line names is the only one asked")
    func option() throws {
        let origin = try WebURL("https://data.example.com").origin
        #expect(
            try stage().selection("below").choose(for: origin)?.source == .option(.example("below"))
        )
        #expect(try stage().selection("a-twice").choose(for: origin)?.source == nil)
    }

    @Test("one that the environment names and is not there is a failure, whatever the host")
    func missing() throws {
        let stage = try stage(["PL_AUTH_PROFILE": "missing"])
        let origin = try WebURL("https://data.example.com").origin
        #expect(throws: Failure.self) { try stage.selection().choose(for: origin) }
    }

    @Test("--no-save looks through no profiles")
    func memoryOnly() throws {
        let selection = try stage().selection(storage: .memoryOnly)
        #expect(try selection.choose(for: WebURL("https://data.example.com").origin)?.source == nil)
    }

    private func stage(_ variables: [String: String] = [:]) throws -> SessionStage {
        let stage = try SessionStage(variables)
        let hosts = [
            "exact": #"["data.example.com"]"#, "below": #"["*.example.com"]"#,
            "a-twice": #"["twice.example.net"]"#, "b-twice": #"["twice.example.net"]"#,
        ]
        for (name, list) in hosts {
            try stage.writeProfile(#""planet_cred":{"hosts":\#(list)}"#, name: name)
        }
        return stage
    }
}
