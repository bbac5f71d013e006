import Glibc
import PracticeServer
import TestSupport
import Testing
import Workbench

/// What one process has found out, the others need not ask.
@Suite("Many processes and one answer", .inTurn) struct CrowdTests {
    private func crowd(
        _ practice: Practice, _ arguments: [String], _ count: Int = 20,
        with variables: [String: String] = [:]
    ) async throws -> [Outcome] {
        let running = try (0..<count).map { _ in
            try practice.command(arguments, with: variables).start()
        }
        var outcomes: [Outcome] = []
        for process in running { outcomes.append(await process.outcome()) }
        return outcomes
    }

    @Test("a life that no token has is asked for once", .crowd) func tooLong() async throws {
        let practice = try Practice()
        practice.server.faults = [.latency(milliseconds: 300, path: "/token")]
        let outcomes = try await crowd(practice, ["token", "--min-ttl", "3600"])
        #expect(outcomes.allSatisfy { $0.end == .exited(69) })
        #expect(practice.tokenRequestCount == 1)
    }

    @Test("TOK-06: a token of unknown life serves all who waited for it", .crowd) func unknownLife()
        async throws
    {
        let practice = try Practice(.with { $0.tokenResponseOverrides = ["expires_in": nil] })
        practice.server.faults = [.latency(milliseconds: 300, path: "/token")]
        let outcomes = try await crowd(practice, ["token"])
        #expect(outcomes.allSatisfy { $0.end == .exited(0) })
        #expect(practice.tokenRequestCount == 1)
    }

    @Test("a token endpoint that is not there is asked once", .crowd) func misplaced() async throws
    {
        let practice = try Practice()
        try practice.home.writeProfile(
            for: practice.server,
            changing: ["token_endpoint": .string("\(practice.server.url)/nothing")])
        // Few, for a refusal is remembered for ten seconds only.
        let outcomes = try await crowd(practice, ["token"], 8)
        #expect(outcomes.allSatisfy { $0.end == .exited(78) })
        #expect(practice.server.requestCount("/nothing") == 1)
    }

    @Test("the patience of one process is that of all who wait for it", .crowd) func down()
        async throws
    {
        let practice = try Practice()
        practice.server.faults = [PracticeServer.Fault(.status(503), path: "/token")]
        let outcomes = try await crowd(practice, ["token"], 128)
        #expect(outcomes.allSatisfy { $0.end == .exited(75) })
        // Three tries of the first one, and those of some that came after its failure.
        #expect(practice.tokenRequestCount <= 12)
    }

    @Test("an odd answer is not remembered longer than for those who waited", .crowd)
    func oddAnswer() async throws {
        let practice = try Practice()
        let fault = PracticeServer.Fault(
            .status(200, text: "<html>"), path: "/token", times: 1, latencyMilliseconds: 300)
        practice.server.faults = [fault]
        let outcomes = try await crowd(practice, ["token"], 8)
        #expect(outcomes.contains { $0.end == .exited(69) })
        try await Condition.wait(for: "a token") {
            try await practice.run("token").end == .exited(0)
        }
        #expect(practice.tokenRequestCount <= 3)
    }

    @Test("a failing command for the secret runs once for all who waited", .crowd)
    func failingCommand() async throws {
        let practice = try Practice(
            changing: ["client_secret": nil],
            own: ["client_secret_command": ["fail"]])
        try await practice.home.writeProgram(
            "fail", "#!/bin/sh\necho x >>~/runs\nread -r _ <~/go\necho locked >&2\nexit 3\n")
        _ = try await practice.home.shell("mkfifo ~/go")
        let running = try (0..<16).map { _ in
            try practice.command(["token"], with: ["PLANET_CRED_TRACE": "\(practice.home.root)/t"])
                .start()
        }
        try await Condition.wait(for: "those who wait") {
            let trace = (try? practice.home.read("\(practice.home.root)/t")) ?? ""
            return trace.split(separator: "\n").count { $0.contains("held by") } == 15
        }
        _ = try await practice.home.shell(": >~/go")
        var outcomes: [Outcome] = []
        for process in running { outcomes.append(await process.outcome()) }
        #expect(outcomes.allSatisfy { $0.end == .exited(78) && $0.errors.contains("locked") })
        #expect(try practice.home.read("runs") == "x\n")
    }

    @Test("a stopped holder does not keep a valid token from others") func stoppedHolder()
        async throws
    {
        let session = try PersonalSession(expiresIn: 49)
        let hold = PracticeServer.Hold()
        session.server.faults = [.held(hold, path: "/token")]
        let holder = try session.command(["token"]).start()
        try await session.untilRequested()
        holder.signal(SIGSTOP)
        let answer = try await session.run("token")
        holder.signal(SIGKILL)
        hold.release()
        _ = await holder.outcome()
        #expect(answer.text == session.accessToken + "\n")
        #expect(answer.errors.contains("using a token that is still valid"))
    }

