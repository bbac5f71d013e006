import CredCore
import Synchronization

/// A server that answers as the script says, and the world in which it is the only one.
final class ScriptedServer: Sendable {
    private struct State {
        var script: [Exchange]
        var requests: [HTTPRequest] = []
        var timeLimits: [Int64] = []
        var trace: [TraceEvent] = []
    }

    private let state: Mutex<State>
    private let now: UnixTime

    /// - Parameter script: one entry for each request; after them nobody is there.
    init(_ script: Exchange..., now: Int64 = 1_000_000) {
        state = Mutex(State(script: script))
        self.now = UnixTime(now)
    }

    var requests: [HTTPRequest] { state.withLock { $0.requests } }
    var timeLimits: [Int64] { state.withLock { $0.timeLimits } }
    var trace: [TraceEvent] { state.withLock { $0.trace } }
    var asked: [String] { requests.map(\.url.description) }

    var world: World {
        World(
            now: { [now] in now }, uptime: { 0 }, sleep: { _ in },
            random: { [UInt8](repeating: 0, count: $0) },
            send: { request, timeLimit, _ in self.answer(request, timeLimit) },
            run: { _ in Secret("") }, environment: { _ in nil },
            trace: { event in self.state.withLock { $0.trace.append(event()) } },
            notice: { _ in }, progress: { _ in }, startInBackground: { _ in },
            verify: { _ in .invalid })
    }

    private func answer(_ request: HTTPRequest, _ timeLimit: Int64) -> Exchange {
        state.withLock { state in
            state.requests.append(request)
            state.timeLimits.append(timeLimit)
            return state.script.isEmpty ? .unreachable("nobody") : state.script.removeFirst()
        }
    }
}

extension Exchange {
    static func status(_ status: Int, _ body: String = "") -> Exchange {
        .answered(HTTPResponse(status: status, headers: [], body: Array(body.utf8)))
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
