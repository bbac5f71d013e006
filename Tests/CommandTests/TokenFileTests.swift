import Foundation
import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("token.json", .inTurn) struct TokenFileTests {
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
        #expect(answer.end == .exited(77))
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
}
