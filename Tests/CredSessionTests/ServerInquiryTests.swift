import CredCore
import CredSession
import TestSupport
import Testing
import Workbench

/// Which server is asked about a token, and what is made of its answer.
@Suite("Asking the server about a token") struct ServerInquiryTests {
    private let stage: SessionStage

    init() throws {
        stage = try SessionStage()
        try stage.writeToken("TOKEN", expiresIn: 3600)
    }

    private static let introspection = #""introspection_endpoint":"https://as.example/introspect""#
    private static let userinfo = #""userinfo_endpoint":"https://as.example/userinfo""#

    @Test("INTR-01: introspection comes first, with the client's proof")
    func introspection() throws {
        try stage.writeProfile("\(Self.introspection),\(Self.userinfo)")
        stage.script(.status(200, #"{"active":true,"scope":"a"}"#))
        let answer = try #require(try stage.inspect(.opinion).serverAnswer)
        #expect(answer.source == .introspection)
        #expect(answer.isActive)
        #expect(answer.members == ["scope": .string("a")])
        let request = try #require(stage.happened.requests.first)
        #expect(stage.asked == ["POST https://as.example/introspect"])
        #expect(request.field("client_secret") == "s3cret")
    }

    @Test("INTR-01: a token that is not active is nothing else, whatever else is there")
    func inactive() throws {
        try stage.writeProfile(Self.introspection)
        stage.script(.status(200, #"{"active":false,"scope":"a","exp":9999999999}"#))
        let answer = try #require(try stage.inspect(.opinion).serverAnswer)
        #expect(!answer.isActive)
        #expect(answer.members == JSONObject())
    }

    @Test("INTR-01: a token is asked about only when somebody wants to know")
    func unasked() throws {
        try stage.writeProfile(Self.introspection)
        #expect(try stage.token() == "TOKEN")
        _ = try stage.inspect()
        #expect(stage.requestCount == 0)
    }

    @Test(
        "a client that may not introspect shows the token instead",
        arguments: [
            Example("401", .status(401, #"{"error":"invalid_client"}"#)),
            Example("403", .status(403)),
            Example("no answer to the question", .status(200, "{}")),
        ] as [Example<TransportResult>])
    func userinfo(_ example: Example<TransportResult>) throws {
        try stage.writeLogin(more: ",\(Self.introspection),\(Self.userinfo)")
        stage.script(example.given, .status(200, #"{"sub":"me"}"#))
        let answer = try #require(try stage.inspect(.opinion).serverAnswer)
        #expect(answer.source == .userinfo)
        #expect(answer.members == ["sub": .string("me")])
        #expect(
            stage.asked == [
                "POST https://as.example/introspect", "GET https://as.example/userinfo",
            ])
    }

    @Test("a token that is shown and not taken is not active")
    func notTaken() throws {
        try stage.writeLogin(more: ",\(Self.userinfo),\(Self.introspection)")
        stage.script(.status(403), .status(401))
        let answer = try #require(try stage.inspect(.opinion).serverAnswer)
        #expect(answer.source == .userinfo)
        #expect(!answer.isActive)
    }

    @Test("Sentinel Hub tells about tokens at a place of its own")
    func tokeninfo() throws {
        try stage.writeProfile(
            #""auth_server":"https://services.sentinel-hub.com/oauth""#)
        try stage.writeToken("TOKEN", expiresIn: 3600)
        stage.script(.status(404), .status(404), .status(200, #"{"sub":"me"}"#))
        let answer = try #require(try stage.inspect(.opinion).serverAnswer)
        #expect(answer.source == .tokeninfo)
        #expect(stage.asked.last == "GET https://services.sentinel-hub.com/oauth/tokeninfo")
    }

    @Test("a server that tells nothing is told as such, with all that it said")
    func nowhere() throws {
        try stage.writeLogin(more: ",\(Self.introspection),\(Self.userinfo)")
        stage.script(.status(403), .status(403, #"{"error":"insufficient_scope"}"#))
        let failure = try stage.inspectFailure(.opinion)
        #expect(failure.kind == .unavailable)
        #expect(
            failure.because
                == "introspection: the server answered with HTTP status 403; "
                + "userinfo: the server answered 'insufficient_scope'")
    }

    @Test(
        "a server that does not answer now may answer later",
        arguments: [Example("offline", .unreachable("refused")), Example("busy", .down)]
            as [Example<TransportResult>])
    func busy(_ example: Example<TransportResult>) throws {
        try stage.writeProfile(Self.introspection)
        stage.script(example.given)
        let failure = try stage.inspectFailure(.opinion)
        #expect(failure.kind == .tryAgain)
        #expect(failure.remedy == "planet-cred inspect --remote --profile m2m")
        #expect(stage.requestCount == 1)
    }

    @Test("a secret that cannot be had is no reason not to show the token")
    func noSecret() throws {
        try stage.writeProfile(
            "\(Self.introspection),\(Self.userinfo),"
                + #""planet_cred":{"client_secret_file":"missing"}"#)
        stage.script(.status(200, "{}"))
        #expect(try stage.inspect(.opinion).serverAnswer?.source == .userinfo)
    }

    @Test("SEC-04: a server that repeats what it was sent is not repeated")
    func echo() throws {
        try stage.writeProfile(Self.introspection)
        stage.script(.status(200, #"{"active":true,"a":["TOKEN",{"b":"x s3cret"}],"n":1}"#))
        let members = try #require(try stage.inspect(.opinion).serverAnswer?.members)
        #expect(
            members["a"]
                == .array([.string("<redacted>"), .object(["b": .string("x <redacted>")])]))
        #expect(members["n"] == .integer(1))
    }

    @Test("what to do about a token that is not active depends on who can get another")
    func remedy() throws {
        try stage.writeProfile()
        let client = Inspection(ProfileContext(try stage.choice(), stage.locations, stage.world))
        #expect(client.inactive.kind == .loginRequired)
        #expect(client.inactive.remedy == "planet-cred token --rejected --profile m2m")
        try stage.writeLogin()
        let person = Inspection(ProfileContext(try stage.choice(), stage.locations, stage.world))
        #expect(person.inactive.remedy == "planet-cred login m2m")
    }
}
