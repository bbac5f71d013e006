import CredCore
import CredSession
import TestSupport
import Testing
import Workbench

/// A server whose clock differs from ours.
@Suite("Clocks that differ") struct ClockTests {
    private let stage: SessionStage

    init() throws {
        stage = try SessionStage()
        try stage.writeProfile()
    }

    private func granted(_ token: String = "t", date: String) -> TransportResult {
        .status(
            200, #"{"access_token":"\#(token)","token_type":"Bearer","expires_in":3600}"#,
            headers: "Date: \(date)\r\n")
    }

    // Our clock says 22:13:20.
    @Test(
        "USE-27: the difference is recorded with the token if it is more than a minute",
        arguments: [
            Row("two hours ahead", "Wed, 15 Nov 2023 00:13:20 GMT", 7200),
            Row("two hours behind", "Tue, 14 Nov 2023 20:13:20 GMT", -7200),
            Row("61 s ahead", "Tue, 14 Nov 2023 22:14:21 GMT", 61),
            Row("a minute ahead", "Tue, 14 Nov 2023 22:14:20 GMT", nil),
            Row("a minute behind", "Tue, 14 Nov 2023 22:12:20 GMT", nil),
            Row("the same", "Tue, 14 Nov 2023 22:13:20 GMT", nil), Row("a word", "today", nil),
            Row("nothing", "", nil),
        ] as [Row<String, Int64?>])
    func recorded(_ row: Row<String, Int64?>) throws {
        stage.script(granted(date: row.given))
        _ = try stage.token()
        let record = try stage.json(SessionStage.tokenFile)["planet_cred"]?.object
        #expect(record?["clock_difference"]?.integer == row.wanted)
        #expect(try stage.session().status().clockDifference == row.wanted)
        #expect(
            try Inspection(stage.context()).run([]).clockDifference == row.wanted)
    }

    @Test("USE-27: the token is as good as its lifetime says, whatever the server's clock says")
    func lifetime() throws {
        let claims = #""exp":\#(SessionStage.start - 3600),"iat":\#(SessionStage.start - 7200)"#
        stage.script(granted(jwt(claims), date: "Tue, 14 Nov 2023 20:13:20 GMT"))
        _ = try stage.token()
        let status = try stage.session().status()
        #expect(status.state == .valid)
        #expect(status.expiresAt == UnixTime(SessionStage.start + 3600))
        stage.pass(seconds: 3000)
        #expect(try stage.token() == jwt(claims))
    }

    @Test("USE-27: the next token, from a server whose clock is right again, has no difference")
    func corrected() throws {
        stage.script(
            granted(date: "Wed, 15 Nov 2023 00:13:20 GMT"),
            granted("u", date: "Tue, 14 Nov 2023 23:13:20 GMT"))
        _ = try stage.token()
        stage.pass(seconds: 3600)
        #expect(try stage.token() == "u")
        #expect(try stage.session().status().clockDifference == nil)
    }

    @Test(
        "USE-27: the difference in words",
        arguments: [
            Row("ahead", 7200, "the server's clock is 2 h 0 min ahead of this machine's"),
            Row("behind", -300, "the server's clock is 5 min behind this machine's"),
        ] as [Row<Int64, String>])
    func words(_ row: Row<Int64, String>) {
        #expect(row.given.asClockDifference == row.wanted)
    }

    @Test("USE-27: an ID token that is good by the server's clock is good")
    func idToken() throws {
        let login = try LoginStage(#""client_type":"oidc_device_code""#)
        let now = SessionStage.start + 7200
        let claims =
            #""iss":"https://as.example","aud":"id","sub":"me","iat":\#(now),"nbf":\#(now),"exp":\#(now + 60)"#
        login.stage.script(
            .device,
            .status(
                200,
                #"{"access_token":"t","token_type":"Bearer","expires_in":3600,"id_token":"\#(jwt(claims))"}"#,
                headers: "Date: Wed, 15 Nov 2023 00:13:25 GMT\r\n"))
        #expect(try login.run().person == "me")
        #expect(login.stage.happened.notices.allSatisfy { !$0.contains("ID token") })
    }

    @Test("USE-27: one that is not says how far the clocks differ")
    func badIDToken() throws {
        let login = try LoginStage(#""client_type":"oidc_device_code""#)
        let claims =
            #""iss":"https://as.example","aud":"id","sub":"me","exp":\#(SessionStage.start - 9000)"#
        login.stage.script(
            .device,
            .status(
                200,
                #"{"access_token":"t","token_type":"Bearer","expires_in":3600,"id_token":"\#(jwt(claims))"}"#,
                headers: "Date: Tue, 14 Nov 2023 20:13:25 GMT\r\n"))
        _ = try login.run()
        let notice = try #require(
            login.stage.happened.notices.first { $0.contains("ID token") })
        #expect(notice.hasSuffix("; the server's clock is 2 h 0 min behind this machine's"))
    }
}
