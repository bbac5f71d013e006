import CredCore
import CredSystem
import Glibc
import TestSupport
import Testing
import Workbench

/// Who else may come to the port: other programs of this machine, and pages of other sites.
@Suite("Strangers at the loopback listener", .inTurn)
struct LoopbackStrangersTests {
    private static let tlsHello: [UInt8] =
        [0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3] + [UInt8](0...99)

    @Test(
        "what is no request for us is refused, and the browser is served all the same",
        arguments: [
            Row("HEAD", "HEAD / HTTP/1.1\r\nHost: HOST\r\n\r\n", 405),
            Row("POST", "POST / HTTP/1.1\r\nHost: HOST\r\nContent-Length: 1\r\n\r\n1", 405),
            Row("OPTIONS", "OPTIONS / HTTP/1.1\r\nHost: HOST\r\n\r\n", 405),
            Row("small letters", "get / HTTP/1.1\r\nHost: HOST\r\n\r\n", 405),
            Row("a request to a proxy", "GET http://HOST/ HTTP/1.1\r\nHost: HOST\r\n\r\n", 400),
            Row("HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
            Row("HTTP/0.9", "GET /\r\n\r\n", 400),
            Row("no host", "GET / HTTP/1.1\r\n\r\n", 400),
            Row("two hosts", "GET / HTTP/1.1\r\nHost: HOST\r\nHost: HOST\r\n\r\n", 400),
            Row("a folded line", "GET / HTTP/1.1\r\nHost:\r\n HOST\r\n\r\n", 400),
            Row("no colon", "GET / HTTP/1.1\r\nHost: HOST\r\nwhat\r\n\r\n", 400),
            Row("letters", "GET /ä HTTP/1.1\r\nHost: HOST\r\n\r\n", 400),
            Row("an empty line first", "\r\nGET / HTTP/1.1\r\nHost: HOST\r\n\r\n", 400),
            Row("another language", "hello\n", 400),
        ])
    func refused(_ row: Row<String, Int>) throws {
        var listener = try LoopbackListener([.ipv4], port: nil)
        let stranger = try LocalClient(port: listener.port)
        stranger.send(row.given.replacing("HOST", with: listener.host))
        try listener.serveBrowser()
        #expect(stranger.status == row.wanted)
    }

    @Test(
        "LOOP-05: a request to another name is refused, for it is a page of another site that sends it",
        arguments: [
            "evil.example", "evil.example:PORT", "localhost.evil.example:PORT", "127.0.0.1.:PORT",
            "localhost", "127.0.0.1:1", "127.0.0.2:PORT", "0.0.0.0:PORT", "::1:PORT", "",
        ])
    func host(_ host: String) throws {
        var listener = try LoopbackListener([.ipv4], port: nil)
        let stranger = try LocalClient(port: listener.port)
        stranger.get("/", host: host.replacing("PORT", with: "\(listener.port)"))
        try listener.serveBrowser()
        #expect(stranger.status == 400)
    }

    @Test("who asks for TLS is told at once that there is none")
    func tls() throws {
        var listener = try LoopbackListener([.ipv4], port: nil)
        let stranger = try LocalClient(port: listener.port).send(Self.tlsHello)
        try listener.serveBrowser()
        #expect(stranger.status == 400)
    }

    @Test("an answer to HEAD has no body, and tells what is allowed")
    func head() throws {
        var listener = try LoopbackListener([.ipv4], port: nil)
        let stranger = try LocalClient(port: listener.port)
        stranger.send("HEAD / HTTP/1.1\r\nHost: \(listener.host)\r\n\r\n")
        try listener.serveBrowser()
        let answer = stranger.answer
        #expect(answer.contains("\r\nAllow: GET\r\n"))
        #expect(answer.hasSuffix("\r\n\r\n"))
    }

    @Test(
        "a connection that ends before its request is closed without an answer",
        arguments: [Example("empty", ""), Example("half a header", "GET / HTTP/1.1\r\nHost: ")])
    func unfinished(_ example: Example<String>) throws {
        var listener = try LoopbackListener([.ipv4], port: nil)
        let stranger = try LocalClient(port: listener.port).send(example.given)
        stranger.finish()
        try listener.serveBrowser()
        // By now its end is known, not only what it sent before.
        try listener.serveBrowser()
        #expect(stranger.answer == "")
    }

    // A socket that we close may live on for an instant in a process that another test is just
    // starting, so this has a process of its own.

    @Test("LOOP-06: a hundred silent connections hold up nobody; the oldest give way")
    func silent() async {
        await #expect(processExitsWith: .success) {
            var listener = try LoopbackListener([.ipv4], port: nil)
            let silent = try (0..<100).map { _ in try LocalClient(port: listener.port) }
            try listener.serveBrowser()
            let ends = silent.map(\.end)
            #expect(ends.prefix(37) == Array(repeating: .closed, count: 37)[...])
            // Those in the end were not even waited for.
            #expect(ends.suffix(63) == Array(repeating: .open, count: 63)[...])
        }
    }

