import CredCore
import TestSupport
import Testing

/// What curl writes for a body that has fields behind it.
@Suite("Trailer fields") struct TrailerFieldTests {
    @Test(
        "behind a JSON object they are no part of the body",
        arguments: [
            Row("one", #"{"a":1}Server-Timing: x;dur=1\#r\#n"#, #"{"a":1}"#),
            Row("two and an empty line", "{}A: 1\r\nB:\r\n\r\n", "{}"),
            Row("after a line end", "{\r\n}\r\nA: 1\r\n", "{\r\n}"),
            Row(
                "after braces in text", #"{"a":"}\"}","b":{}}A: {"c":1}\#r\#n"#,
                #"{"a":"}\"}","b":{}}"#),
            Row("after a backslash in text", #"{"a":"\\"}A: 1\#r\#n"#, #"{"a":"\\"}"#),
        ])
    func removed(_ row: Row<String, String>) throws {
        #expect(try body(row.given) == row.wanted)
    }

    @Test(
        "anything else stays",
        arguments: [
            Example("an object", "{\"a\":1}\r\n\r\n"), Example("two objects", "{}{}"),
            Example("noise", "{} noise"), Example("half a field", "{}Server-Ti"),
            Example("a name that is none", "{}a b: 1\r\n"),
            Example("no name", "{}: 1\r\n"), Example("half an object", "{\"a\":\"}A: 1\r\n"),
            Example("text", "text\r\nA: 1\r\n"), Example("nothing", ""),
        ])
    func kept(_ example: Example<String>) throws {
        #expect(try body(example.given) == example.given)
    }

    private func body(_ text: String) throws -> String {
        let wire = Array("HTTP/1.1 200 OK\r\n\r\n\(text)".utf8)
        return String(decoding: try #require(HTTPResponse(wire: wire)).body, as: UTF8.self)
    }
}
