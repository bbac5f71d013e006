import Foundation
import PracticeServer
import TestSupport
import Testing
import Workbench

@Suite("Practice server", .inTurn) struct ServerTests {
    @Test("two servers listen at two ports") func ports() async throws {
        let first = try PracticeServer()
        let second = try PracticeServer()
        #expect(first.port != second.port)
        #expect(first.url == "http://127.0.0.1:\(first.port)")
        #expect(try await Curl.run(second.url + "/elsewhere").status == 404)
    }

    @Test("a server can listen on the IPv6 loopback address") func ipv6() async throws {
        var configuration = PracticeServer.Configuration()
        configuration.host = .ipv6
        let server = try PracticeServer(configuration)
        #expect(server.url == "http://[::1]:\(server.port)")
        #expect(try await Curl.token(server).status == 200)
    }

    @Test("a port in use is a start failure") func usedPort() throws {
        var configuration = PracticeServer.Configuration()
        let server = try PracticeServer()
        configuration.port = server.port
        #expect(throws: PracticeServer.StartFailure.self) { try PracticeServer(configuration) }
    }

    @Test("after stop nobody listens, and stopping again does no harm") func stop() async throws {
        // Or another test's server could have it by then.
        let port = try ReservedPort()
        var configuration = PracticeServer.Configuration()
        configuration.port = port.number
        let server = try PracticeServer(configuration)
        #expect(try await Curl.token(server).status == 200)
        server.stop()
        server.stop()
        #expect(try await Curl.token(server).exitStatus == 7)
        withExtendedLifetime(port) {}
    }

    @Test("stop ends a stalled connection") func stopWhileStalled() async throws {
        let server = try PracticeServer()
        server.faults = [PracticeServer.Fault(.stall)]
        let client = try LocalClient(port: server.port)
        client.send("GET / HTTP/1.1\r\n\r\n")
        try await Condition.wait(for: "the request") { !server.requests.isEmpty }
        server.stop()
        #expect(client.answer == "")
    }

    @Test("stop ends a connection that waits for a client to read") func stopWhileSending()
        async throws
    {
        let server = try PracticeServer()
        server.faults = [PracticeServer.Fault(.huge(byteCount: 64 << 20))]
        let client = try LocalClient(port: server.port)
        client.send("GET / HTTP/1.1\r\n\r\n")
        #expect(client.receive(count: 15) == "HTTP/1.1 200 OK")
        server.stop()
    }

    @Test("a late answer delays no other connection") func latency() async throws {
        let server = try PracticeServer()
        let hold = PracticeServer.Hold()
        server.faults = [.held(hold, path: "/slow")]
        let slow = try LocalClient(port: server.port)
        slow.send("GET /slow HTTP/1.0\r\n\r\n")
        try await Condition.wait(for: "the slow request") { !server.requests.isEmpty }
        #expect(try await Curl.token(server).status == 200)
        hold.release()
        #expect(slow.answer.hasPrefix("HTTP/1.1 404 "))
    }

    @Test("many clients get one token each") func manyClients() async throws {
        let server = try PracticeServer()
        let tokens = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<20 {
                group.addTask { try await Curl.token(server).json["access_token"] as? String ?? "" }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(tokens.count == 20)
        #expect(tokens == Set(server.issuedTokens))
        #expect(server.requestCount("/token") == 20)
    }

    @Test("the log tells what a request contained") func log() async throws {
        let server = try PracticeServer()
        _ = try await Curl.run(
            server.url + "/place?a=b%20c", "--header", "X-Note: one", "--header", "x-note: two",
            "--data-urlencode", "name=Zoë & co")
        let request = try #require(server.requests.first)
        #expect(request.method == "POST")
        #expect(request.path == "/place")
        #expect(request.query == "a=b%20c")
        #expect(request.headers.values(of: "X-NOTE") == ["one", "two"])
        #expect(request.field("name") == "Zoë & co")
        server.clearLog()
        #expect(server.requests.isEmpty)
        #expect(server.connectionCount == 0)
    }

    @Test("the date header follows the moved clock") func date() async throws {
        let server = try PracticeServer()
        server.advanceClock(bySeconds: 100 * 365 * 86_400)
        let date = try await Curl.run(server.url).values(of: "Date").first
        #expect(date?.contains(" 21") == true)
    }
}
