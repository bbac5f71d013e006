import CredCore
import TestSupport
import Testing

@Suite("Profile name") struct ProfileNameTests {
    @Test(
        "a name is a folder name in lower case",
        arguments: [
            Row("capitals", "Planet-User", "planet-user"), Row("a space", "app one", "app one"),
            Row("an underscore in front", "_PL_API_KEY", "_pl_api_key"),
            Row("dots inside", "a..b", "a..b"),
            Row("beyond ASCII", "ÄÉ", "äé"),
        ])
    func accepted(_ row: Row<String, String>) throws {
        #expect(try ProfileName(row.given).description == row.wanted)
    }

    @Test(
        "a name never leads out of the folder of profiles",
        arguments: [
            "", ".", "..", "../x", ".hidden", "/", "/etc", "a/b", "a/../b", "a/", "a\0", "a\n",
            "a\r\n", "a\u{7F}", "\t", ShownText(String(repeating: "a", count: 201)),
        ] as [ShownText])
    func refused(_ name: ShownText) throws {
        let failure = try #require(throws: Failure.self) { try ProfileName(name.text) }
        #expect(failure.kind == .profile)
    }

    @Test("names of 200 bytes are the longest")
    func longest() throws {
        let text = String(repeating: "a", count: 200)
        #expect(try ProfileName(text).description == text)
    }

    @Test("two folders are two names, even if Unicode calls them the same")
    func equivalent() throws {
        let names = [try ProfileName("caf\u{E9}"), try ProfileName("cafe\u{301}")]
        #expect(Set(names).count == 2)
        #expect(names[1] < names[0])
    }

    @Test("names are ordered and equal as their text")
    func order() throws {
        #expect(try ProfileName("A") == ProfileName("a"))
        #expect(try ProfileName("a") < ProfileName("b"))
        #expect(try ProfileName("planet-user") == .planetUser)
        #expect(try ProfileName("_PL_API_KEY") == .environmentKey)
    }
}
