import CredCore
import CredSession
import Glibc
import TestSupport
import Testing
import Workbench

/// A person's session, or a client's own token, and how it ends.
@Suite("Logout") struct LogoutTests {
    private let stage: SessionStage

    init() throws {
        stage = try SessionStage()
        try stage.writeLogin()
    }

    @Test("REV-01: the refresh token is revoked first, then the access token, then both are gone")
    func both() throws {
        stage.script(.status(200), .status(200))
        #expect(try stage.logOut() == .revoked)
        #expect(
            stage.asked == ["POST https://as.example/revoke", "POST https://as.example/revoke"])
        let requests = stage.happened.requests
        #expect(requests.map { $0.field("token") } == ["REFRESH", "ACCESS"])
        #expect(requests.map { $0.field("token_type_hint") } == ["refresh_token", "access_token"])
        #expect(requests.map { $0.field("client_id") } == ["id", "id"])
        #expect(!stage.exists(SessionStage.tokenFile))
        #expect(stage.exists("home/.planet/m2m/auth_client.json"))
    }

    @Test("REV-01: a client with a secret proves itself")
    func proof() throws {
        try stage.writeLogin(
            type: "oidc_device_code_secret", more: #","client_secret":"s3cret""#)
        stage.script(.status(200), .status(200))
        #expect(try stage.logOut() == .revoked)
        let headers = stage.happened.requests.flatMap(\.headers).map(\.value)
        #expect(headers.contains(Secret("Basic aWQ6czNjcmV0")))
    }

    @Test("the server is asked for its endpoint once, even where nothing can be remembered")
    func lookup() throws {
        let stage = try SessionStage(["XDG_CACHE_HOME": "/dev/null"])
        try stage.writeLogin(more: #","revocation_endpoint":null"#)
        stage.script(
            .status(
                200,
                #"{"issuer":"https://as.example","revocation_endpoint":"https://as.example/r"}"#),
            .status(200), .status(200))
        #expect(try stage.logOut() == .revoked)
        #expect(
            stage.asked.dropFirst() == ["POST https://as.example/r", "POST https://as.example/r"])
    }

    @Test("USE-37: an endpoint that only the document of RFC 8414 names is found")
    func secondDocument() throws {
        try stage.writeLogin(more: #","revocation_endpoint":null"#)
        stage.script(
            .metadata(tokenEndpoint: "https://as.example/token"),
            .status(
                200,
                #"{"issuer":"https://as.example","revocation_endpoint":"https://as.example/r"}"#),
            .status(200), .status(200))
        #expect(try stage.logOut() == .revoked)
        #expect(
            stage.asked == [
                "GET https://as.example/.well-known/openid-configuration",
                "GET https://as.example/.well-known/oauth-authorization-server",
                "POST https://as.example/r", "POST https://as.example/r",
            ])
    }

    @Test("what other tools keep in the file stays, and nothing that belongs to a token")
    func survivors() throws {
        try stage.write(
            SessionStage.tokenFile,
            #"{"of_others":{"b":1,"a":1.50},"access_token":"ACCESS","refresh_token":"REFRESH","#
                + #""id_token":"ID","token_type":"Bearer","expires_in":9,"scope":"s","_iat":1,"#
                + #""_exp":2,"refresh_expires_in":9,"session_state":"x","not-before-policy":0,"#
                + #""planet_cred":{"lifetime":9}}"#)
        stage.script(.status(200), .status(200))
        #expect(try stage.logOut() == .revoked)
        #expect(
            try stage.read(SessionStage.tokenFile) == """
                {
                  "of_others": {
                    "b": 1,
                    "a": 1.50
                  }
                }
                """)
        #expect(permissions(of: stage.absolute(SessionStage.tokenFile)) == 0o600)
    }

    @Test("journals, pauses and files half written go too, in every place")
    func leftovers() throws {
        let folder = "home/.planet/m2m"
        let names = [
            "token.answer.0123", "token.backoff", "token.backoff.new.1234", "token.json.new",
        ]
        for name in names { try stage.write("\(folder)/\(name)", "x") }
        try stage.write("\(folder)/token.mine", "x")
        stage.script(.status(200), .status(200))
        #expect(try stage.logOut() == .revoked)
        #expect(names.filter { stage.exists("\(folder)/\($0)") } == [])
        #expect(stage.exists("\(folder)/token.mine"))
        #expect(stage.exists(SessionStage.lockFile))
    }

    @Test("a pause alone is forgotten, and nobody is logged in")
    func pause() throws {
        unlink(stage.absolute(SessionStage.tokenFile))
        try stage.write(SessionStage.backoffFile, "{}")
        #expect(try stage.logOut() == .nobodyLoggedIn)
        #expect(!stage.exists(SessionStage.backoffFile))
        #expect(stage.requestCount == 0)
    }

    @Test(
        "without a token nothing is asked and nothing made",
        arguments: [
            Example("no file", nil), Example("an empty file", "{}"),
            Example("a file of others", #"{"of_others":1}"#),
        ] as [Example<String?>])
    func nobody(_ example: Example<String?>) throws {
        unlink(stage.absolute(SessionStage.tokenFile))
        if let text = example.given { try stage.write(SessionStage.tokenFile, text) }
        #expect(try stage.logOut() == .nobodyLoggedIn)
        #expect(stage.requestCount == 0)
        #expect(!stage.exists(SessionStage.lockFile))
        #expect(stage.exists(SessionStage.tokenFile) == (example.given != nil))
    }

    @Test(
        "a token file without any token is deleted, and is no login",
        arguments: [Example("empty", ""), Example("cut off", "{"), Example("a list", "[]")])
    func broken(_ example: Example<String>) throws {
        try stage.write(SessionStage.tokenFile, example.given)
        #expect(try stage.logOut() == .nobodyLoggedIn)
        #expect(!stage.exists(SessionStage.tokenFile))
        #expect(stage.requestCount == 0)
        #expect(stage.happened.notices.count == 1)
    }

    @Test("every token that can be found in a broken file is revoked")
    func salvaged() throws {
        try stage.write(
            SessionStage.tokenFile,
            #"{"access_token":"A","refresh_token":"R"}{"refresh_token":"S","access_token":"B","x"#)
        for _ in 0..<4 { stage.script(.status(200)) }
        #expect(try stage.logOut() == .revoked)
        #expect(stage.happened.requests.map { $0.field("token") } == ["R", "S", "A", "B"])
        #expect(!stage.exists(SessionStage.tokenFile))
    }

    @Test("REF-10: no token in a broken file that names another server is sent to this one")
    func salvagedForeign() throws {
        try stage.write(
            SessionStage.tokenFile,
            #"{"refresh_token":"R","planet_cred":{"issued_for":"https://as.example id"}}"#
                + #"{"access_token":"A","planet_cred":{"issued_for":"https://as.example other"}"#)
        #expect(try stage.logOutFailure().kind == .unavailable)
        #expect(stage.requestCount == 0)
        #expect(!stage.exists(SessionStage.tokenFile))
    }

    @Test("a token file that is not ours is named and stays, and so does everything else")
    func notOurs() throws {
        unlink(stage.absolute(SessionStage.tokenFile))
        symlink("/dev/null", stage.absolute(SessionStage.tokenFile))
        #expect(try stage.logOutFailure().kind == .failed)
        #expect(stage.exists(SessionStage.tokenFile))
        #expect(stage.requestCount == 0)
    }

    @Test("a token that is kept in several places is revoked once, and goes everywhere")
    func places() throws {
        let elsewhere = try stage.fallbackFile()
        try stage.write(elsewhere, #"{"access_token":"ACCESS","refresh_token":"OTHER"}"#)
        stage.script(.status(200), .status(200), .status(200))
        #expect(try stage.logOut() == .revoked)
        #expect(
            stage.happened.requests.map { $0.field("token") } == ["REFRESH", "OTHER", "ACCESS"])
        #expect(!stage.exists(elsewhere))
        #expect(!stage.exists(SessionStage.tokenFile))
    }

    @Test("the tokens of an answer that nobody lived to read are revoked before the older ones")
    func journal() throws {
        try stage.writeAnswer(
            to: "REFRESH",
            #"{"access_token":"NEW","token_type":"Bearer","refresh_token":"NEWER"}"#)
        stage.script(.status(200), .status(200), .status(200), .status(200))
        #expect(try stage.logOut() == .revoked)
        #expect(
            stage.happened.requests.map { $0.field("token") }
                == ["NEWER", "REFRESH", "NEW", "ACCESS"])
    }

    @Test("answers that follow each other lead to the last refresh token of the session")
    func chain() throws {
        try stage.writeAnswer(
            to: "REFRESH",
            #"{"access_token":"TWO","token_type":"Bearer","refresh_token":"SECOND"}"#)
        try stage.writeAnswer(
            to: "SECOND",
            #"{"access_token":"THREE","token_type":"Bearer","refresh_token":"THIRD"}"#)
        for _ in 0..<6 { stage.script(.status(200)) }
        #expect(try stage.logOut() == .revoked)
        #expect(
            stage.happened.requests.map { $0.field("token") }
                == ["THIRD", "SECOND", "REFRESH", "TWO", "THREE", "ACCESS"])
    }

    @Test("a process in the background that comes after it gets no new token")
    func aheadAfter() throws {
        try stage.writeProfile()
        stage.script(.granted("new"))
        unlink(stage.absolute(SessionStage.tokenFile))
        try stage.session().renewAhead()
        #expect(stage.requestCount == 0)
        #expect(!stage.exists(SessionStage.tokenFile))
    }

    @Test("REF-10: a token that was issued for another client is not shown to this server")
    func foreign() throws {
        try stage.write(
            SessionStage.tokenFile,
            #"{"access_token":"a-long-enough-token","refresh_token":"REFRESH","planet_cred":"#
                + #"{"issued_for":"https://as.example other","token_ends":"enough-token"}}"#)
        let failure = try stage.logOutFailure()
        #expect(failure.kind == .unavailable)
        #expect(
            failure.because?.hasPrefix(
                "its tokens were issued by a different server or to a different client")
                == true)
        #expect(stage.requestCount == 0)
        #expect(!stage.exists(SessionStage.tokenFile))
    }

    @Test(
        "a token that was issued for this client is shown, whatever its scopes",
        arguments: [
            Example("as the profile says", "https://as.example id"),
            Example("with other scopes", "https://as.example id scope=a scope=b"),
        ])
    func own(_ example: Example<String>) throws {
        try stage.write(
            SessionStage.tokenFile,
            #"{"access_token":"a-long-enough-token","planet_cred":"#
                + #"{"issued_for":"\#(example.given)","token_ends":"enough-token"}}"#)
        stage.script(.status(200))
        #expect(try stage.logOut() == .revoked)
    }

    @Test("with --no-save there is nothing to log out of")
    func nothingSaved() throws {
        let failure = try stage.logOutFailure(of: stage.unsavedChoice())
        #expect(failure.kind == .usage)
        #expect(stage.exists(SessionStage.tokenFile))
    }
}

extension SessionStage {
    /// A profile of a person, and a session.
    func writeLogin(
        type: String = "oidc_device_code", more: String = "", life: Int64 = 3600
    ) throws {
        try writeObject(
            "home/.planet/m2m/auth_client.json",
            #"{"client_type":"\#(type)","client_id":"id","auth_server":"https://as.example","#
                + #""revocation_endpoint":"https://as.example/revoke"\#(more)}"#)
        try writeToken("ACCESS", expiresIn: life, more: #","refresh_token":"REFRESH""#)
    }

    func logOut(of choice: ProfileChoice? = nil) throws -> Logout.Outcome {
        try Logout(ProfileContext(choice ?? self.choice(), locations, world)).run()
    }

    func logOutFailure(of choice: ProfileChoice? = nil) throws -> Failure {
        try #require(throws: Failure.self) { try logOut(of: choice) }
    }

    /// Where the token of the profile goes that the home folder cannot take.
    func fallbackFile(_ name: String = "m2m") throws -> String {
        let home = SHA256.hexadecimalDigest(of: Array(locations.profiles.utf8)).prefix(8)
        try write("run/planet-cred/.made", "")
        return "run/planet-cred/\(name)-\(home)/token.json"
    }
}
