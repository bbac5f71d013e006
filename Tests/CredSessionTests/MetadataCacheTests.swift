import CredCore
import CredSession
import CredSystem
import Glibc
import TestSupport
import Testing
import Workbench

@Suite("Finding the token endpoint") struct MetadataCacheTests {
    private static let discovery = "GET https://as.example/.well-known/openid-configuration"
    private let stage: SessionStage

    init() throws {
        stage = try SessionStage()
        try stage.writeProfile(#""scopes":[]"#)
    }

    @Test("DISC-08: the server's metadata is fetched once a day")
    func daily() throws {
        stage.script(.metadata(tokenEndpoint: "https://as.example/t"), .granted("1"))
        _ = try stage.token()
        stage.pass(seconds: 86_399)
        stage.script(.granted("2"))
        _ = try stage.token()
        stage.pass(seconds: 3601)
        stage.script(.metadata(tokenEndpoint: "https://as.example/u"), .granted("3"))
        _ = try stage.token()
        #expect(
            stage.asked == [
                Self.discovery, "POST https://as.example/t", "POST https://as.example/t",
                Self.discovery, "POST https://as.example/u",
            ])
    }

    @Test("temporary files of killed processes are removed from the cache, and nothing else")
    func temporaryFiles() throws {
        let gone = try stage.endedProcess()
        let names = ["a.json.\(gone)", "a.json.\(getpid())", "a.json", "a.json.x", "a.\(gone)"]
        for name in names { try stage.write("cache/planet-cred/\(name)", "x") }
        stage.script(.metadata(tokenEndpoint: "https://as.example/t"), .granted("1"))
        _ = try stage.token()
        #expect(names.filter { !stage.exists("cache/planet-cred/\($0)") } == [names[0]])
    }

    @Test("metadata from the future is fetched again: the clock was set back")
    func future() throws {
        stage.script(.metadata(tokenEndpoint: "https://as.example/t"), .granted("1"))
        _ = try stage.token()
        stage.pass(seconds: -100_000)
        File.remove(stage.absolute(SessionStage.tokenFile))
        stage.script(.metadata(tokenEndpoint: "https://as.example/u"), .granted("2"))
        #expect(try stage.token() == "2")
        #expect(stage.asked.suffix(2) == [Self.discovery, "POST https://as.example/u"])
    }

    @Test(
        "metadata that cannot be used is fetched again",
        arguments: [
            Example("nothing", ""), Example("half", "{"), Example("no time", #"{"metadata":{}}"#),
            Example(
                "of another issuer",
                #"{"fetched_at":1700000000,"metadata":{"issuer":"https://evil.example","#
                    + #""token_endpoint":"https://evil.example/t"}}"#),
            Example(
                "an endpoint that may be told no secret",
                #"{"fetched_at":1700000000,"metadata":{"issuer":"https://as.example","#
                    + #""token_endpoint":"http://as.example/t"}}"#),
        ])
    func unusable(_ example: Example<String>) throws {
        let name = SHA256.hexadecimalDigest(of: Array("https://as.example".utf8))
        try stage.write("cache/planet-cred/\(name).json", example.given)
        stage.script(.metadata(tokenEndpoint: "https://as.example/t"), .granted("new"))
        #expect(try stage.token() == "new")
        #expect(stage.asked == [Self.discovery, "POST https://as.example/t"])
    }

    @Test(
        "an endpoint that moved is looked up once more, and the new place is kept",
        arguments: [Example("not there", 404), Example("no POST", 405)])
    func moved(_ example: Example<Int>) throws {
        stage.script(.metadata(tokenEndpoint: "https://as.example/t"), .granted("1"))
        _ = try stage.token()
        stage.pass(seconds: 3600)
        stage.script(
            .status(example.given), .metadata(tokenEndpoint: "https://as.example/u"), .granted("2"))
        #expect(try stage.token() == "2")
        stage.pass(seconds: 3600)
        stage.script(.granted("3"))
        #expect(try stage.token() == "3")
        #expect(
            stage.asked.suffix(4) == [
                "POST https://as.example/t", Self.discovery, "POST https://as.example/u",
                "POST https://as.example/u",
            ])
        #expect(stage.happened.sleeps == [])
    }

    @Test("an endpoint that is not where the server has just said is a fault of the profile")
    func gone() throws {
        stage.script(.metadata(tokenEndpoint: "https://as.example/t?key=QUERY"), .status(404))
        let failure = try stage.failure()
        #expect(failure.kind == .profile)
        #expect(failure.because?.contains("'https://as.example/t'") == true)
        #expect(stage.requestCount == 2)
    }

    @Test("an endpoint that the profile names is never looked up")
    func named() throws {
        try stage.writeProfile()
        stage.script(.status(404), .granted("new"))
        #expect(try stage.failure().kind == .profile)
        #expect(stage.asked == ["POST https://as.example/token"])
    }

    @Test("a known service is not looked up, until its endpoint is not there")
    func known() throws {
        let stage = try SessionStage(["PL_AUTH_CLIENT_ID": "id", "PL_AUTH_CLIENT_SECRET": "s"])
        stage.script(
            .status(404),
            .status(
                200,
                #"{"issuer":"https://services.sentinel-hub.com/auth/realms/main","#
                    + #""token_endpoint":"https://services.sentinel-hub.com/new"}"#),
            .granted("new"))
        #expect(try stage.token(TokenRequirement(), nil) == "new")
        #expect(
            stage.asked == [
                "POST https://services.sentinel-hub.com/auth/realms/main/protocol/openid-connect"
                    + "/token",
                "GET https://services.sentinel-hub.com/auth/realms/main/.well-known"
                    + "/openid-configuration",
                "POST https://services.sentinel-hub.com/new",
            ])
    }

    @Test("metadata without a token endpoint is a fault of the profile")
    func noEndpoint() throws {
        stage.script(.status(200, #"{"issuer":"https://as.example"}"#))
        #expect(try stage.failure().kind == .profile)
    }

    @Test("REF-09: a server that is down while it is looked up is busy")
    func down() throws {
        stage.script(.down, .down, .down)
        #expect(try stage.failure().kind == .tryAgain)
        #expect(stage.requestCount == 3)
        #expect(stage.exists(SessionStage.backoffFile))
    }

    @Test("where no metadata can be kept they are fetched each time")
    func noFolder() throws {
        let stage = try SessionStage(["XDG_CACHE_HOME": "/dev/null/cache"])
        try stage.writeProfile(#""scopes":[]"#)
        stage.script(
            .metadata(tokenEndpoint: "https://as.example/t"), .granted("1"),
            .metadata(tokenEndpoint: "https://as.example/t"), .granted("2"))
        _ = try stage.token()
        stage.pass(seconds: 3600)
        #expect(try stage.token() == "2")
        #expect(stage.requestCount == 4)
    }
}

extension SessionStage {
    /// The number of a process that has ended.
    fileprivate func endedProcess() throws -> pid_t {
        var process: pid_t = 0
        var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("true"), nil]
        defer { free(arguments[0]) }
        #expect(posix_spawnp(&process, "true", nil, nil, &arguments, nil) == 0)
        var status: Int32 = 0
        #expect(waitpid(process, &status, 0) == process)
        return process
    }
}
