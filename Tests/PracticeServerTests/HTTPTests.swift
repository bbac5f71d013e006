import Foundation
import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("HTTP", .inTurn) struct HTTPTests {
    @Test("two requests share a connection") func keepAlive() async throws {
        let server = try PracticeServer()
        _ = try await Curl.run(server.url + "/one", server.url + "/two")
        #expect(server.requests.map(\.path) == ["/one", "/two"])
        #expect(server.connectionCount == 1)
    }

    @Test("a connection closes when the client asks for it") func close() async throws {
        let server = try PracticeServer()
        let answer = try await Curl.run(
            server.url + "/one", server.url + "/two", "--header", "Connection: close")
        #expect(answer.values(of: "Connection") == ["close", "close"])
        #expect(server.connectionCount == 2)
    }

    @Test("a body in chunks arrives in one piece") func chunks() async throws {
        let server = try PracticeServer()
        let body = Data((0..<300_000).map { UInt8(truncatingIfNeeded: $0) })
        _ = try await Curl.run(
            server.url, "--data-binary", "@-", "--header", "Transfer-Encoding: chunked",
            input: body)
        #expect(server.requests.first.map { Data($0.body) } == body)
    }

    @Test("a client that waits for permission to send gets it") func expectContinue() async throws {
        let server = try PracticeServer()
        let answer = try await Curl.run(
            server.url, "--data-binary", "@-", "--header", "Expect: 100-continue",
            "--expect100-timeout", "600", input: Data(repeating: 0x61, count: 2 << 20))
        #expect(answer.headers.hasPrefix("HTTP/1.1 100 Continue"))
        #expect(server.requests.first?.body.count == 2 << 20)
    }

    @Test("a body above 16 MiB is refused and the client sees why") func tooLarge() async throws {
        let server = try PracticeServer()
        let answer = try await Curl.run(
            server.url, "--data-binary", "@-", "--header", "Expect:",
            input: Data(repeating: 0x61, count: (16 << 20) + 1))
        #expect(answer.status == 413)
        #expect(server.requests.isEmpty)
    }

    @Test("HEAD has the headers of GET and no body") func head() async throws {
        let server = try PracticeServer()
        let answer = try await Curl.run(
            "--head", server.issuer + "/.well-known/openid-configuration")
        #expect(answer.status == 200)
        #expect(answer.values(of: "Content-Length").first.flatMap(Int.init) ?? 0 > 100)
        #expect(answer.exitStatus == 0)
    }

    struct Malformed: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var text: String
        var status: Int
    }

    @Test(
        "what is not a request is refused",
        arguments: [
            Malformed(testDescription: "garbage", text: "\u{16}\u{3}\u{1}\n", status: 400),
            Malformed(testDescription: "HTTP/2", text: "PRI * HTTP/2.0\r\n", status: 400),
            Malformed(
                testDescription: "no colon", text: "GET / HTTP/1.1\r\nX\r\n\r\n", status: 400),
            Malformed(
                testDescription: "folded", text: "GET / HTTP/1.1\r\n X: y\r\n\r\n", status: 400),
            Malformed(
                testDescription: "two lengths",
                text: "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                status: 400),
            Malformed(
                testDescription: "a negative length",
                text: "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", status: 400),
            Malformed(
                testDescription: "an endless length",
                text: "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", status: 413
            ),
            Malformed(
                testDescription: "length and chunks",
                text: "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                status: 400),
            Malformed(
                testDescription: "an unknown coding",
                text: "POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", status: 501),
            Malformed(
                testDescription: "a huge chunk",
                text: "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffff\r\n",
                status: 413),
            Malformed(
                testDescription: "a broken chunk",
                text: "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", status: 400),
            Malformed(
                testDescription: "an endless header",
                text: "GET / HTTP/1.1\r\nX: " + String(repeating: "x", count: 100_000), status: 431),
        ])
    func malformed(_ row: Malformed) throws {
        let server = try PracticeServer()
        let client = try LocalClient(port: server.port)
        client.send(row.text)
        client.finish()
        #expect(client.answer.hasPrefix("HTTP/1.1 \(row.status) "))
        #expect(server.requests.isEmpty)
    }

    @Test(
        "clients that go away in the middle do no harm",
        arguments: [
            "", "\r\n", ShownText(String(repeating: "\r\n", count: 100_000)), "GET / HT",
            "GET / HTTP/1.1\r\nHost: a",
            "POST /token HTTP/1.1\r\nContent-Length: 100\r\n\r\ngrant",
            "POST /token HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        ] as [ShownText])
    func abandoned(_ example: ShownText) async throws {
        let server = try PracticeServer()
        do {
            let client = try LocalClient(port: server.port)
            client.send(example.text)
            client.finish()
            #expect(client.answer == "")
        }
        #expect(try await Curl.token(server).status == 200)
    }

    @Test("requests sent at once are answered in order") func pipelined() throws {
        let server = try PracticeServer()
        let client = try LocalClient(port: server.port)
        client.send(
            "GET /a HTTP/1.1\r\n\r\nGET http://host/b?c HTTP/1.1\r\n\r\nGET /d HTTP/1.0\r\n\r\n")
        let answers = client.answer
        #expect(answers.components(separatedBy: "HTTP/1.1 404").count == 4)
        #expect(server.requests.map(\.path) == ["/a", "/b", "/d"])
    }

    @Test("random bytes never end the server") func randomBytes() throws {
        let server = try PracticeServer()
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        for _ in 0..<200 {
            let alphabet = Array("GET / HTTP/1.1\r\n:; 0aF\u{FF}")
            let text = (0..<60).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return alphabet[Int((state >> 33) % UInt64(alphabet.count))]
            }
            let client = try LocalClient(port: server.port)
            client.send("POST / HTTP/1.1\r\n" + String(text))
            client.finish()
            _ = client.answer
        }
        #expect(server.connectionCount == 200)
    }
}
