import Foundation
import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("token.json", .inTurn) struct TokenFileTests {
    @Test(
        "a token file that cannot be read counts as no token and is replaced",
        arguments: [
            Example("empty", ""), Example("half", #"{"access_token": "a", "_ex"#),
            Example("a list", "[]"),
            Example("not JSON", "hello"), Example("without a token", "{}"),
            Example(
                "a token that no header may hold", #"{"access_token": "a b", "_exp": 9999999999}"#),
        ])
    func broken(_ row: Example<String>) async throws {
        let practice = try Practice()
        try practice.home.writeTokenFile("practice", row.given)
        let answer = try await practice.run("token")
        #expect(answer == Outcome(practice.server.issuedTokens[0] + "\n"))
        #expect(
            try practice.home.token()["access_token"] as? String
                == practice.server.issuedTokens[0])
    }

    @Test("a half-written file of a login is read again for a while before it counts as broken")
    func halfWritten() async throws {
        let home = try ScratchHome()
        try home.writeProfile("person", PythonSample.deviceCode.profile)
        try home.writeTokenFile("person", #"{"access_token": "a", "_ex"#)
        let answer = try await home.command(
            "strace",
            [
                "-e", "trace=openat", "-o", "\(home.root)/trace", home.program.path, "token",
                "--profile", "person",
            ]
        ).run()
        let calls = try home.read("\(home.root)/trace").split(separator: "\n")
        #expect(calls.count { $0.contains("token.json") } > 1)
        #expect(answer.end == .exited(1))
    }

    @Test(
        "what is no file of our own is refused, never followed, and stays as it is",
        arguments: [
            Row("a link", "ln -s ~/elsewhere token.json", "it is a symbolic link"),
            Row("a dangling link", "ln -s ~/nowhere token.json", "it is a symbolic link"),
            Row("a FIFO", "mkfifo token.json", "it is not a regular file"),
            Row("a folder", "mkdir token.json", "it is not a regular file"),
        ])
    func refused(_ row: Row<String, String>) async throws {
        let practice = try Practice()
        try practice.home.write("elsewhere", #"{"access_token": "x", "_exp": 9999999999}"#)
        _ = try await practice.home.shell("cd ~/.planet/practice; \(row.given)")
        let look = "stat -c '%F %N' ~/.planet/practice/token.json"
        let before = try await practice.home.shell(look)
        let path = practice.home.absolute(ScratchHome.tokenPath())
        let answer = try await practice.run("token")
        #expect(
            answer
                == Outcome(
                    errors: """
                        planet-cred: error: cannot use '\(path)'
                        planet-cred: because: \(row.wanted)
                        planet-cred: try: mv \(path) \(path).broken

                        """, status: 1))
        #expect(try await practice.home.shell(look) == before)
        #expect(practice.server.connectionCount == 0)
    }

    @Test("a link in place of the lock is not followed") func linkedLock() async throws {
        let practice = try Practice()
        try practice.home.write("elsewhere", "precious")
        _ = try await practice.home.shell("ln -s ~/elsewhere ~/.planet/practice/token.lock")
        _ = try await practice.run("token")
        #expect(try practice.home.read("elsewhere") == "precious")
    }

    @Test("a token file of a person's login that is broken is a failure that names the file")
    func brokenLogin() async throws {
        let home = try ScratchHome()
        try home.writeProfile("person", PythonSample.deviceCode.profile)
        try home.writeTokenFile("person", "{\"access")
        let path = home.absolute(ScratchHome.tokenPath("person"))
        let answer = try await home.run("token", "--profile", "person")
        #expect(
            answer
                == Outcome(
                    errors: """
                        planet-cred: error: cannot use '\(path)'
                        planet-cred: because: it is not a JSON object
                        planet-cred: try: mv \(path) \(path).broken

                        """, status: 1))
        #expect(home.tokenText("person") == "{\"access")
    }

    @Test("a lock that another process holds is waited for") func lock() async throws {
        let practice = try Practice()
        let holder = practice.home.command(
            "flock",
            [
                practice.home.absolute(".planet/practice/token.lock"), "cat",
                "\(practice.home.root)/work/release",
            ]
        )
        _ = try await practice.home.shell("mkfifo release")
        let held = try holder.start()
        try await Condition.wait(for: "the lock") {
            try await practice.home.shell("! flock -n ~/.planet/practice/token.lock true").end
                == .exited(0)
        }
        let waiting = try practice.command(["token"], with: ["PLANET_CRED_TRACE": "1"]).start()
        try await Condition.wait(for: "the waiting process") {
            try await practice.home.shell(
                "ls -l /proc/$1/fd | grep -q token.lock", "\(waiting.processID)"
            ).end == .exited(0)
        }
        #expect(practice.tokenRequestCount == 0)
        _ = try await practice.home.shell("echo >release")
        _ = await held.outcome()
        let answer = await waiting.outcome()
        #expect(answer.text == practice.server.issuedTokens[0] + "\n")
    }

    @Test("the lock can be in another folder") func lockFolder() async throws {
        let practice = try Practice()
        let answer = try await practice.run(
            "token", with: ["PLANET_CRED_LOCK_DIR": "\(practice.home.root)/locks"])
        #expect(answer == Outcome(practice.server.issuedTokens[0] + "\n"))
        #expect(practice.home.exists("\(practice.home.root)/locks"))
        #expect(!practice.home.exists(".planet/practice/token.lock"))
    }
}
