import CredCore
import CredSystem
import Foundation
import Glibc
import TestSupport
import Testing
import Workbench

/// Each test has a process of its own for its variables.
@Suite("Browser", .inTurn) struct BrowserTests {
    private static let url = "https://example.com/a?b=$(touch%20x)&c='d';e&f=%25s"
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    @Test(
        "AUTH-10: the URL is one argument, and no shell sees it",
        arguments: [
            Row("a program", "FOLDER/tell", ["URL"]),
            Row("its arguments", "FOLDER/tell  --new tab ", ["--new", "tab", "URL"]),
            Row("a place for the URL", "FOLDER/tell %s --quiet", ["URL", "--quiet"]),
            Row("more places", "FOLDER/tell -u=%s,%s x", ["-u=URL,URL", "x"]),
            Row(
                "the first that is there", "/missing %s::FOLDER/tell -a:FOLDER/tell -b",
                ["-a", "URL"]),
            Row("no word is special", "FOLDER/tell $HOME *", ["$HOME", "*", "URL"]),
        ])
    func arguments(_ row: Row<String, [String]>) async throws {
        let program = try scratch.program("tell", #"printf '%s\n' "$@""#)
        await #expect(processExitsWith: .success) {
            [
                list = row.given.replacing("FOLDER", with: scratch.path) as String,
                program = program as String
            ] in
            BrowserTests.setEnvironment(["BROWSER": list])
            let outcome = Browser.open(try WebURL(BrowserTests.url))
            #expect(outcome == .started(program))
            #expect(Browser.isExpected)
        }
        let wanted = row.wanted.map { "\($0.replacing("URL", with: Self.url))\n" }.joined()
        #expect(try await scratch.told("tell") == wanted)
    }

    @Test("where there is no screen, and where nothing can be started, there is none")
    func none() async {
        await #expect(processExitsWith: .success) {
            let url = try WebURL(BrowserTests.url)
            BrowserTests.setEnvironment(["PATH": "/usr/bin:/bin"])
            #expect(!Browser.isExpected)
            #expect(Browser.open(url) == .none)
            BrowserTests.setEnvironment(["DISPLAY": ":0", "PATH": "/missing"])
            #expect(Browser.isExpected)
            #expect(Browser.open(url) == .none)
            BrowserTests.setEnvironment(["BROWSER": "/missing", "DISPLAY": ":0"])
            #expect(Browser.open(url) == .none)
        }
    }

    @Test(
        "with a screen the first program is taken that knows the person's browser",
        arguments: [
            Row("X11", ["DISPLAY", "sensible-browser", "xdg-open"], "xdg-open"),
            Row("Wayland", ["WAYLAND_DISPLAY", "sensible-browser"], "sensible-browser"),
            Row("Debian", ["DISPLAY", "sensible-browser", "x-www-browser"], "x-www-browser"),
            Row("Windows", ["WSL_DISTRO_NAME", "xdg-open", "wslview"], "wslview"),
        ])
    func known(_ row: Row<[String], String>) async throws {
        for name in row.given.dropFirst() { _ = try scratch.program(name, #"echo "$1""#) }
        await #expect(processExitsWith: .success) {
            [
                variable = row.given[0] as String, folder = scratch.path as String,
                wanted = row.wanted as String
            ] in
            BrowserTests.setEnvironment([variable: "1", "PATH": folder])
            let outcome = Browser.open(try WebURL(BrowserTests.url))
            #expect(outcome == .started(wanted))
        }
        #expect(try await scratch.told(row.wanted) == "\(Self.url)\n")
    }

    @Test("a broken pipe ends it though we ignore them")
    func brokenPipe() async throws {
        let program = try scratch.program(
            "tell", "sh -c 'kill -PIPE $$'; echo $?; cut -d' ' -f6 /proc/$$/stat | grep -x $$")
        await #expect(processExitsWith: .success) { [program = program as String] in
            Platform.ignoreBrokenPipes()
            BrowserTests.setEnvironment(["BROWSER": program, "PATH": "/usr/bin:/bin"])
            _ = Browser.open(try WebURL(BrowserTests.url))
        }
        let lines = try await scratch.told("tell").split(separator: "\n")
        #expect(lines.first == "141")
        #expect(lines.count == 2)
    }

    @Test("SEC-05: it has a session of its own, nothing of ours open, and no secret of ours")
    func detached() async throws {
        let program = try scratch.program(
            "tell",
            """
            read id name state parent group session rest </proc/$$/stat
            [ $session = $$ ] && echo own session
            readlink /proc/$$/fd/0 /proc/$$/fd/1 /proc/$$/fd/2 | sort | uniq -c
            /usr/bin/env
            """)
        await #expect(processExitsWith: .success) { [program = program as String] in
            let secrets = [
                "PL_API_KEY", "PL_AUTH_CLIENT_SECRET", "PL_AUTH_PASSWORD", "PLANET_CRED_TOKEN",
                "PLANET_CRED_AUTHORIZATION",
            ]
            var variables = Dictionary(uniqueKeysWithValues: secrets.map { ($0, "SECRET") })
            variables["BROWSER"] = program
            variables["PATH"] = "/usr/bin:/bin"
            variables["PL_AUTH_PROFILE"] = "mine"
            BrowserTests.setEnvironment(variables)
            let outcome = Browser.open(try WebURL(BrowserTests.url))
            #expect(outcome == .started(program))
        }
        let told = try await scratch.told("tell")
        #expect(told.hasPrefix("own session\n"))
        #expect(told.contains("3 /dev/null"))
        #expect(told.contains("PL_AUTH_PROFILE=mine"))
        #expect(!told.contains("SECRET"))
    }

    /// Leaves these variables and no others.
    private static func setEnvironment(_ variables: [String: String]) {
        for name in ProcessInfo.processInfo.environment.keys { unsetenv(name) }
        for (name, value) in variables { setenv(name, value, 1) }
    }
}