    @Test("LOOP-06: a hundred connections that are answered and never closed hold up nobody")
    func clinging() throws {
        var listener = try LoopbackListener([.ipv4], port: nil)
        let strangers = try (0..<100).map { number in
            try LocalClient(port: listener.port).get("/\(number)", host: listener.host)
        }
        for _ in strangers {
            let request = try listener.nextRequest()
            listener.answer(request, LocalPage(status: 400, body: "no"))
        }
        try listener.serveBrowser()
        #expect(strangers.map(\.status) == Array(repeating: 400, count: 100))
    }

    @Test("LOOP-06: a header of 1 MB is refused after 16 KiB")
    func largeHeader() throws {
        var listener = try LoopbackListener([.ipv4], port: nil)
        let (port, host) = (listener.port, listener.host)
        let stranger = Companion {
            let client = try LocalClient(port: port)
            client.send("GET / HTTP/1.1\r\nHost: \(host)\r\nX: ")
            client.send(String(repeating: "x", count: 1 << 20))
            // The listener has work to do until the stranger has its answer.
            return (client.status, try LocalClient(port: port).get("/real", host: host))
        }
        let target = try listener.nextRequest().path
        #expect(target == "/real")
        #expect(try stranger.result().0 == 431)
    }

    @Test(
        "LOOP-06: a header of 16 KiB is read, one of a byte more is not",
        arguments: [Row("the limit", 16_384, true), Row("a byte more", 16_385, false)])
    func headerLimit(_ row: Row<Int, Bool>) throws {
        var listener = try LoopbackListener([.ipv4], port: nil)
        let start = "GET /large HTTP/1.1\r\nHost: \(listener.host)\r\nX: "
        let filling = String(repeating: "x", count: row.given - start.utf8.count - 4)
        let large = try LocalClient(port: listener.port).send("\(start)\(filling)\r\n\r\n")
        let browser = try LocalClient(port: listener.port).get("/real", host: listener.host)
        let target = try listener.nextRequest().path
        #expect(target == (row.wanted ? "/large" : "/real"))
        withExtendedLifetime((large, browser)) {}
    }

    @Test("LOOP-06: a client that sends byte by byte holds up nobody, and is served in the end")
    func slow() throws {
        var listener = try LoopbackListener([.ipv4], port: nil)
        let slow = try LocalClient(port: listener.port)
        let text = Array("GET /slow HTTP/1.1\r\nHost: \(listener.host)\r\n\r\n".utf8)
        slow.send(Array(text.dropLast(5)))
        try listener.serveBrowser()
        let rest = Companion { for byte in text.suffix(5) { slow.send([byte]) } }
        let target = try listener.nextRequest().path
        #expect(target == "/slow")
        try rest.result()
    }
}

extension LoopbackListener {
    /// Lets a browser come, whose request must be the next to be handed on.
    mutating func serveBrowser() throws {
        let browser = try LocalClient(port: port).get("/real", host: host)
        let request = try nextRequest()
        #expect(request.path == "/real")
        answer(request, LocalPage(status: 200, body: ""))
        #expect(browser.status == 200)
    }
}
