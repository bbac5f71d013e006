import CredCore
import TestSupport
import Testing

@Suite("HTTP response") struct HTTPResponseTests {
    @Test("status, headers and body are read")
    func complete() throws {
        let response = try parse(
            "HTTP/1.1 200 OK\r\nContent-Type:application/json\r\nDate: \t a b \t\r\n\r\n{\r\n}")
        #expect(response.status == 200)
        #expect(response.header("content-type") == "application/json")
        #expect(response.header("date") == "a b")
        #expect(response.body == Array("{\r\n}".utf8))
    }

    @Test(
        "a status line in any of its forms is read",
        arguments: [
            Row("no reason", "HTTP/1.1 204\r\n\r\n", 204),
            Row("an empty reason", "HTTP/1.1 204 \r\n\r\n", 204),
            Row("HTTP/2", "HTTP/2 503 \r\n\r\n", 503),
            Row("HTTP/1.0", "HTTP/1.0 400 Bad\r\n\r\n", 400),
            Row("lone LFs", "HTTP/1.1 401 No\nA: b\n\n", 401),
            Row(
                "after a proxy's hint", "HTTP/1.1 103 Early\r\nA: b\r\n\r\nHTTP/1.1 200\r\n\r\n",
                200),
            Row(
                "after two of them",
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 302 F\r\n\r\n",
                302),
        ])
    func status(_ row: Row<String, Int>) throws {
        #expect(try parse(row.given).status == row.wanted)
    }

    @Test(
        "bytes without a complete header block are refused",
        arguments: [
            Example("nothing", ""), Example("a status line alone", "HTTP/1.1 200 OK\r\n"),
            Example("no line end", "HTTP/1.1 200 OK"),
            Example("headers without an end", "HTTP/1.1 200 OK\r\nA: b\r\n"),
            Example("an empty line first", "\r\nHTTP/1.1 200 OK\r\n\r\n"),
            Example("HTML", "<html>\r\n\r\n</html>"),
            Example("another protocol", "ICY 200 OK\r\n\r\n"),
            Example("two digits", "HTTP/1.1 20 OK\r\n\r\n"),
            Example("four digits", "HTTP/1.1 2000 OK\r\n\r\n"),
            Example("a sign", "HTTP/1.1 +20 OK\r\n\r\n"), Example("no status", "HTTP/1.1\r\n\r\n"),
            Example("letters", "HTTP/1.1 OK! 200\r\n\r\n"),
            Example("a hint alone", "HTTP/1.1 100 Continue\r\n\r\n"),
            Example("a hint and noise", "HTTP/1.1 100 Continue\r\n\r\n{}"),
            Example("lone CRs", "HTTP/1.1 200 OK\r\r"),
        ])
    func refused(_ example: Example<String>) {
        #expect(HTTPResponse(wire: Array(example.given.utf8)) == nil)
    }

    @Test(
        "a header is found by its name, in lower case",
        arguments: [
            Row("capitals", "RETRY-AFTER: 7", "7"), Row("no space", "retry-after:7", "7"),
            Row("spaces around", "Retry-After: \t7\t ", "7"), Row("empty", "Retry-After:", ""),
            Row("spaces alone", "Retry-After:  ", ""),
            Row("a colon inside", "Retry-After: a:b", "a:b"),
            Row("the first of two", "Retry-After: 1\r\nRetry-After: 2", "1"),
            Row("a line without a colon before it", "noise\r\nRetry-After: 7", "7"),
            Row("another header", "X-Retry-After: 7", nil),
            Row("a space before the colon", "Retry-After : 7", nil),
            Row("a folded line", "X: y\r\n Retry-After: 7", nil),
        ] as [Row<String, String?>])
    func headers(_ row: Row<String, String?>) throws {
        #expect(
            try parse("HTTP/1.1 200 OK\r\n\(row.given)\r\n\r\n").header("retry-after")
                == row.wanted)
    }

    @Test(
        "an answer is whole once the body is as long as its one length says",
        arguments: [
            Row("whole", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", true),
            Row("HTTP/2", "HTTP/2 200 \r\ncontent-length: 2\r\n\r\n{}", true),
            Row("HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}", true),
            Row("lone LFs", "HTTP/1.1 200 OK\nContent-Length: 2\n\n{}", true),
            Row("spaces around", "HTTP/1.1 200 OK\r\nContent-Length: \t2 \r\n\r\n{}", true),
            Row(
                "after a hint",
                "HTTP/1.1 103 Early\r\nContent-Length: 9\r\n\r\n"
                    + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", true),
            Row("shorter", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{}", false),
            Row("longer", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n{}", false),
            Row("no body yet", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", false),
            Row("empty", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", false),
            Row("half a header", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n", false),
            Row("a hint alone", "HTTP/1.1 100 C\r\nContent-Length: 2\r\n\r\n{}", false),
            Row("a JSON object without a length", "HTTP/1.1 200 OK\r\n\r\n{\"a\":{}}\n", true),
            Row(
                "a JSON object in chunks",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{}", true),
            Row("half an object", "HTTP/1.1 200 OK\r\n\r\n{\"a\":{}", false),
            Row("another value", "HTTP/1.1 200 OK\r\n\r\n[{}]", false),
            Row("text without a length", "HTTP/1.1 200 OK\r\n\r\n{a}", false),
            Row(
                "two lengths",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}", false),
            Row("a list", "HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\n{}", false),
            Row("a sign", "HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\n{}", false),
            Row("hexadecimal", "HTTP/1.1 200 OK\r\nContent-Length: 0x2\r\n\r\n{}", false),
            Row("no digits", "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n{}", false),
            Row(
                "in chunks",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n{}",
                false),
            Row(
                "compressed",
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
                true),
            Row("another status", "HTTP/1.1 400 Bad\r\nContent-Length: 2\r\n\r\n{}", false),
            Row("a proxy's word", "HTTP/1.1 200 Connection established\r\n\r\n", false),
            Row("no HTTP", "ICY 200 OK\r\nContent-Length: 2\r\n\r\n{}", false),
            Row("nothing", "", false),
        ])
    func isWhole(_ row: Row<String, Bool>) {
        #expect(HTTPResponse.isWhole(Array(row.given.utf8)) == row.wanted)
    }

    @Test("a body may be any bytes")
    func bytes() throws {
        let body = Array(UInt8.min...UInt8.max)
        let response = try #require(
            HTTPResponse(wire: Array("HTTP/1.1 200 OK\r\n\r\n".utf8) + body))
        #expect(response.body == body)
    }

    @Test("a header that is not UTF-8 does not spoil the rest")
    func notUTF8() throws {
        let wire = Array("HTTP/1.1 200 OK\r\nA: ".utf8) + [0xFF] + Array("\r\nB: c\r\n\r\nd".utf8)
        let response = try #require(HTTPResponse(wire: wire))
        #expect(response.header("b") == "c")
        #expect(response.body == [0x64])
    }

    @Test("header lines of 1 MiB are read")
    func many() throws {
        let lines = String(repeating: "a: b\r\n", count: (1 << 20) / 6)
        #expect(try parse("HTTP/1.1 200 OK\r\n\(lines)\r\nbody").headers.count == 174_762)
    }

    @Test("hints of 1 MiB are skipped")
    func manyHints() throws {
        let hints = String(repeating: "HTTP/1.1 100 \n\n", count: (1 << 20) / 15)
        #expect(try parse("\(hints)HTTP/1.1 200 OK\n\n").status == 200)
    }

    private func parse(_ text: String) throws -> HTTPResponse {
        try #require(HTTPResponse(wire: Array(text.utf8)))
    }
}
