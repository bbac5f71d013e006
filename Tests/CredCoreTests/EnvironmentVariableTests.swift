import CredCore
import TestSupport
import Testing

@Suite("Environment variable") struct EnvironmentVariableTests {
    @Test(
        "placeholders are replaced, once",
        arguments: [
            Row("the token", "{token}", "<token>"),
            Row("text around", "a {token} b", "a <token> b"),
            Row(
                "each one", "{token}{authorization}{expires_at}{profile}",
                "<token><authorization><expires_at><profile>"),
            Row("twice", "{token}:{token}", "<token>:<token>"), Row("text alone", "abc", "abc"),
            Row("nothing", "", ""), Row("a closing brace", "a}b{token}}", "a}b<token>}"),
            Row(
                "a line end", "Authorization: {authorization}\r\n",
                "Authorization: <authorization>\r\n"),
            Row("letters beyond ASCII", "é{token}é", "é<token>é"),
        ])
    func templates(_ row: Row<String, String>) throws {
        let variable = try EnvironmentVariable(name: "A", template: row.given, kind: .usage)
        #expect(variable.value { "<\($0.rawValue)>" } == Secret(row.wanted))
    }

    @Test("without a template the value is the token")
    func noTemplate() throws {
        let variable = try EnvironmentVariable(name: "A", kind: .usage)
        #expect(variable.value { $0.rawValue } == Secret("token"))
    }

    @Test("a value that looks like a placeholder stays")
    func noSecondRound() throws {
        let variable = try EnvironmentVariable(name: "A", template: "{token}", kind: .usage)
        #expect(variable.value { _ in "{profile}" } == Secret("{profile}"))
    }

    @Test(
        "a template with an unknown placeholder is refused",
        arguments: [
            "{", "{}", "{Token}", "{ token }", "{token", "{{token}}", "{token}{", "{secret}",
            "{token{profile}", "a\0b", "{token}\0",
        ])
    func wrongTemplate(_ template: String) throws {
        let failure = try #require(throws: Failure.self) {
            try EnvironmentVariable(name: "A", template: template, kind: .profile)
        }
        #expect(failure.kind == .profile)
    }

    @Test("a name of letters, digits and underscores is taken", arguments: ["A", "_", "aZ_09"])
    func names(_ name: String) throws {
        #expect(try EnvironmentVariable(name: name, kind: .usage).name == name)
    }

    @Test(
        "what no shell can name is refused",
        arguments: [
            "", "1A", "A=B", "A B", "A-B", "A.B", "Ä", "A\0", "A\n", "A\u{301}",
        ] as [ShownText])
    func wrongNames(_ name: ShownText) throws {
        let failure = try #require(throws: Failure.self) {
            try EnvironmentVariable(name: name.text, kind: .usage)
        }
        #expect(failure.kind == .usage)
    }
}
