import Synchronization

/// What arrived, in order.
final class RequestLog: Sendable {
    private struct Entries {
        var requests: [PracticeServer.Request] = []
        var connectionCount = 0
    }

    private let entries = Mutex(Entries())

    var requests: [PracticeServer.Request] { entries.withLock { $0.requests } }

    var connectionCount: Int { entries.withLock { $0.connectionCount } }

    func requestCount(_ path: String) -> Int {
        entries.withLock { $0.requests.count { $0.path == path } }
    }

    func record(_ request: PracticeServer.Request) {
        entries.withLock { $0.requests.append(request) }
    }

    func recordConnection() { entries.withLock { $0.connectionCount += 1 } }

    func clear() { entries.withLock { $0 = Entries() } }
}
