import CredCore
import Synchronization
import TestSupport

/// A server that answers as the script says, and the world in which it is the only one. Its clock
/// moves only while somebody sleeps or waits for an answer.
final class ScriptedServer: Sendable {
    private struct State {
        var script: [TransportResult]
        var uptime: Int64 = 0
        var requests: [HTTPRequest] = []
        var moments: [Int64] = []
        var timeLimits: [Int64] = []
        var trace: [TraceEvent] = []
    }

    private let state: Mutex<State>
    private let start: UnixTime
    private let latency: Int64

    /// - Parameters:
    ///   - script: one entry for each request; after them nobody is there.
    ///   - now: the wall clock at the start.
    ///   - latency: how long each answer takes, in milliseconds.
    init(script: [TransportResult], now: Int64 = 1_000_000, latency: Int64 = 0) {
        state = Mutex(State(script: script))
        start = UnixTime(now)
        self.latency = latency
    }

    convenience init(_ script: TransportResult..., now: Int64 = 1_000_000) {
        self.init(script: script, now: now)
    }

    var requests: [HTTPRequest] { state.withLock { $0.requests } }
    /// When each request was sent, in milliseconds of the world's clock.
    var moments: [Int64] { state.withLock { $0.moments } }
    var uptime: Int64 { state.withLock { $0.uptime } }
    var timeLimits: [Int64] { state.withLock { $0.timeLimits } }
    var trace: [TraceEvent] { state.withLock { $0.trace } }
    var asked: [String] { requests.map(\.url.description) }

    var world: World {
        var world = World.still
        world.clock.now = { self.start + self.uptime / 1000 }
        world.clock.uptime = { self.uptime }
        world.clock.sleep = { time in self.state.withLock { $0.uptime += time } }
        world.engines.send = { request, timeLimit, _ in self.answer(request, timeLimit) }
        world.voice.trace = { event in
            // It asks for the time.
            let event = event()
            self.state.withLock { $0.trace.append(event) }
        }
        return world
    }

    private func answer(_ request: HTTPRequest, _ timeLimit: Int64) -> TransportResult {
        state.withLock { state in
            state.requests.append(request)
            state.moments.append(state.uptime)
            state.uptime += latency
            state.timeLimits.append(timeLimit)
            return state.script.isEmpty ? .unreachable("nobody") : state.script.removeFirst()
        }
    }
}

extension TransportResult {
    static func status(_ status: Int, _ body: String = "", headers: String = "") -> TransportResult
    {
        HTTPResponse.text(status, headers, body).map(TransportResult.answered) ?? .interrupted("")
    }
}

extension HTTPResponse {
    /// An answer as it comes over the wire.
    static func text(_ status: Int, _ headers: String = "", _ body: String = "") -> HTTPResponse? {
        HTTPResponse(wire: Array("HTTP/1.1 \(status)\r\n\(headers)\r\n\(body)".utf8))
    }
}

extension HTTPRequest {
    /// The fields of the body.
    var fields: [FormField]? { body.flatMap { FormEncoding.decode($0.reveal()) } }

    func values(of header: String) -> [String] {
        headers.filter { $0.name.lowercased() == header }.map { $0.value.reveal() }
    }
}
