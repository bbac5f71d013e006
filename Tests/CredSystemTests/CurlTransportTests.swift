import CredCore
import CredSystem
import Foundation
import PracticeServer
import TestSupport
import Testing

@Suite("HTTP by curl", .inTurn) struct CurlTransportTests {
    @Test("status, headers and body of an answer are told")
    func answer() throws {
        let server = try PracticeServer()
        server.script(
            "/place",
            [.status(418, headers: ["X-Note": "one", "Retry-After": "7"], text: "{\r\n\r\n}ä")])
        let response = try #require(get("\(server.url)/place?a=b%20c").response)
        #expect(response.status == 418)
        #expect(response.header("x-note") == "one")
        #expect(response.header("retry-after") == "7")
        #expect(response.body == Array("{\r\n\r\n}ä".utf8))
        #expect(server.requests.map(\.method) == ["GET"])
        #expect(server.requests.map(\.query) == ["a=b%20c"])
    }

    @Test("an answer without a body is an answer")
    func noBody() throws {
        let server = try RawServer("HTTP/1.1 204 No Content\r\n\r\n")
        let response = try #require(get("http://127.0.0.1:\(server.port)/").response)
        #expect(response.status == 204)
        #expect(response.body == [])
    }

    @Test("hints before the answer are not the answer")
    func hints() throws {
        let server = try RawServer(
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        let response = try #require(get("http://127.0.0.1:\(server.port)/").response)
        #expect(response.status == 200)
        #expect(response.body == Array("{}".utf8))
    }

    @Test("fields behind the body are no part of it")
    func trailers() throws {
        let server = try RawServer(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "2\r\n{}\r\n0\r\nServer-Timing: x\r\n\r\n")
        let response = try #require(get("http://127.0.0.1:\(server.port)/").response)
        #expect(response.body == Array("{}".utf8))
    }

    @Test(
        "a body ends where the answer says, whether or not the server then closes",
        arguments: [
            Row("at its length", "Content-Length: 2\r\n\r\n{}", "{}"),
            Row("more than its length", "Content-Length: 2\r\n\r\n{}more", "{}"),
            Row("in chunks", "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", "{}"),
            Row("after a JSON object without a length", "\r\n{}", "{}"),
            Row("in a coding", "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}", "{}"),
            Row("two lengths that agree", "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", "{}"),
        ])
    func framing(_ row: Row<String, String>) throws {
        for connection in [RawServer.Connection.closed, .kept] {
            let server = try RawServer("HTTP/1.1 200 OK\r\n\(row.given)", then: connection)
            let response = try #require(get("http://127.0.0.1:\(server.port)/").response)
            #expect(String(decoding: response.body, as: UTF8.self) == row.wanted)
        }
    }

    @Test("a body that is shorter than its length is no answer")
    func shortBody() throws {
        let server = try RawServer("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}")
        #expect(get("http://127.0.0.1:\(server.port)/").interruption != nil)
    }

    @Test(
        "what a POST brings is sent as it is",
        arguments: [
            Example("quotes and backslashes", #"a"b\"c\\d\n\t'e'"#),
            Example("line ends and tabs", "a\nb\r\nc\td\n"),
            Example("a name of a file", "@/etc/passwd"), Example("an option", "-o /tmp/x"),
            Example("a comment", "# a = b"),
            Example("the next option", "a\nurl = \"http://evil/\""),
            Example("letters outside ASCII", "ä漢😀e\u{301}"), Example("spaces", "  a  b  "),
            Example("controls", "a\u{1}b\u{B}c\u{7F}"), Example("nothing", ""),
            Example("globs and variables", "{a,b}[1-9]$HOME`id`%{url}"),
            Example("100 KB", String(repeating: "0123456789", count: 10_000)),
        ])
    func body(_ example: Example<String>) throws {
        let server = try RawServer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        let request = HTTPRequest(
            .post, try WebURL("http://127.0.0.1:\(server.port)/token"),
            headers: [.acceptJSON, .formContent], body: Secret(example.given))
        #expect(send(request).response?.status == 200)
        #expect(try server.body == example.given)
        #expect(try server.headers.first == "POST /token HTTP/1.1")
    }

    @Test("headers are sent as they are, with our name and without curl's own")
    func headers() throws {
        let server = try RawServer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        let request = HTTPRequest(
            .post, try WebURL("http://127.0.0.1:\(server.port)/"),
            headers: [
                .formContent, .acceptJSON, .init("Authorization", Secret(#"Basic a"b\c=="#)),
            ], body: Secret(String(repeating: "x", count: 2000)))
        _ = send(request)
        #expect(
            try server.headers.dropFirst().sorted() == [
                "Accept-Encoding: identity", "Accept: application/json",
                #"Authorization: Basic a"b\c=="#,
                "Content-Length: 2000", "Content-Type: application/x-www-form-urlencoded",
                "Host: 127.0.0.1:\(server.port)", "User-Agent: planet-cred/1.2.3",
            ])
    }

    @Test("brackets in a query are no pattern of ours")
    func globs() throws {
        let server = try PracticeServer()
        _ = get("\(server.url)/place?a=[1-3]")
        #expect(server.requests.map(\.query) == ["a=[1-3]"])
    }

    @Test("TOK-14: a redirect is an answer and is not followed")
    func redirect() throws {
        let server = try PracticeServer()
        server.script("/token", [.redirect(to: "\(server.url)/elsewhere")])
        #expect(get(server.tokenEndpoint).response?.status == 302)
        #expect(server.requests.map(\.path) == ["/token"])
    }

    @Test(
        "an answer that breaks off may be asked for again, but the request may have arrived",
        arguments: [
            Example("half a body", PracticeServer.Fault.Effect.truncate(missingByteCount: 5)),
            Example("a reset before it acts", .reset(.beforeActing)),
            Example("a reset after it acted", .reset(.afterActing)),
            Example("5 MiB", .huge(byteCount: 5 << 20)),
            Example("5 MiB of unknown length", .huge(byteCount: 5 << 20, framing: .chunked)),
        ])
    func interrupted(_ example: Example<PracticeServer.Fault.Effect>) throws {
        let server = try PracticeServer()
        server.faults = [PracticeServer.Fault(example.given)]
        #expect(
            try #require(get("\(server.issuer)/.well-known/openid-configuration").interruption)
                != "")
    }

    @Test(
        "what is no HTTP is not read as an answer",
        arguments: [
            Example("nothing", ""), Example("noise", "ICY 200 OK\r\n\r\n{}"),
            Example("half a header block", "HTTP/1.1 200 OK\r\nContent-Le"),
        ])
    func noHTTP(_ example: Example<String>) throws {
        let server = try RawServer(example.given)
        #expect(get("http://127.0.0.1:\(server.port)/").response == nil)
    }

    @Test("a server that does not answer in time may have got the request")
    func timeOut() throws {
        let server = try PracticeServer()
        server.faults = [PracticeServer.Fault(.stall)]
        #expect(try #require(get(server.url, timeLimit: 100).interruption) != "")
    }

    @Test("a port where nobody listens is told in curl's words, and nothing was sent")
    func refused() throws {
        let reason = try #require(get("http://127.0.0.1:1/").unreachability)
        #expect(reason.contains("127.0.0.1"))
        #expect(!reason.contains("curl: ("))
    }

    @Test("TLS that cannot be is no use to try again")
    func noTLS() throws {
        let server = try PracticeServer()
        let failure = try #require(get("https://127.0.0.1:\(server.port)/").failure)
        #expect(failure.kind == .unavailable)
        #expect(failure.what.contains("'127.0.0.1:\(server.port)'"))
        #expect(failure.because != nil)
    }

    @Test("TOK-15: a file of authorities that is not there is no use to try again")
    func noAuthorities() throws {
        let server = try PracticeServer()
        let request = HTTPRequest(
            .get, try WebURL("https://127.0.0.1:\(server.port)/"),
            certificateAuthorityFile: "/missing/\"authorities\".pem")
        #expect(try #require(send(request).failure).kind == .unavailable)
        #expect(server.requests.isEmpty)
    }

    private func get(_ url: String, timeLimit: Int64 = 300_000) -> TransportResult {
        do {
            return send(HTTPRequest(.get, try WebURL(url)), timeLimit: timeLimit)
        } catch {
            return .impossible(error)
        }
    }

    private func send(_ request: HTTPRequest, timeLimit: Int64 = 300_000) -> TransportResult {
        CurlTransport.send(request, timeLimit: timeLimit, version: "1.2.3")
    }
}

extension TransportResult {
    var response: HTTPResponse? {
        if case .answered(let response) = self { response } else { nil }
    }

    var unreachability: String? {
        if case .unreachable(let reason) = self { reason } else { nil }
    }

    var interruption: String? {
        if case .interrupted(let reason) = self { reason } else { nil }
    }

    var failure: Failure? {
        if case .impossible(let failure) = self { failure } else { nil }
    }
}
