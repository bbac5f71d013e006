import CredCore
import CredSystem
import Glibc
import TestSupport
import Testing
import Workbench

@Suite("Loopback listener", .inTurn) struct LoopbackListenerTests {
    @Test(
        "a request is handed on as it was sent, whatever name of this machine it was sent to",
        arguments: ["127.0.0.1", "localhost", "LocalHost", "[::1]"])
    func request(_ name: String) throws {
        var listener = try LoopbackListener([.ipv4], port: nil)
        let host = "\(name):\(listener.port)"
        let client = try LocalClient(port: listener.port).get("/cb?code=a%20b&state=%", host: host)
        let request = try listener.nextRequest()
        #expect(request.path == "/cb")
        #expect(request.query == Secret("code=a%20b&state=%"))
        withExtendedLifetime(client) {}
    }

    @Test(
        "a query is all that follows the first question mark",
        arguments: [
            Row("none", "/cb", nil), Row("an empty one", "/cb?", ""),
            Row("more marks", "/cb?a=?&b", "a=?&b"),
        ] as [Row<String, String?>])
    func query(_ row: Row<String, String?>) throws {
        var listener = try LoopbackListener([.ipv4], port: nil)
        let client = try LocalClient(port: listener.port).get(row.given, host: listener.host)
        let request = try listener.nextRequest()
        #expect(request.path == "/cb")
        #expect(request.query == row.wanted.map(Secret.init))
        withExtendedLifetime(client) {}
    }

    @Test("what arrives tells no code by accident") func secrecy() throws {
        var listener = try LoopbackListener([.ipv4], port: nil)
        let client = try LocalClient(port: listener.port).get(
            "/cb?code=SECRET", host: listener.host)
        let request = try listener.nextRequest()
        #expect(!"\(request)".contains("SECRET"))
        withExtendedLifetime(client) {}
    }

    @Test(
        "any spelling that HTTP/1 allows is understood",
        arguments: [
            Example("bare line feeds", "GET /real HTTP/1.1\nhost: HOST\n\n"),
            Example("the version before", "GET /real HTTP/1.0\r\nhOSt: HOST\r\n\r\n"),
            Example("no space", "GET /real HTTP/1.1\r\nHost:HOST\r\n\r\n"),
            Example("more space", "GET /real HTTP/1.1\r\nHost: \t HOST \r\nX:\r\n\r\n"),
            Example("no text", "GET /real HTTP/1.1\r\nX: \u{1}\u{FF}\r\nHost: HOST\r\n\r\n"),
            Example("a body", "GET /real HTTP/1.1\r\nHost: HOST\r\nContent-Length: 9\r\n\r\nbody"),
        ])
    func spellings(_ example: Example<String>) throws {
        var listener = try LoopbackListener([.ipv4], port: nil)
        let text = example.given.replacing("HOST", with: listener.host)
        let client = try LocalClient(port: listener.port).send(text)
        let target = try listener.nextRequest().path
        #expect(target == "/real")
        withExtendedLifetime(client) {}
    }

    @Test("a page is sent whole, and such that it is kept and told nowhere")
    func page() throws {
        var listener = try LoopbackListener([.ipv4], port: nil)
        let client = try LocalClient(port: listener.port).get("/", host: listener.host)
        let request = try listener.nextRequest()
        listener.answer(request, LocalPage(status: 200, body: "<p>grüß dich</p>"))
        #expect(
            client.answer == """
                HTTP/1.1 200 OK\r
                Content-Type: text/html; charset=utf-8\r
                Content-Length: 18\r
                Content-Security-Policy: default-src 'none'; script-src 'unsafe-inline'; \
                style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; \
                frame-ancestors 'none'\r
                Cache-Control: no-store\r
                Referrer-Policy: no-referrer\r
                X-Content-Type-Options: nosniff\r
                Connection: close\r
                \r
                <p>grüß dich</p>
                """)
    }

    @Test("the same request that came again meanwhile has the same answer, and no other has it")
    func repetition() throws {
        var listener = try LoopbackListener([.ipv4], port: nil)
        let targets = ["/cb?code=a", "/cb?code=b", "/cb?code=a"]
        let clients = try targets.map {
            try LocalClient(port: listener.port).get($0, host: listener.host)
        }
        let request = try listener.nextRequest()
        listener.answerAll(like: request, LocalPage(status: 200, body: ""))
        #expect(clients[0].status == 200)
        #expect(clients[1].end == .open)
        #expect(clients[2].status == 200)
    }

    @Test("a page that does not go out at once goes out while the next request is awaited")
    func largePage() throws {
        var listener = try LoopbackListener([.ipv4], port: nil)
        let body = String(repeating: "x", count: 8 << 20)
        let (port, host) = (listener.port, listener.host)
        let first = try LocalClient(port: port).get("/1", host: host)
        let request = try listener.nextRequest()
        // Begun first: from its start on the page has two seconds.
        let reader = Companion {
            let answer = first.answer
            return (answer, try LocalClient(port: port).get("/2", host: host))
        }
        listener.answer(request, LocalPage(status: 200, body: body))
        let target = try listener.nextRequest().path
        #expect(target == "/2")
        #expect(try reader.result().0.hasSuffix(body))
    }

    // A socket that we close may live on for an instant in a process that another test is just
    // starting, so this has a process of its own.

    @Test(
        "the reader has the last page though the listener has ended, and its port with it",
        arguments: [Example("no body", ""), Example("a body that nobody reads", "body")])
    func end(_ example: Example<String>) async {
        await #expect(processExitsWith: .success) { [body = example.given as String] in
            let port: Int
            let reader: Companion<String>
            do {
                var listener = try LoopbackListener([.ipv4, .ipv6], port: nil)
                port = listener.port
                let client = try LocalClient(port: port).get("/", host: listener.host)
                let request = try listener.nextRequest()
                client.send(String(repeating: body, count: 10_000))
                reader = Companion { client.answer }
                listener.answer(request, LocalPage(status: 200, body: "the page"))
            }
            #expect(try reader.result().hasSuffix("the page"))
            #expect(throws: LocalClient.Refused(code: ECONNREFUSED)) {
                try LocalClient(.ipv4, port: port)
            }
            #expect(throws: LocalClient.Refused(code: ECONNREFUSED)) {
                try LocalClient(.ipv6, port: port)
            }
        }
    }

    @Test("a browser that has gone away takes nothing with it")
    func gone() throws {
        var listener = try LoopbackListener([.ipv4], port: nil)
        let gone = try LocalClient(port: listener.port).get("/1", host: listener.host)
        let request = try listener.nextRequest()
        gone.abort()
        listener.answer(request, LocalPage(status: 200, body: "page"))
        listener.answer(request, LocalPage(status: 200, body: "again"))
        let client = try LocalClient(port: listener.port).get("/2", host: listener.host)
        let target = try listener.nextRequest().path
        #expect(target == "/2")
        withExtendedLifetime(client) {}
    }

    @Test("where nobody comes, waiting ends")
    func nobody() throws {
        var listener = try LoopbackListener([.ipv4, .ipv6], port: nil)
        let isOver =
            if case .timedOut = listener.next(until: SystemClock.uptime(), or: nil) {
                true
            } else {
                false
            }
        #expect(isOver)
    }
}

extension LoopbackListener {
    /// The name under which a browser knows it.
    var host: String { "127.0.0.1:\(port)" }

    struct NothingCame: Error {}

    mutating func nextRequest() throws -> LocalRequest {
        let arrival = next(until: SystemClock.uptime() + 50_000, or: nil)
        guard case .request(let request) = arrival else { throw NothingCame() }
        return request
    }
}
