import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("The profile inside a job of exec", .inTurn) struct JobProfileTests {
    private static let key = #"{"client_type": "static_apikey", "api_key": "job"}"#

    /// A home in which something else would choose another key.
    private func home() throws -> ScratchHome {
        let home = try ScratchHome()
        try home.writeProfile("farm", ["client_type": "static_apikey", "api_key": "farm"])
        try home.write("my.json", Self.key)
        return home
    }

    @Test("one that came from standard input is not there again, and no other takes its place")
    func input() async throws {
        let answer = try await home().run(
            "exec", "--profile-file", "-", "--", "planet-cred", "token", input: Self.key,
            with: ["PL_AUTH_PROFILE": "farm", "PL_API_KEY": "k"])
        #expect(
            answer
                == Outcome(
                    errors: """
                        planet-cred: error: cannot use the profile of this job
                        planet-cred: because: it came from standard input, which 'exec' has read (PLANET_CRED_PROFILE_FILE is '-')
                        planet-cred: try: planet-cred --profile-file FILE exec ...

                        """, status: 78))
    }

    @Test("a job's standard input is its own", arguments: ["token", "status", "logout"])
    func ownInput(_ command: String) async throws {
        let answer = try await home().shell(
            "planet-cred \(command); cat", input: "the job's\n",
            with: ["PLANET_CRED_PROFILE_FILE": "-"])
        #expect(answer.errorParts[0] == "error: cannot use the profile of this job")
        #expect(answer.text == "the job's\n")
    }

    @Test("git in the job gets no other credential either") func git() async throws {
        let answer = try await home().run(
            "get", input: "protocol=https\nhost=api.planet.com\n",
            with: ["PLANET_CRED_PROFILE_FILE": "-", "PL_API_KEY": "k"])
        #expect(answer.output == [])
        #expect(answer.errorParts[0] == "error: cannot use the profile of this job")
    }

    @Test("a profile that the job names is its choice") func named() async throws {
        let answer = try await home().run(
            "exec", "--profile-file", "-", "--", "planet-cred", "token", "--profile", "farm",
            input: Self.key)
        #expect(answer == Outcome("farm\n"))
    }

    @Test("a file that a variable names is that of the job, in any folder") func variable()
        async throws
    {
        let home = try home()
        let answer = try await home.run(
            "exec", "--", "sh", "-c", "cd /; planet-cred token",
            with: ["PLANET_CRED_PROFILE_FILE": "../home/my.json"])
        #expect(answer == Outcome("job\n"))
    }

    @Test("a file has the name in the job that it was given outside") func name() async throws {
        let home = try home()
        let answer = try await home.run(
            "exec", "--profile", "nm", "--profile-file", home.absolute("my.json"), "--",
            "planet-cred",
            "status", "--json")
        #expect(answer.text.contains(#""profile": "nm""#))
    }

    @Test("--rejected in a job of a file is about the token that the job was given")
    func rejected() async throws {
        let practice = try Practice()
        let answer = try await practice.home.run(
            "exec", "--profile-file", practice.home.absolute(ScratchHome.profilePath("practice")),
            "--", "sh", "-c", "planet-cred token --rejected; planet-cred token --rejected")
        let second = practice.server.issuedTokens[1]
        #expect(answer.lines == [second, second])
    }

    @Test(
        "what exec keeps in memory, the job keeps in memory",
        arguments: [
            Example("a token", ["planet-cred", "token"]),
            Example("one of another exec", ["planet-cred", "exec", "--", "planet-cred", "token"]),
        ])
    func noSave(_ row: Example<[String]>) async throws {
        let practice = try Practice()
        let file = "\(practice.home.root)/work/my.json"
        try practice.home.write(
            file, try practice.home.read(ScratchHome.profilePath("practice")))
        let before = practice.home.files
        let answer = try await practice.home.planetCred(
            ["--no-save", "--profile-file", file, "exec", "--"] + row.given
        ).run()
        #expect(answer == Outcome(try #require(practice.server.issuedTokens.last) + "\n"))
        #expect(practice.home.files == before)
    }

    @Test("PLANET_CRED_NO_SAVE does the same as --no-save, unless it is empty")
    func noSaveVariable() async throws {
        let home = try home()
        let set = try await home.run(
            "status", "--profile", "farm", with: ["PLANET_CRED_NO_SAVE": "1"])
        let empty = try await home.run(
            "token", "--profile", "farm", with: ["PLANET_CRED_NO_SAVE": ""])
        #expect(set.errorParts[0] == "error: cannot use profile 'farm' with --no-save")
        #expect(set.end == .exited(2))
        #expect(empty == Outcome("farm\n"))
    }
}
