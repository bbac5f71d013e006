import CredCore
import TestSupport
import Testing

@Suite("JSON writer") struct JSONWriterTests {
    @Test("the indented layout is what Planet's Python tools write")
    func indented() throws {
        let text = #"{"a":[1,[],{}],"b":{"c":null},"d":"é","e":[{"f":true},[false]]}"#
        let value = try JSONValue(parsing: Array(text.utf8))
        #expect(
            value.text(.indented) == #"""
                {
                  "a": [
                    1,
                    [],
                    {}
                  ],
                  "b": {
                    "c": null
                  },
                  "d": "\u00e9",
                  "e": [
                    {
                      "f": true
                    },
                    [
                      false
                    ]
                  ]
                }
                """#)
    }

    @Test("the compact layout has no space at all")
    func compact() {
        let value = JSONValue.object(
            ["a": .array([.integer(1), .string("x y")]), "b": .object(JSONObject())])
        #expect(value.text(.compact) == #"{"a":[1,"x y"],"b":{}}"#)
    }

    @Test(
        "a string is written in ASCII with the escapes of Python",
        arguments: [
            Row("quote and backslash", "\"\\", #""\"\\""#),
            Row("a slash stays", "/", #""/""#),
            Row("short escapes", "\u{8}\u{C}\n\r\t", #""\b\f\n\r\t""#),
            Row("a CR and an LF, which Swift counts as one", "\r\n", #""\r\n""#),
            Row("other controls", "\0\u{1F}\u{7F}", #""\u0000\u001f\u007f""#),
            Row("a letter beyond ASCII", "é", #""\u00e9""#),
            Row("a decomposed letter stays so", "e\u{301}", #""e\u0301""#),
            Row("beyond the basic plane", "😀", #""\ud83d\ude00""#),
        ])
    func escapes(_ row: Row<String, String>) {
        #expect(JSONValue.string(row.given).text(.compact) == row.wanted)
    }

    @Test(
        "whatever is read survives writing and reading",
        arguments: [JSONValue.Layout.compact, .indented])
    func survives(_ layout: JSONValue.Layout) throws {
        let text = #"{"n":[0,-0,1.50,1E5,9223372036854775808],"s":["","\u0000é😀\ud83d\ude00"]}"#
        let value = try JSONValue(parsing: Array(text.utf8))
        #expect(try JSONValue(parsing: Array(value.text(layout).utf8)) == value)
    }
}
