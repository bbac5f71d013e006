import CredCLI
import CredCore
import CredSession
import Foundation
import Testing
import Workbench

import struct TestSupport.Example
import struct TestSupport.Row

@Suite("Status report") struct StatusReportTests {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
        try folder.writeProfile(#""planet_cred":{"hosts":["a.example","*.b.example"]}"#)
    }

    @Test("the table tells profile, server, hosts and how long the token lasts")
    func table() throws {
        try writeToken(expiresAt: 1_700_000_000 + 3500)
        #expect(
            try report(.table) == """
                profile        m2m
                who            client id
                chosen by      --profile
                overrides      PL_API_KEY
                configured in  \(folder.path)/.planet/m2m/auth_client.json
                method         client credentials
                server         https://as.example
                client         id
                hosts          a.example, *.b.example
                credential     valid until 2023-11-14T23:11:40Z (in 58 min)
                cached in      \(folder.path)/.planet/m2m/token.json

                """)
    }

    @Test("the JSON tells the same to programs")
    func json() throws {
        try writeToken(expiresAt: 1_700_000_000 + 3500)
        let text = try report(.json)
        let object = try #require(try JSONValue(parsing: Array(text.utf8)).object)
        let credential = try #require(object["credential"]?.object)
        #expect(object["profile"] == .string("m2m"))
        #expect(object["chosen_by"] == .string("--profile"))
        #expect(object["hides"] == .array([.string("PL_API_KEY")]))
        #expect(object["hosts"] == .array([.string("a.example"), .string("*.b.example")]))
        #expect(credential["state"] == .string("good"))
        #expect(credential["expires_in"] == .integer(3500))
        #expect(credential["refresh_token"] == .bool(false))
        #expect(text.hasSuffix("}\n"))
    }

    @Test(
        "the state of the token is told in words and in one word",
        arguments: [
            Row("good", 1_700_003_600, "good"), Row("ageing", 1_700_000_700, "ageing"),
            Row("spent", 1_700_000_001, "spent"), Row("none", nil, "missing"),
        ] as [Row<Int64?, String>])
    func states(_ row: Row<Int64?, String>) throws {
        if let end = row.given { try writeToken(expiresAt: end) }
        let text = try report(.json)
        let object = try #require(try JSONValue(parsing: Array(text.utf8)).object)
        #expect(object["credential"]?.object?["state"] == .string(row.wanted))
    }

    @Test("SEC-04: neither secret nor token is in a report")
    func secrets() throws {
        try writeToken(expiresAt: 1_700_003_600)
        #expect(try !report(.table).contains("SECRET"))
        #expect(try !report(.json).contains("SECRET"))
    }

    @Test("what a file says cannot steer the terminal")
    func controls() throws {
        try folder.write(
            ".planet/m2m/token.backoff", #"{"until":1700000060,"reason":"\u001b[31mred\nline"}"#)
        let text = try report(.table)
        #expect(text.contains("backing off    until 2023-11-14T22:14:20Z:  [31mred line\n"))
    }

    private func writeToken(expiresAt end: Int64) throws {
        try folder.write(
            ".planet/m2m/token.json",
            #"{"access_token":"SECRET","_iat":\#(end - 3600),"_exp":\#(end)}"#)
    }

    private func report(_ layout: ReportLayout) throws -> String {
        let locations = Locations(home: folder.path) { $0 == "PL_API_KEY" ? "k" : nil }
        let selection = ProfileSelection(
            ProfileRequest(name: .example("m2m"), file: nil, storage: .saved), locations)
        let choice = try selection.choose()
        let session = Session(ProfileContext(choice, locations, .still))
        let report = StatusReport(
            choice: choice, hidden: selection.hidden(by: choice), status: session.status(),
            now: World.still.clock.now())
        return report.text(layout)
    }
}

extension ScratchFolder {
    /// Writes the profile `m2m` with these members on top of the usual ones.
    func writeProfile(_ members: String) throws {
        try write(
            ".planet/m2m/auth_client.json",
            #"{"client_type":"oidc_client_credentials_secret","client_id":"id","#
                + #""client_secret":"SECRET","auth_server":"https://as.example",\#(members)}"#)
    }
}
