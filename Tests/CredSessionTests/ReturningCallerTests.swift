import CredCore
import CredSession
import CredSystem
import TestSupport
import Testing
import Workbench

/// Callers that come back: by that they say that the token that they were given was refused.
@Suite("Callers that come back") struct ReturningCallerTests {
    private let stage: SessionStage
    private static let file = "home/.planet/m2m/token.callers"
    private static let (one, other) = (CallingProcess(name: "one"), CallingProcess(name: "other"))
    private static let threads = CallingProcess(name: "threads", hasThreads: true)

    init() throws {
        stage = try SessionStage()
        try stage.writeProfile()
        for number in 1..<40 { stage.script(.granted("t\(number)")) }
        // An old one, whose refusal is a revocation.
        try stage.writeToken("t0", expiresIn: 1000)
    }

    private func hook(_ caller: CallingProcess = one) throws -> String? {
        try ask(.handedToCaller, caller)
    }

    /// `--rejected` in a job that was given this token.
    private func rejected(_ given: String = "t0", _ caller: CallingProcess = one) throws -> String?
    {
        try ask(.fingerprint(Secret(given).fingerprint), caller)
    }

    private func ask(_ refused: TokenRequirement.RefusedToken, _ caller: CallingProcess) throws
        -> String?
    {
        var requirement = TokenRequirement(refused: refused)
        requirement.caller = caller
        return try stage.token(requirement)
    }

    @Test("USE-04: the hook of one that asks again gives another token, each time")
    func again() throws {
        #expect(try [hook(), hook(), hook()] == ["t0", "t1", "t2"])
        #expect(stage.requestCount == 2)
    }

    @Test("USE-04: a new caller gets the cached token without a request, and heals no one else")
    func others() throws {
        #expect(try hook() == "t0")
        #expect(try hook(Self.other) == "t0")
        #expect(try hook(CallingProcess(name: "third")) == "t0")
        #expect(stage.requestCount == 0)
    }

    @Test("USE-04: all who were given the refused token get the same new one")
    func crowd() throws {
        let callers = (0..<64).map { CallingProcess(name: "caller\($0)") }
        for caller in callers { #expect(try hook(caller) == "t0") }
        for caller in callers { #expect(try hook(caller) == "t1") }
        #expect(stage.requestCount == 1)
        for caller in callers { #expect(try hook(caller) == "t2") }
        #expect(stage.requestCount == 2)
    }

    @Test(
        "USE-04: who comes back within a minute means a refusal, and later it starts something new",
        arguments: [Row("at once", 0, "t1"), Row("a minute", 60, "t1"), Row("later", 61, "t0")]
            as [Row<Int64, String>])
    func minute(_ row: Row<Int64, String>) throws {
        _ = try hook()
        stage.pass(seconds: row.given)
        #expect(try hook() == row.wanted)
        _ = try hook(Self.other)
        #expect(stage.requestCount == (row.wanted == "t1" ? 1 : 0))
    }

    @Test("USE-04: a token that has expired in between is renewed once")
    func expired() throws {
        try stage.writeToken("t0", expiresIn: 65)
        _ = try hook()
        stage.pass(seconds: 10)
        #expect(try hook() == "t1")
        #expect(try hook(Self.other) == "t1")
        #expect(stage.requestCount == 1)
    }

    @Test("USE-04: a hook that never ends is stopped by the brake")
    func brake() throws {
        #expect(try [hook(), hook(), hook(), hook()] == ["t0", "t1", "t2", "t3"])
        let failure = try #require(throws: Failure.self) { try hook() }
        #expect(failure.kind == .tokensRefused)
        #expect(stage.requestCount == 3)
        #expect(try stage.failure().kind == .tokensRefused)
    }

    @Test("USE-04: threads that come back with the same refusal get the same new token")
    func threads() throws {
        #expect(try hook(Self.threads) == "t0")
        #expect(try hook(Self.threads) == "t1")
        #expect(try [hook(Self.threads), hook(Self.threads)] == ["t1", "t1"])
        stage.pass(seconds: 2)
        #expect(try hook(Self.threads) == "t2")
    }

    @Test("USE-04: a shell's last command counts as the shell in whose place it runs")
    func replacedShell() throws {
        _ = try hook()
        #expect(try hook(CallingProcess(name: "its parent", ownName: Self.one.name)) == "t1")
    }

    @Test("USE-04: an API key is printed however often it is asked for")
    func key() throws {
        try stage.write(
            "home/.planet/m2m/auth_client.json",
            #"{"client_type":"static_apikey","api_key":"k"}"#)
        #expect(try [hook(), hook(), hook()] == ["k", "k", "k"])
        #expect(!stage.exists(Self.file))
    }

    @Test("USE-04: with --no-save each call gets a token of its own, and nothing is written")
    func unsaved() throws {
        let session = Session(
            ProfileContext(try stage.unsavedChoice(), stage.locations, stage.world))
        var requirement = TokenRequirement(refused: .handedToCaller)
        requirement.caller = Self.one
        for token in ["t1", "t2"] {
            let credential = try session.credential(requirement)
            #expect(credential?.authorization.credential == Secret(token))
        }
        #expect(!stage.exists(Self.file))
    }

    @Test("USE-04: the file stays small and holds no token")
    func file() throws {
        for number in 0..<100 {
            _ = try hook(CallingProcess(name: "caller\(number)"))
            stage.pass(seconds: 2)
        }
        let lines = try stage.read(Self.file).split(separator: "\n")
        #expect(lines.count <= 32)
        #expect(!lines.contains { $0.contains("t0") })
        #expect(try stage.mode(Self.file) == 0o600)
    }

    @Test(
        "USE-04: a damaged file counts as none, and is written anew",
        arguments: [
            Example("noise", "\u{0}\n1 2\nx y z hook\n"), Example("nothing", ""),
            Example("an entry of tomorrow", "1800000000 one f hook\n"),
        ])
    func damaged(_ example: Example<String>) throws {
        try stage.write(Self.file, example.given)
        #expect(try [hook(), hook()] == ["t0", "t1"])
    }

    @Test("USE-04: what others ask for is not remembered")
    func unmarked() throws {
        #expect(try [stage.token(), stage.token()] == ["t0", "t0"])
        #expect(!stage.exists(Self.file))
    }

    @Test("USE-03: a token that --rejected gave and that comes back counts as refused, too")
    func rejectedAgain() throws {
        #expect(try [rejected(), rejected(), rejected()] == ["t1", "t2", "t3"])
        #expect(stage.requestCount == 3)
        #expect(throws: Failure.self) { try rejected() }
    }

    @Test("USE-03: however long ago it was given")
    func rejectedLater() throws {
        #expect(try rejected() == "t1")
        stage.pass(seconds: 1800)
        #expect(try rejected() == "t2")
    }

    @Test("USE-03: workers of one job that were all refused the same token get one new one")
    func workers() throws {
        let workers = (0..<16).map { CallingProcess(name: "worker\($0)") }
        for worker in workers { #expect(try rejected("t0", worker) == "t1") }
        #expect(stage.requestCount == 1)
    }

    @Test("USE-03: threads of one worker, too")
    func rejectedByThreads() throws {
        for _ in 0..<16 { #expect(try rejected("t0", Self.threads) == "t1") }
        stage.pass(seconds: 2)
        #expect(try rejected("t0", Self.threads) == "t2")
        #expect(stage.requestCount == 2)
    }
}
