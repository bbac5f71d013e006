import CredCore
import CredSession
import TestSupport
import Testing
import Workbench

@Suite("Choosing a profile") struct ProfileSelectionTests {
    private static let everything = [
        "PL_AUTH_PROFILE": "other", "PL_AUTH_CLIENT_ID": "id", "PL_AUTH_CLIENT_SECRET": "s",
        "PL_API_KEY": "k",
    ]
    private static let settings =
        #"{"PL_AUTH_PROFILE":"third","PL_AUTH_CLIENT_ID":"i","PL_AUTH_CLIENT_SECRET":"s","key":"k"}"#

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var option: String?
        var variables: [String: String] = [:]
        var settings: String?
        let wanted: ProfileSource
        let profile: String
        var hidden: [ProfileSource] = []
    }

    @Test(
        "the first that is complete is chosen, and what it hides is told",
        arguments: [
            Case(
                testDescription: "everything", option: "m2m", variables: everything,
                settings: settings, wanted: .option(.example("m2m")), profile: "m2m",
                hidden: [
                    .environmentProfile("other"), .environmentClient, .environmentKey,
                    .settingsProfile("third"), .settingsClient, .settingsKey,
                ]),
            Case(
                testDescription: "a name before the environment's file", option: "m2m",
                variables: ["PLANET_CRED_PROFILE_FILE": "/nowhere"],
                wanted: .option(.example("m2m")),
                profile: "m2m", hidden: [.environmentFile(path: "/nowhere")]),
            Case(
                testDescription: "the environment's profile", variables: everything,
                wanted: .environmentProfile("other"), profile: "other",
                hidden: [.environmentClient, .environmentKey]),
            Case(
                testDescription: "the environment's client",
                variables: ["PL_AUTH_CLIENT_ID": "id", "PL_AUTH_CLIENT_SECRET": "s"],
                settings: settings, wanted: .environmentClient, profile: "planet-m2m-id",
                hidden: [.settingsProfile("third"), .settingsClient, .settingsKey]),
            Case(
                testDescription: "half a client", variables: ["PL_AUTH_CLIENT_ID": "id"],
                wanted: .builtIn, profile: "planet-user"),
            Case(
                testDescription: "half a client and a key",
                variables: ["PL_AUTH_CLIENT_SECRET": "s", "PL_API_KEY": "k"],
                wanted: .environmentKey, profile: "_pl_api_key"),
            Case(
                testDescription: "the settings' profile", settings: settings,
                wanted: .settingsProfile("third"), profile: "third",
                hidden: [.settingsClient, .settingsKey]),
            Case(
                testDescription: "the settings' client",
                settings:
                    #"{"PL_AUTH_CLIENT_ID":"i","PL_AUTH_CLIENT_SECRET":"s","PL_API_KEY":"k"}"#,
                wanted: .settingsClient, profile: "planet-m2m-i", hidden: [.settingsKey]),
            Case(
                testDescription: "the settings' key", settings: #"{"key":"k"}"#,
                wanted: .settingsKey, profile: "_pl_api_key"),
            Case(
                testDescription: "empty settings",
                settings: #"{"PL_AUTH_PROFILE":"","key":"","PL_API_KEY":null}"#,
                wanted: .builtIn, profile: "planet-user"),
            Case(
                testDescription: "broken settings", settings: "{", wanted: .builtIn,
                profile: "planet-user"),
            Case(testDescription: "nothing", wanted: .builtIn, profile: "planet-user"),
            Case(
                testDescription: "a name in capitals", option: "M2M",
                wanted: .option(.example("M2M")),
                profile: "m2m"),
        ])
    func order(_ example: Case) throws {
        let stage = try stage(example.variables, example.settings)
        let selection = stage.selection(example.option)
        let choice = try selection.choose()
        #expect(choice.source == example.wanted)
        #expect(choice.profile.name.description == example.profile)
        #expect(selection.hidden(by: choice) == example.hidden)
    }

    @Test("a profile file wins over a name, which then names it")
    func file() throws {
        let stage = try stage(Self.everything)
        let path = stage.absolute("home/.planet/m2m/auth_client.json")
        let choice = try stage.choice("any", file: path)
        #expect(choice.source == .file(path: path))
        #expect(choice.path == path)
        #expect(choice.profile.name.description == "any")
    }

    @Test("a profile file without a name is called after its content")
    func fileName() throws {
        let stage = try stage()
        try stage.write("copy.json", try stage.read("home/.planet/m2m/auth_client.json"))
        let first = try stage.choice(nil, file: stage.absolute("home/.planet/m2m/auth_client.json"))
        let second = try stage.choice(nil, file: stage.absolute("copy.json"))
        #expect(first.profile.name.description.hasPrefix("file-"))
        #expect(first.profile.name == second.profile.name)
    }

    @Test("a profile that is named and is not there is a failure, with the nearest name")
    func missing() throws {
        let stage = try stage(["PL_AUTH_PROFILE": "otter"])
        let failure = try #require(throws: Failure.self) { try stage.choice(nil) }
        #expect(failure.kind == .profile)
        #expect(failure.because?.contains("PL_AUTH_PROFILE") == true)
        #expect(failure.remedy == "planet-cred --profile other status")
    }

    @Test(
        "a name that would lead out of the folder of profiles is a failure",
        arguments: [Example("up", "../m2m"), Example("hidden", ".m2m")])
    func badName(_ example: Example<String>) throws {
        let stage = try stage(["PL_AUTH_PROFILE": example.given])
        let failure = try #require(throws: Failure.self) { try stage.choice(nil) }
        #expect(failure.kind == .profile)
    }

    @Test(
        "a profile file that cannot be read is a failure that names it",
        arguments: [Example("missing", "missing.json"), Example("a folder", "home")])
    func missingFile(_ example: Example<String>) throws {
        let stage = try stage()
        let path = stage.absolute(example.given)
        let failure = try #require(throws: Failure.self) { try stage.choice(nil, file: path) }
        #expect(failure.kind == .profile)
        #expect(failure.what.contains("'\(path)'"))
    }

    @Test(
        "--no-save reads nothing in the home folder",
        arguments: [Row("a name", "m2m", .usage), Row("nothing", nil, .usage)]
            as [Row<String?, Failure.Kind>])
    func memoryOnly(_ row: Row<String?, Failure.Kind>) throws {
        let stage = try stage([:], Self.settings)
        let failure = try #require(throws: Failure.self) {
            try stage.choice(row.given, storage: .memoryOnly)
        }
        #expect(failure.kind == row.wanted)
        #expect(failure.remedy?.contains("--profile-file") == true)
    }

    @Test("a choice is handed to another planet-cred in its own words")
    func arguments() throws {
        let stage = try stage(["PL_API_KEY": "k"])
        let path = stage.absolute("home/.planet/m2m/auth_client.json")
        #expect(try stage.choice("m2m").arguments == ["--profile", "m2m"])
        #expect(try stage.choice("m2m").isNamed)
        let choice = try stage.choice(nil, file: path)
        #expect(
            choice.arguments == [
                "--profile-file", path, "--profile", choice.profile.name.description,
            ])
        #expect(!choice.isNamed)
        #expect(try stage.choice(nil).arguments == [])
        #expect(try !stage.choice(nil).isNamed)
    }

    private func stage(_ variables: [String: String] = [:], _ settings: String? = nil) throws
        -> SessionStage
    {
        let stage = try SessionStage(variables)
        for name in ["m2m", "other", "third"] { try stage.writeProfile(name: name) }
        if let settings { try stage.write("home/.planet.json", settings) }
        return stage
    }
}
