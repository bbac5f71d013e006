import CredCore
import CredSession
import Testing
import Workbench

/// Planet's tools, which take no lock, work on the same session.
@Suite("Other tools and one refresh token") struct OtherToolTests {
    private let stage: SessionStage

    init() throws {
        stage = try SessionStage()
        try stage.writePerson()
        try stage.writeSession()
    }

    @Test("REF-06: after a refusal the token that another tool has left is taken")
    func adopted() throws {
        stage.duringRequest { [stage] in
            try stage.writeSession("theirs", refresh: "r9", expiresIn: 3600)
        }
        stage.script(.ended)
        #expect(try stage.token() == "theirs")
        #expect(stage.requestCount == 1)
        #expect(try stage.keptRefreshToken == "r9")
        #expect(!stage.exists(SessionStage.backoffFile))
    }

    @Test("REF-06: after a refusal the refresh token that another tool has left is tried")
    func tried() throws {
        stage.duringRequest { [stage] in try stage.writeSession(refresh: "r9") }
        stage.script(.ended, .rotated("new", "r10"))
        #expect(try stage.token() == "new")
        #expect(stage.sentRefreshTokens == ["r0", "r9"])
        #expect(try stage.keptRefreshToken == "r10")
    }

    @Test("REF-06: a third refresh token is left to the next call")
    func triedOnce() throws {
        stage.duringRequest { [stage] in try stage.writeSession(refresh: "r8") }
        stage.duringRequest { [stage] in try stage.writeSession(refresh: "r9") }
        stage.script(.ended, .ended, .rotated("new", "r10"))
        #expect(try stage.failure().kind == .loginRequired)
        #expect(stage.sentRefreshTokens == ["r0", "r8"])
        #expect(try stage.token() == "new")
        #expect(stage.sentRefreshTokens == ["r0", "r8", "r9"])
    }

    @Test("a login that another tool has saved during our request stays")
    func login() throws {
        stage.duringRequest { [stage] in
            try stage.writeSession("theirs", refresh: "r9", expiresIn: 3600)
        }
        stage.script(.rotated("new", "r1"))
        #expect(try stage.token() == "new")
        #expect(try stage.keptRefreshToken == "r9")
        #expect(try stage.token() == "theirs")
    }

    @Test("an old file that another tool puts back during our request does not stay")
    func putBack() throws {
        let old = try stage.read(SessionStage.tokenFile)
        stage.script(.rotated("one", "r1"), .rotated("two", "r2"))
        _ = try stage.token()
        stage.pass(seconds: 3600)
        stage.duringRequest { [stage] in try stage.write(SessionStage.tokenFile, old) }
        #expect(try stage.token() == "two")
        #expect(try stage.keptRefreshToken == "r2")
    }

    @Test("half a file that another tool leaves during our request is replaced")
    func half() throws {
        stage.duringRequest { [stage] in try stage.write(SessionStage.tokenFile, #"{"access"#) }
        stage.script(.rotated("new", "r1"))
        #expect(try stage.token() == "new")
        #expect(try stage.keptRefreshToken == "r1")
    }

    @Test("half a file is waited for half a second, for it may hold a login")
    func timeout() throws {
        let whole = try stage.read(SessionStage.tokenFile)
        try stage.write(SessionStage.tokenFile, "{")
        for _ in 0..<90 { stage.duringSleep {} }
        stage.duringSleep { [stage] in try stage.write(SessionStage.tokenFile, whole) }
        stage.script(.rotated("new", "r1"))
        #expect(try stage.token() == "new")
    }

    @Test("what another tool keeps in the file stays in it")
    func members() throws {
        try stage.writeSession(more: #","_sdk":{"a":1},"id_token":"i","scope":"a b""#)
        stage.script(.rotated("new", "r1"))
        _ = try stage.token()
        #expect(try stage.json(SessionStage.tokenFile)["_sdk"] == .object(["a": .integer(1)]))
        #expect(try stage.json(SessionStage.tokenFile)["scope"] == .string("a b"))
        #expect(try stage.json(SessionStage.tokenFile)["id_token"] == nil)
    }
}