    @Test("a renewal ahead of time fills the cache of the very profile file and name")
    func profileFile() async throws {
        let practice = try Practice()
        let words = [
            "--profile-file", practice.home.absolute(ScratchHome.profilePath("practice")),
            "--profile", "other", "token",
        ]
        let first = try await practice.command(words).run()
        try practice.home.ageToken("other", bySeconds: 3000)
        #expect(try await practice.command(words).run() == first)
        try await Condition.wait(for: "the new token") {
            let issued = practice.server.issuedTokens
            let kept = try practice.home.token("other")["access_token"] as? String
            return issued.count == 2 && kept == issued.last
        }
    }

    @Test(
        "TOK-12: eight processes ask once while the server wants to be left alone",
        arguments: [
            Example("seconds", (429, "600")),
            Example("a date", (503, "Thu, 31 Dec 2099 23:59:59 GMT")),
        ])
    func sharedPause(_ row: Example<(Int, String)>) async throws {
        let practice = try Practice()
        practice.server.faults = [
            PracticeServer.Fault(
                .status(row.given.0, headers: ["Retry-After": row.given.1]), path: "/token")
        ]
        let old = #"{"access_token": "old", "_iat": 1000, "_exp": 2000, "token_type": "Bearer"}"#
        try practice.home.writeTokenFile("practice", old)
        let answers = try await crowd(practice, ["token"], 8)
        #expect(practice.tokenRequestCount == 1)
        #expect(answers.map(\.end) == Array(repeating: .exited(75), count: 8))
        #expect(answers.allSatisfy { $0.output == [] && $0.errors.contains("\(row.given.0)") })
        #expect(answers.allSatisfy { $0.errors.contains(/20\d\d-\d\d-\d\dT/) })
        #expect(practice.home.tokenText() == old)
    }

    @Test("TOK-12: a short pause is waited for, by all together") func shortPause() async throws {
        let practice = try Practice()
        practice.server.script("/token", [.status(429, headers: ["Retry-After": "1"])])
        let answers = try await crowd(practice, ["token"], 8)
        let times = practice.tokenRequests.map(\.time)
        #expect(times.count == 2)
        #expect(times[0].duration(to: times[1]) >= .seconds(1))
        #expect(Set(answers.map(\.text)) == [practice.server.issuedTokens[0] + "\n"])
    }

    @Test("DISC-08: twenty cold processes ask for the document once", .crowd) func coldProcesses()
        async throws
    {
        let practice = try Practice(.with { $0.issuerPath = "/t1" })
        let answers = try await crowd(practice, ["token"])
        #expect(Set(answers.map(\.text)) == [practice.server.issuedTokens[0] + "\n"])
        #expect(
            practice.server.requests.map(\.path)
                == ["/t1/.well-known/openid-configuration", "/token"])
    }

    @Test(
        "CC-02: 64 processes at once cause one token request", .crowd,
        arguments: [
            Example("cold", nil), Example("cold again", nil), Example("expired", 4000),
            Example("expired again", 4000),
        ] as [Example<Int?>])
    func manyProcesses(_ row: Example<Int?>) async throws {
        let practice = try Practice()
        if let age = row.given {
            _ = try await practice.run("token")
            try practice.home.ageToken(bySeconds: age)
            practice.server.clearLog()
        }
        let answers = try await crowd(practice, ["token"], 64)
        let token = try #require(practice.server.issuedTokens.last)
        #expect(answers == Array(repeating: Outcome("\(token)\n"), count: 64))
        #expect(practice.tokenRequestCount == 1)
    }

    @Test("--rejected of many processes that were given the same token gets one new token")
    func rejectedTogether() async throws {
        let practice = try Practice()
        let old = try await practice.run("token").line
        let variables = ["PLANET_CRED_TOKEN": old]
        let answers = try await crowd(practice, ["token", "--rejected"], 8, with: variables)
        #expect(Set(answers.map(\.text)) == [practice.server.issuedTokens[1] + "\n"])
        #expect(practice.tokenRequestCount == 2)
    }

    @Test(
        "USE-04: the hooks of 64 programs that were all refused the same token get one new token",
        .crowd)
    func hooks() async throws {
        let practice = try Practice()
        _ = try await practice.run("token")
        try practice.home.ageToken(bySeconds: 300)
        let answer = try await practice.home.shell(
            """
            mkfifo ~/told ~/go
            exec 3<>~/told 4<>~/go
            for program in {1..64}; do
                sh -c 'planet-cred token --hook
                    echo >&3; read -r _ <&4
                    planet-cred token --hook; true' &
                programs="$programs $!"
            done
            for program in {1..64}; do read -r _ <&3; done
            for program in {1..64}; do echo >&4; done
            wait $programs
            """, with: ["PL_AUTH_PROFILE": "practice"])
        let issued = practice.server.issuedTokens
        #expect(answer.errors == "")
        #expect(issued.count == 2)
        #expect(
            answer.lines.sorted()
                == (Array(repeating: issued[0], count: 64)
                + Array(repeating: issued.last ?? "", count: 64)).sorted())
    }
}
