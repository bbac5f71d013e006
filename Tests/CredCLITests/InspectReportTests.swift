import CredCLI
import CredCore
import CredSession
import Foundation
import Testing
import Workbench

import struct TestSupport.Row

@Suite("Inspect report") struct InspectReportTests {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
        try folder.writeProfile(#""introspection_endpoint":"https://as.example/introspect""#)
    }

    private static let header = #"{"alg":"RS256","kid":"k1","typ":"at+jwt"}"#
    private static let claims =
        #"{"iss":"https://as.example","aud":["a","b"],"exp":1700002520,"iat":1699999000,"#
        + #""auth_time":"x","n":1.50}"#

    @Test("the table tells the claims as they are, and times in UTC and from now")
    func table() throws {
        try writeToken(Self.jwt)
        #expect(
            try report(.table) == """
                profile       m2m
                cached in     \(folder.path)/.planet/m2m/token.json
                access token  JWT, RS256, key 'k1', not verified
                  iss         https://as.example
                  aud         ["a","b"]
                  exp         2023-11-14T22:55:20Z (in 42 min)
                  iat         2023-11-14T21:56:40Z (16 min ago)
                  auth_time   x
                  n           1.50

                """)
    }

    @Test("of an opaque token the table tells what the file says")
    func opaqueTable() throws {
        try writeToken("SECRET", more: #","scope":"a b""#)
        #expect(
            try report(.table) == """
                profile       m2m
                cached in     \(folder.path)/.planet/m2m/token.json
                access token  opaque (only its server can read it), not verified
                  received    2023-11-14T21:55:20Z (18 min ago)
                  expires     2023-11-14T22:55:20Z (in 42 min)
                  scope       a b

                """)
    }

    @Test("an ID token follows, and what the server says")
    func more() throws {
        try writeToken("SECRET", more: #","id_token":"\#(Self.jwt)""#)
        let text = try report(.table, answer: #"{"active":true,"sub":"me","exp":1700002520}"#)
        #expect(text.contains("\nid token      JWT, RS256, key 'k1', not verified\n  iss   "))
        #expect(
            text.hasSuffix(
                """
                server says   active (introspection)
                  sub         me
                  exp         2023-11-14T22:55:20Z (in 42 min)

                """))
    }

    @Test("a token that is not active is told so, and nothing else of it")
    func inactive() throws {
        try writeToken("SECRET")
        let text = try report(.table, answer: #"{"active":false,"sub":"me"}"#)
        #expect(text.hasSuffix("\nserver says   not active (introspection)\n"))
    }

    @Test("the JSON tells header and claims whole, and that nobody verified them")
    func json() throws {
        try writeToken(Self.jwt, more: #","id_token":"opaque""#)
        let object = try object()
        let access = try #require(object["access_token"]?.object)
        #expect(object.members.map(\.name) == ["profile", "access_token", "id_token"])
        #expect(
            access.members.map(\.name) == [
                "format", "verified", "header", "claims", "expires_at", "rejected",
            ])
        #expect(object["profile"] == .string("m2m"))
        #expect(access["format"] == .string("jwt"))
        #expect(access["verified"] == .bool(false))
        #expect(access["header"] == (try JSONValue(parsing: Array(Self.header.utf8))))
        #expect(access["claims"] == (try JSONValue(parsing: Array(Self.claims.utf8))))
        #expect(access["expires_at"] == .integer(1_700_002_520))
        #expect(
            object["id_token"]
                == .object(["format": .string("opaque"), "verified": .bool(false)]))
    }

    @Test("the JSON of an opaque token tells what the file says")
    func opaqueJSON() throws {
        try writeToken("SECRET", more: #","scope":"a b""#)
        #expect(
            try object()["access_token"]
                == .object([
                    "format": .string("opaque"), "verified": .bool(false),
                    "received_at": .integer(1_699_998_920), "scope": .string("a b"),
                    "expires_at": .integer(1_700_002_520), "rejected": .bool(false),
                ]))
    }

    @Test("the server's members cannot take the place of ours")
    func remoteJSON() throws {
        try writeToken("SECRET")
        let answer = #"{"active":true,"source":"elsewhere","sub":"me"}"#
        #expect(
            try object(answer: answer)["remote"]
                == .object([
                    "source": .string("introspection"), "active": .bool(true),
                    "sub": .string("me"),
                ]))
    }

    @Test(
        "SEC-04: the token is in no report, whatever the server answers",
        arguments: [ReportLayout.table, .json])
    func secrets(_ layout: ReportLayout) throws {
        try writeToken(Self.jwt, more: #","id_token":"\#(Self.jwt)","refresh_token":"SECRET""#)
        let text = try report(layout, answer: #"{"active":true,"token":"\#(Self.jwt)"}"#)
        #expect(!text.contains(Self.jwt))
        #expect(!text.contains("SECRET"))
    }

    @Test("what a token says cannot steer the terminal")
    func controls() throws {
        let claims = #"{"a\u001b[31m\nb":"\u001b[31mred\nline","exp":1e300}"#
        try writeToken(Self.token(claims))
        let text = try report(.table)
        #expect(text.contains("\n  a [31m b     [31mred line\n"))
        #expect(text.contains("\n  exp         9223372036854775807\n"))
    }

    private static let jwt = token(claims)

    private static func token(_ claims: String) -> String {
        let parts = [header, claims, "sig"].map { Base64.encode(Array($0.utf8), .url) }
        return parts.joined(separator: ".")
    }

    private func writeToken(_ token: String, more: String = "") throws {
        try folder.write(
            ".planet/m2m/token.json",
            #"{"access_token":"\#(token)","_iat":1699998920,"_exp":1700002520\#(more)}"#)
    }

    private func object(answer: String? = nil) throws -> JSONObject {
        try #require(try JSONValue(parsing: Array(report(.json, answer: answer).utf8)).object)
    }

    /// - Parameter answer: what the server says to introspection; `nil` asks nobody.
    private func report(_ layout: ReportLayout, answer: String? = nil) throws -> String {
        let locations = Locations(home: folder.path) { _ in nil }
        let choice = try ProfileSelection(
            ProfileRequest(name: .example("m2m"), file: nil, storage: .saved), locations
        ).choose()
        var world = World.still
        world.engines.send = { _, _, _ in
            .answered(HTTPResponse(status: 200, headers: [], body: Array((answer ?? "").utf8)))
        }
        let inspected = try Inspection(ProfileContext(choice, locations, world))
            .run(answer == nil ? [] : [.opinion])
        return InspectReport(
            profile: choice.profile.name, inspected: inspected, now: world.clock.now()
        ).text(layout)
    }
}
