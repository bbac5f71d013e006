import CLinux
import CredCore

/// The open connections to a listener, the oldest first. Their owner calls `finish()` in the end.
struct LoopbackConnections {
    /// More than a browser opens, and few enough for a process with few descriptors.
    private static let limit = 64

    private let port: Int
    private var open: [LoopbackConnection] = []
    /// Of the next connection. Descriptors are used again, so they do not name one.
    private var nextID = 0

    init(port: Int) {
        self.port = port
    }

    /// What to wait for.
    var events: [pollfd] { open.compactMap { $0.event } }

    /// When the first of them is overdue, in milliseconds of uptime.
    var nextDeadline: Int64 { open.map { $0.deadline }.min() ?? .max }

    /// Goes on with those that are ready, until one of them has sent a good request.
    mutating func serve(_ ready: [Int32]) -> LocalRequest? {
        for number in ready {
            if let index = open.firstIndex(where: { $0.number == number }),
                let request = proceed(index)
            {
                return request
            }
        }
        return nil
    }

    /// Takes the new connections of a listening socket, until one of them has sent a good request.
    mutating func accept(from socket: Int32) -> LocalRequest? {
        for _ in 0..<Self.limit {
            let number = retrying { linux_accept(socket) }
            guard number >= 0 else {
                // Where descriptors are short, making room is all we can do; and not at full speed.
                if linux_errno() != EAGAIN {
                    makeRoom()
                    SystemClock.sleep(milliseconds: 10)
                }
                return nil
            }
            if open.count >= Self.limit { makeRoom() }
            open.append(LoopbackConnection(id: nextID, number: number, port: port))
            nextID += 1
            // Read at once: the connections behind it may push it out.
            if let request = proceed(open.count - 1) { return request }
        }
        return nil
    }

    mutating func answer(_ request: LocalRequest, _ page: LocalPage) {
        guard let index = open.firstIndex(where: { $0.id == request.connection }) else { return }
        open[index].answer(page)
        _ = proceed(index)
    }

    mutating func closeOverdue() {
        let now = SystemClock.uptime()
        for index in open.indices.reversed() where open[index].deadline <= now { remove(index) }
    }

    /// Brings the answers already given to their end, each within its own deadline, and closes all.
    mutating func finish() {
        for index in open.indices.reversed() where !open[index].isAnswered { remove(index) }
        while !open.isEmpty {
            // None is left that could still send a request.
            _ = serve(Descriptor.ready(events, until: nextDeadline))
            closeOverdue()
        }
    }

    private mutating func proceed(_ index: Int) -> LocalRequest? {
        switch open[index].proceed() {
        case .open: return nil
        case .request(let request): return request
        case .over:
            remove(index)
            return nil
        }
    }

    /// Closes the oldest of those that have not sent their request.
    private mutating func makeRoom() {
        guard !open.isEmpty else { return }
        remove(open.firstIndex { $0.isSilent } ?? 0)
    }

    private mutating func remove(_ index: Int) {
        close(open.remove(at: index).number)
    }
}
