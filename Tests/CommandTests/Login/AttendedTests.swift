import Foundation
import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("Logins for other programs and other commands", .inTurn) struct AttendedTests {
    @Test("login --json tells a program what the person needs, then the outcome") func device()
        async throws
    {
        let stage = try LoginStage(
            .with { $0.device.userCode = "WXYZ-1234" }, type: "oidc_device_code")
        let running = try stage.command(["login", "person", "--json"]).start()
        // A request for a code is seen a moment before there is one.
        try await Condition.wait(for: "the code") {
            stage.server.approveDevice(userCode: "WXYZ-1234")
        }
        let answer = await running.outcome()
        #expect(answer.end == .exited(0))
        #expect(answer.errors.isEmpty)
        let objects = try answer.objects
        #expect(objects.map(\.event) == ["device_authorization", "logged_in"])
        #expect(objects[0]["user_code"] as? String == "WXYZ-1234")
        #expect(objects[0]["verification_uri"] as? String == "\(stage.server.issuer)/device")
        #expect(objects[0]["verification_uri_complete"] != nil)
        #expect(objects[0]["expires_at"] is Int)
        #expect(objects[1]["profile"] as? String == "person")
        #expect(objects[1]["renews_itself"] as? Bool == true)
        #expect(stage.browser.urls.isEmpty)
    }

    @Test("login --json --open opens the browser too") func authorization() async throws {
        let stage = try LoginStage()
        let answer = try await stage.run("login", "person", "--json", "--open")
        #expect(answer.end == .exited(0))
        let objects = try answer.objects
        #expect(objects.map(\.event) == ["authorization", "logged_in"])
        #expect(objects[0]["authorization_url"] as? String == stage.browser.urls[0])
    }

    @Test("login --json tells a failure on standard output too") func failure() async throws {
        let stage = try LoginStage()
        stage.server.authorizeAnswers = [.error("access_denied", description: "no")]
        let answer = try await stage.run("login", "person", "--json", "--open")
        #expect(answer.end == .exited(77))
        let last = try #require(try answer.objects.last)
        #expect(last.event == "failed")
        #expect(last["exit_status"] as? Int == 77)
        #expect(last["try"] as? String == "planet-cred login person")
    }

    @Test("login --json tells of a profile that cannot be used as of any failure")
    func missingProfile() async throws {
        let answer = try await LoginStage().run("login", "nobody", "--json")
        #expect(answer.end == .exited(78))
        let last = try #require(try answer.objects.last)
        #expect(last.event == "failed")
        #expect(last["exit_status"] as? Int == 78)
    }

    @Test("login --json goes on though its reader has gone") func goneReader() async throws {
        let stage = try LoginStage()
        let script = """
            mkfifo pipe; exec 3<>pipe 4>pipe 3>&-
            exec planet-cred login person --json --open >&4
            """
        let answer = try await stage.home.shell(script, with: stage.browser.environment)
        #expect(answer.end == .exited(0))
        #expect(stage.token["refresh_token"] != nil)
    }

    @Test("no command opens a browser by itself", arguments: [["token"], ["exec", "--", "true"]])
    func unattended(_ arguments: [String]) async throws {
        let stage = try LoginStage()
        let terminal = try PseudoTerminal(stage.command(arguments))
        #expect(await terminal.outcome().end == .exited(77))
        #expect(terminal.shown.contains("planet-cred: try: planet-cred login person"))
        #expect(stage.browser.urls.isEmpty)
    }

    @Test("with --login and a terminal a command logs in first") func attended() async throws {
        let stage = try LoginStage()
        let terminal = try PseudoTerminal(
            stage.command(["token", "--login"]), elsewhere: [.output])
        let answer = await terminal.outcome()
        #expect(answer == Outcome(stage.printedToken))
        #expect(stage.browser.urls.count == 1)
        #expect(terminal.shown.contains("logged in to 'person'"))
    }

    @Test("under exec the browser of a login is no child of the command") func orphan() async throws
    {
        let stage = try LoginStage()
        let script = #"read -r children </proc/$$/task/$$/children; echo "<$children>""#
        let terminal = try PseudoTerminal(
            stage.command(["exec", "--login", "--", "sh", "-c", script]), elsewhere: [.output])
        #expect(await terminal.outcome() == Outcome("<>\n"))
        #expect(stage.browser.urls.count == 1)
    }

    @Test("with --login and no terminal a command fails at once") func absent() async throws {
        let stage = try LoginStage()
        let answer = try await stage.run("token", "--login")
        #expect(answer.end == .exited(77))
        #expect(stage.browser.urls.isEmpty)
    }

    @Test("with --login a refused token is replaced by that of the login, which is not refused")
    func rejected() async throws {
        let stage = try LoginStage()
        let session = try stage.server.issueSession()
        try stage.home.writeTokenFile("person", #"{"access_token": "\#(session.accessToken)"}"#)
        let terminal = try PseudoTerminal(
            stage.command(["token", "--rejected", "--login"]), elsewhere: [.output])
        let answer = await terminal.outcome()
        #expect(answer == Outcome(stage.printedToken))
        #expect(stage.tokenRequests.count == 1)
    }

    @Test("with --login a key that the profile itself holds is no reason for a login")
    func configuredKey() async throws {
        let stage = try LoginStage(
            type: "static_apikey",
            changing: ["api_key": "practice-api-key", "bearer_token_prefix": "api-key"])
        let terminal = try PseudoTerminal(stage.command(["token", "--rejected", "--login"]))
        #expect(await terminal.outcome().end == .exited(77))
        #expect(terminal.shown.contains("was refused"))
    }

    @Test("the command to try does not name another profile") func standardInput() async throws {
        let stage = try LoginStage()
        let profile = try stage.home.read(ScratchHome.profilePath("person"))
        let answer = try await stage.home.run(
            "token", "--profile-file", "-", "--profile", "other", input: profile)
        #expect(answer.end == .exited(77))
        #expect(!answer.errors.contains("try:"))
    }

    @Test("git's helper logs in with --login where git has a terminal") func git() async throws {
        let stage = try LoginStage()
        let request = "protocol=http\nhost=127.0.0.1:\(stage.server.port)\n\n"
        let terminal = try PseudoTerminal(
            stage.command(["get", "--login"], input: request), elsewhere: [.input, .output])
        let answer = await terminal.outcome()
        #expect(answer.end == .exited(0))
        #expect(answer.text.contains("password=\(stage.printedToken)"))
    }

    @Test("git's helper asks nothing where git may not", arguments: ["0", "false"])
    func noQuestions(_ word: String) async throws {
        let stage = try LoginStage()
        let request = "protocol=http\nhost=127.0.0.1:\(stage.server.port)\n\n"
        let terminal = try PseudoTerminal(
            stage.command(
                ["get", "--login"], input: request, with: ["GIT_TERMINAL_PROMPT": word]),
            elsewhere: [.input, .output])
        #expect(await terminal.outcome().end == .exited(77))
        #expect(stage.browser.urls.isEmpty)
    }
}

extension Outcome {
    /// Standard output as one JSON object a line.
    fileprivate var objects: [[String: Any]] {
        get throws {
            try lines.map { line in
                let value = try JSONSerialization.jsonObject(with: Data(line.utf8))
                return try #require(value as? [String: Any])
            }
        }
    }
}

extension [String: Any] {
    fileprivate var event: String { self["event"] as? String ?? "" }
}
