import Glibc
import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("The port that a login listens at", .inTurn) struct LoopbackTests {
    @Test(
        "LOOP-02: it is open on loopback only, and closed when the server has answered",
        arguments: [
            Row("a success", [], Int32(0)),
            Row("a denial", [.error("access_denied", description: nil)], 77),
        ] as [Row<[PracticeServer.AuthorizeAnswer], Int32>])
    func answered(_ row: Row<[PracticeServer.AuthorizeAnswer], Int32>) async throws {
        let stage = try LoginStage(browser: .recording)
        stage.server.authorizeAnswers = row.given
        let terminal = try stage.login()
        let url = try await stage.browser.url()
        let port = try Callback(of: url).port
        let listeners = try await listeners(port, stage)
        #expect(listeners.map(\.address) == ["127.0.0.1"])
        try await stage.follow(url)
        #expect(await terminal.outcome().end == .exited(row.wanted))
        #expect(try await self.listeners(port, stage).filter(listeners.contains) == [])
    }

    @Test("LOOP-02: it is closed when the person gives up") func interrupted() async throws {
        let stage = try LoginStage(browser: .recording)
        let terminal = try stage.login()
        let port = try Callback(of: await stage.browser.url()).port
        let listeners = try await listeners(port, stage)
        #expect(listeners.count == 1)
        try terminal.sendInterrupt()
        #expect(await terminal.outcome().end == .killed(signal: SIGINT))
        #expect(try await self.listeners(port, stage).filter(listeners.contains) == [])
    }

    @Test("LOOP-03: stray requests do not end the login") func stray() async throws {
        let stage = try LoginStage(browser: .recording)
        let terminal = try stage.login()
        let url = try await stage.browser.url()
        let callback = try Callback(of: url)
        let answers = try await stage.home.shell(
            """
            curl -s -o /dev/null -w '%{http_code} ' "$1"
            curl -s -o /dev/null -w '%{http_code} ' -I "$2"
            curl -s -o /dev/null -w '%{http_code} ' "$2"
            curl -sk -o /dev/null "https://127.0.0.1:$3/"
            : <>"/dev/tcp/127.0.0.1/$3"
            """, callback.url(path: "/favicon.ico"), callback.url(), "\(callback.port)")
        #expect(answers.text == "404 405 400 ")
        try await stage.follow(url)
        #expect(await terminal.outcome().end == .exited(0))
    }

    @Test("LOOP-05: a request for another host name is refused") func rebinding() async throws {
        let stage = try LoginStage(browser: .recording)
        let terminal = try stage.login()
        let url = try await stage.browser.url()
        let reply = try await stage.reply(to: url)
        #expect(try await stage.visit(reply, host: "evil.example").status == "400")
        #expect(stage.tokenRequests.isEmpty)
        try await stage.follow(reply)
        #expect(await terminal.outcome().end == .exited(0))
    }

    @Test("LOOP-09: a registered port that is taken is named") func taken() async throws {
        let stage = try LoginStage(browser: .recording)
        let first = try stage.login()
        let port = try Callback(of: await stage.browser.url()).port
        let other = try LoginStage(
            changing: ["local_redirect_uri": .string("http://127.0.0.1:\(port)/")])
        let terminal = try other.login()
        #expect(await terminal.outcome().end == .exited(1))
        #expect(terminal.shown.contains("port \(port)"))
        try first.sendInterrupt()
        #expect(await first.outcome().end == .killed(signal: SIGINT))
    }

    /// A socket that listens. Another test's may have the same port later, never the same number.
    private struct Listener: Hashable {
        let address: String
        let inode: String
    }

    /// Who listens at a port.
    private func listeners(_ port: Int, _ stage: LoginStage) async throws -> [Listener] {
        let answer = try await stage.home.shell("ss -Hltne \"sport = :$1\"", "\(port)")
        return try answer.lines.map { line in
            let words = line.split(whereSeparator: \.isWhitespace)
            return Listener(
                address: String(words[3].prefix { $0 != ":" }),
                inode: String(try #require(words.first { $0.hasPrefix("ino:") })))
        }
    }
}
