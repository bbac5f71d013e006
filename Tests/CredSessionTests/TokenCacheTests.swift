import CredCore
import CredSession
import CredSystem
import Glibc
import TestSupport
import Testing
import Workbench

@Suite("Token cache") struct TokenCacheTests {
    private let stage: SessionStage

    init() throws {
        stage = try SessionStage()
        try stage.writeProfile()
    }

    @Test("a good token is handed out without a request, a lock or a sleep")
    func hot() throws {
        try stage.writeToken("cached", expiresIn: 3600)
        let credential = try #require(try stage.session().credential())
        #expect(credential.authorization.headerValue == Secret("Bearer cached"))
        #expect(credential.expiresAt == UnixTime(stage.now + 3600))
        #expect(stage.asked == [])
        #expect(stage.happened.sleeps == [])
        #expect(!stage.exists(SessionStage.lockFile))
    }

    @Test("a token that was got is handed out again")
    func warm() throws {
        stage.script(.granted("new"))
        #expect(try stage.token() == "new")
        #expect(try stage.token() == "new")
        #expect(stage.asked == ["POST https://as.example/token"])
        #expect(stage.happened.requests.first?.field("client_secret") == "s3cret")
        #expect(!stage.exists(SessionStage.backoffFile))
    }

    @Test("SEC-01: what is made is for its owner alone")
    func permissions() throws {
        stage.script(.busy(retryAfter: "60"))
        _ = try stage.failure()
        for name in ["token.lock", "token.backoff"] {
            #expect(
                CredSessionTests.permissions(of: stage.absolute("home/.planet/m2m/\(name)"))
                    == 0o600)
        }
    }

    @Test("SEC-01: a token file that others can read is closed to them, with a word")
    func loose() throws {
        let end = SessionStage.start + 3000
        try stage.write(
            "home/.planet/m2m/token.json",
            #"{"access_token":"t","_iat":\#(SessionStage.start),"_exp":\#(end)}"#, mode: 0o644)
        #expect(try stage.token() == "t")
        let path = stage.absolute("home/.planet/m2m/token.json")
        #expect(CredSessionTests.permissions(of: path) == 0o600)
        #expect(
            stage.happened.notices == [
                "'\(path)' was readable by other users; its mode is now 0600"
            ])
    }

    @Test("a home folder that takes no file is told once, and the token is kept elsewhere")
    func fallback() throws {
        try blockHome()
        stage.script(.granted("new"))
        #expect(try stage.token() == "new")
        #expect(try stage.token() == "new")
        #expect(stage.requestCount == 1)
        #expect(stage.happened.notices.count == 1)
        #expect(stage.happened.notices.first?.contains("cannot write to") == true)
        #expect(try stage.fallbackFolders("run/planet-cred").count == 1)
        #expect(CredSessionTests.permissions(of: stage.absolute("run/planet-cred")) == 0o700)
    }

    @Test("without a folder for the session the temporary one is used, in a folder of ours alone")
    func temporary() throws {
        let stage = try SessionStage(["XDG_RUNTIME_DIR": ""])
        try stage.writeProfile()
        try stage.blockHome()
        stage.script(.granted("new"))
        #expect(try stage.token() == "new")
        let folder = "tmp/planet-cred-\(geteuid())"
        #expect(try stage.fallbackFolders(folder).count == 1)
        #expect(CredSessionTests.permissions(of: stage.absolute(folder)) == 0o700)
    }

    @Test("SEC-02: a place that others may enter is passed over")
    func openPlace() throws {
        try blockHome()
        mkdir(stage.absolute("run/planet-cred"), 0o700)
        chmod(stage.absolute("run/planet-cred"), 0o777)
        stage.script(.granted("new"))
        #expect(try stage.token() == "new")
        #expect(try stage.fallbackFolders("run/planet-cred").isEmpty)
        #expect(try stage.fallbackFolders("tmp/planet-cred-\(geteuid())").count == 1)
    }

    @Test("a good token elsewhere is better than a spent one at home")
    func loadOrder() throws {
        try blockHome()
        try stage.writeToken("spent", expiresIn: -1)
        stage.script(.granted("new"))
        #expect(try stage.token() == "new")
        #expect(try stage.token() == "new")
        try stage.writeToken("good", expiresIn: 3601)
        #expect(try stage.token() == "good")
    }

    @Test("of two spent tokens the one that ends later counts, wherever it is")
    func spentOrder() throws {
        try blockHome()
        stage.script(.granted("elsewhere", #","expires_in":600"#))
        _ = try stage.token()
        try stage.writeToken("home", expiresIn: 30)
        stage.pass(seconds: 580)
        try stage.writeToken("home", expiresIn: 30)
        #expect(try stage.token() == "home")
    }

    @Test("a home that takes files again ends the other places")
    func homeAgain() throws {
        try blockHome()
        stage.script(.granted("elsewhere"), .granted("home"))
        _ = try stage.token()
        rmdir(stage.absolute(SessionStage.temporaryFile))
        stage.pass(seconds: 3600)
        #expect(try stage.token() == "home")
        #expect(try stage.json(SessionStage.tokenFile)["access_token"] == .string("home"))
        let folder = try #require(try stage.fallbackFolders("run/planet-cred").first)
        #expect(!stage.exists("run/planet-cred/\(folder)/token.json"))
    }

    @Test("where nothing can be kept a token is got and the person is told")
    func nowhere() throws {
        let stage = try SessionStage([
            "HOME": "/dev/null/home", "TMPDIR": "/dev/null/tmp", "XDG_RUNTIME_DIR": "",
            "XDG_CACHE_HOME": "/dev/null/cache", "PL_AUTH_CLIENT_ID": "id",
            "PL_AUTH_CLIENT_SECRET": "s",
        ])
        stage.script(.granted("new", #","expires_in":600"#))
        let credential = try #require(try stage.session(nil).credential())
        #expect(credential.authorization.credential == Secret("new"))
        #expect(credential.expiresAt == UnixTime(stage.now + 600))
        #expect(stage.happened.notices.count == 1)
        #expect(stage.happened.notices.first?.contains("the token is not cached") == true)
    }

    @Test(
        "a broken file of a client that needs no person counts as none, and is replaced",
        arguments: [
            Example("nothing", ""), Example("half of it", #"{"access_token":"#),
            Example("a list", "[]"), Example("noise", "\u{0}\u{1}"),
        ])
    func broken(_ example: Example<String>) throws {
        try stage.write(SessionStage.tokenFile, example.given)
        stage.script(.granted("new"))
        #expect(try stage.token() == "new")
        #expect(try stage.json(SessionStage.tokenFile)["access_token"] == .string("new"))
    }

    @Test("half a file that becomes whole in time is read")
    func half() throws {
        try stage.write(SessionStage.tokenFile, #"{"access_token":"#)
        stage.duringSleep {}
        stage.duringSleep { [stage] in try stage.writeToken("whole", expiresIn: 3600) }
        #expect(try stage.token() == "whole")
        #expect(stage.requestCount == 0)
        #expect(stage.happened.sleeps == [5, 5])
    }

    @Test("a broken file that may hold a login is a failure that names it, and stays")
    func brokenLogin() throws {
        try writeLoginProfile()
        try stage.write("home/.planet/login/token.json", "{")
        let failure = try stage.failure(TokenRequirement(), "login")
        #expect(failure.kind == .loginRequired)
        #expect(failure.what.contains(stage.absolute("home/.planet/login/token.json")))
        #expect(failure.remedy == "planet-cred login login")
        #expect(try stage.read("home/.planet/login/token.json") == "{")
        #expect(stage.happened.sleeps.reduce(0, +) == 500)
    }

    @Test("a token of another tool serves a profile that needs a person, until it ends")
    func login() throws {
        try writeLoginProfile()
        try stage.write(
            "home/.planet/login/token.json", #"{"access_token":"t","_iat":0,"_exp":1700000030}"#)
        #expect(try stage.token(TokenRequirement(), "login") == "t")
        stage.pass(seconds: 30)
        let failure = try stage.failure(TokenRequirement(), "login")
        #expect(failure.kind == .loginRequired)
        #expect(stage.requestCount == 0)
    }

    @Test("SEC-02: a link in the place of the token file is a failure, whatever the profile")
    func link() throws {
        try stage.write("elsewhere.json", #"{"access_token":"t"}"#)
        symlink(stage.absolute("elsewhere.json"), stage.absolute(SessionStage.tokenFile))
        let failure = try stage.failure()
        #expect(failure.kind == .failed)
        #expect(stage.requestCount == 0)
    }

    @Test("--no-save neither reads nor writes")
    func memoryOnly() throws {
        try stage.write("profile.json", try stage.read("home/.planet/m2m/auth_client.json"))
        let choice = try stage.choice(
            "m2m", file: stage.absolute("profile.json"), storage: .memoryOnly)
        try stage.writeToken("cached", expiresIn: 3600)
        let session = Session(ProfileContext(choice, stage.locations, stage.world))
        stage.script(.granted("one"), .granted("two"))
        #expect(try session.credential()?.authorization.credential == Secret("one"))
        #expect(try session.credential()?.authorization.credential == Secret("two"))
        #expect(!stage.exists(SessionStage.lockFile))
        #expect(!stage.exists("cache"))
        #expect(stage.happened.notices == [])
    }

    private func blockHome() throws { try stage.blockHome() }

    private func writeLoginProfile() throws {
        try stage.write(
            "home/.planet/login/auth_client.json",
            #"{"client_type":"oidc_device_code","client_id":"id","#
                + #""auth_server":"https://as.example"}"#)
    }
}

extension SessionStage {
    /// The home folder takes no token file, not even from root.
    func blockHome() throws {
        try write("\(Self.temporaryFile)/file", "")
        File.remove(absolute("\(Self.temporaryFile)/file"))
    }

    func fallbackFolders(_ name: String) throws -> [String] {
        Directory.names(in: absolute(name)).filter { $0.hasPrefix("m2m-") }
    }
}
