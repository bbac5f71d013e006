import CLinux
import CredCore

/// The open connections of a listener, the oldest first. The owner must call `finish()` at the end.
struct LoopbackConnections {
    /// The maximum number of connections: more than a browser opens, and few enough for a process
    /// with few descriptors.
    private static let limit = 64

    private let port: Int
    private var open: [LoopbackConnection] = []
    /// The identifier of the next connection. Descriptors are reused and cannot identify one.
    private var nextID = 0

    init(port: Int) {
        self.port = port
    }

    /// The events to wait for.
    var events: [pollfd] { open.compactMap { $0.event } }

    /// The earliest deadline, in milliseconds of uptime.
    var nextDeadline: Int64 { open.map { $0.deadline }.min() ?? .max }

    /// Continues with the connections that are ready, until one of them has sent a valid request.
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

    /// Accepts new connections, until one of them has sent a valid request.
    mutating func accept(from socket: Int32) -> LocalRequest? {
        for _ in 0..<Self.limit {
            let number = retrying { linux_accept(socket) }
            guard number >= 0 else {
                // Without free descriptors we can only make room, and must not do so at full speed.
                if linux_errno() != EAGAIN {
                    makeRoom()
                    SystemClock.sleep(milliseconds: 10)
                }
                return nil
            }
            if open.count >= Self.limit { makeRoom() }
            open.append(LoopbackConnection(id: nextID, number: number, port: port))
            nextID += 1
            // Read at once, because the connections after it may displace it.
            if let request = proceed(open.count - 1) { return request }
        }
        return nil
    }

    func descriptor(of request: LocalRequest) -> Int32? {
        open.first { $0.id == request.connection }?.number
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

    /// Finishes the responses that were already given, each within its own deadline, and closes all
    /// connections.
    mutating func finish() {
        for index in open.indices.reversed() where !open[index].isAnswered { remove(index) }
        while !open.isEmpty {
            // No connection is left that could send a request.
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

    /// Closes the oldest connection that has not sent its request.
    private mutating func makeRoom() {
        guard !open.isEmpty else { return }
        remove(open.firstIndex { $0.isSilent } ?? 0)
    }

    private mutating func remove(_ index: Int) {
        close(open.remove(at: index).number)
    }
}

/// One connection, of a browser or any other program, for one request and one response.
struct LoopbackConnection {
    let id: Int
    /// The descriptor, non-blocking; its owner closes it.
    let number: Int32
    /// When it is closed in any case, in milliseconds of uptime.
    private(set) var deadline: Int64
    private let port: Int
    private var stage = Stage.reading
    /// The part of the header received so far, then the rest of the response.
    private var bytes: [UInt8] = []

    private enum Stage {
        case reading
        /// The request was passed to the caller, who has not responded yet.
        case waiting
        case sending
        /// Everything is sent; further input is dropped until the other side closes, because the
        /// system resets a connection that is closed with unread bytes, and the browser would drop
        /// the page.
        case closing
    }

    enum Step {
        case open
        case request(LocalRequest)
        case over
    }

    /// The timeout for the header, in milliseconds; browsers open connections before they need
    /// them.
    private static let headerTimeLimit: Int64 = 5000
    /// The timeout for the response, in milliseconds.
    private static let answerTimeLimit: Int64 = 2000
    /// The maximum size of a header in bytes; browsers stop at about 8 KB.
    private static let headerLimit = 16_384

    init(id: Int, number: Int32, port: Int) {
        self.id = id
        self.number = number
        self.port = port
        deadline = SystemClock.uptime() + Self.headerTimeLimit
    }

    /// Whether the header is still incomplete.
    var isSilent: Bool { stage == .reading }

    var isAnswered: Bool { stage == .sending || stage == .closing }

    /// The event to wait for; `nil` if there is nothing to do.
    var event: pollfd? {
        switch stage {
        case .reading, .closing: pollfd(fd: number, events: Int16(POLLIN), revents: 0)
        case .sending: pollfd(fd: number, events: Int16(POLLOUT), revents: 0)
        case .waiting: nil
        }
    }

    /// Does what is possible without waiting.
    mutating func proceed() -> Step {
        switch stage {
        case .reading: read()
        case .waiting: .open
        case .sending: send()
        case .closing: drain()
        }
    }

    mutating func answer(_ page: LocalPage) {
        bytes = page.encoded
        stage = .sending
        deadline = SystemClock.uptime() + Self.answerTimeLimit
    }

    private mutating func read() -> Step {
        let start = bytes.count
        switch Descriptor.readChunk(number, upTo: Self.headerLimit - start) {
        case .bytes(let chunk): bytes += chunk
        case .nothingYet: return .open
        case .end, .failed: return .over
        }
        if let header = RequestHeader.first(of: bytes, searchingFrom: start) {
            return take(RequestHeader(header))
        }
        // Methods are in capitals. A TLS greeting, for example, would never be complete.
        guard let first = bytes.first, (UInt8(ascii: "A")...UInt8(ascii: "Z")) ~= first else {
            return refuse(400)
        }
        return bytes.count < Self.headerLimit ? .open : refuse(431)
    }

    /// Checks `Host`: a page of another site can send requests here through its own host name if
    /// that points to loopback (DNS rebinding).
    private mutating func take(_ header: RequestHeader?) -> Step {
        guard let header, let host = header.onlyHost, isOurs(host) else { return refuse(400) }
        guard header.method == "GET" else { return refuse(405) }
        stage = .waiting
        deadline = .max
        return .request(LocalRequest(path: header.path, query: header.query, connection: id))
    }

    private func isOurs(_ host: String) -> Bool {
        let host = host.lowercased()
        return ["localhost", "127.0.0.1", "[::1]"].contains { name in
            host == "\(name):\(port)" || (port == 80 && host == name)
        }
    }

    private mutating func refuse(_ status: Int) -> Step {
        answer(LocalPage(status: status, body: ""))
        return send()
    }

    private mutating func send() -> Step {
        let count = bytes.withUnsafeBytes { rest in
            retrying { CLinux.send(number, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL)) }
        }
        guard count >= 0 else { return linux_errno() == EAGAIN ? .open : .over }
        bytes.removeFirst(count)
        guard bytes.isEmpty else { return .open }
        shutdown(number, Int32(SHUT_WR))
        stage = .closing
        return drain()
    }

    private func drain() -> Step {
        switch Descriptor.readChunk(number, upTo: 65_536) {
        case .bytes, .nothingYet: .open
        case .end, .failed: .over
        }
    }
}
