import CLinux
package import CredCore

/// The local HTTP server that receives a login's redirect. RFC 8252 §7.3.
///
/// Every user of the machine can connect. Therefore all input is bounded, a slow or silent
/// connection does not delay another, and only valid requests to this server are returned: no
/// connection can prevent the browser's own from being served at once.
///
/// When it is destroyed it accepts no new connection and lets the last responses finish within
/// their two seconds.
package struct LoopbackListener: ~Copyable {
    /// The result of waiting.
    package enum Arrival: Sendable {
        case request(LocalRequest)
        /// The line that a person typed, without the line end; empty for Ctrl-D or a line that is
        /// too long.
        case line(Secret)
        case timedOut
    }

    package let port: Int
    private let held: Held
    private var sockets: [Int32] { held.sockets }
    private var connections: LoopbackConnections {
        get { held.connections }
        _modify { yield &held.connections }
    }
    private var typing = TypedLine()

    /// Listens on all these addresses with the same port; skips address families that this machine
    /// does not have.
    ///
    /// - Parameter port: `nil` for one that the system chooses.
    ///
    /// Fails with kind `.failed` if the port is in use on one of the addresses, or no address
    /// exists.
    package init(_ addresses: [LoopbackAddress], port: Int?) throws(Failure) {
        let opened = try LoopbackSockets.open(addresses, port: port)
        self.port = opened.port
        held = Held(opened.numbers, LoopbackConnections(port: opened.port))
    }

    /// The sockets and connections to close when the listener is destroyed.
    private final class Held {
        let sockets: [Int32]
        var connections: LoopbackConnections

        init(_ sockets: [Int32], _ connections: LoopbackConnections) {
            self.sockets = sockets
            self.connections = connections
        }

        deinit {
            for number in sockets { close(number) }
            connections.finish()
        }
    }

    /// Waits for a request or, with a terminal, a line.
    ///
    /// - Parameters:
    ///   - deadline: in milliseconds of `SystemClock.uptime()`.
    ///   - terminal: only watched while this process is in its foreground; to read it from the
    ///     background would stop us.
    package mutating func next(until deadline: Int64, or terminal: borrowing Terminal?) -> Arrival {
        let keyboard = Self.number(of: terminal)
        while true {
            let ready = wait(until: deadline, keyboard)
            // Older connections first: accepting may displace them.
            if let request = connections.serve(ready) { return .request(request) }
            for number in sockets where ready.contains(number) {
                if let request = connections.accept(from: number) { return .request(request) }
            }
            if let keyboard, ready.contains(keyboard), let line = typedLine(keyboard) {
                return .line(line)
            }
            connections.closeOverdue()
            if SystemClock.uptime() >= deadline { return .timedOut }
        }
    }

    /// Responds to a request and returns at once: the rest is sent while waiting for the next
    /// request, for two seconds at most; then the connection is closed in a way that lets the
    /// browser receive the whole page.
    package mutating func answer(_ request: LocalRequest, _ page: LocalPage) {
        connections.answer(request, page)
    }

    /// Who sent a request that is not yet answered.
    package func peer(of request: LocalRequest) -> LoopbackPeer {
        connections.descriptor(of: request).map(LoopbackPeer.init(of:)) ?? .undetermined
    }

    /// Responds to the last request and to identical ones that arrived meanwhile: a browser that
    /// was reloaded shows only the response to the latest.
    package mutating func answerAll(like request: LocalRequest, _ page: LocalPage) {
        answer(request, page)
        for _ in 0..<Self.repetitionLimit {
            guard case .request(let other) = next(until: 0, or: nil) else { return }
            if other.path == request.path, other.query == request.query { answer(other, page) }
        }
    }

    /// How many more requests are read; a person sends fewer, and it must end.
    private static let repetitionLimit = 16

    private static func number(of terminal: borrowing Terminal?) -> Int32? {
        switch terminal {
        case .some(let terminal): terminal.number
        case .none: nil
        }
    }

    private mutating func typedLine(_ keyboard: Int32) -> Secret? {
        // Reading is only allowed in the foreground; otherwise the process would be stopped.
        guard Terminal.isInForeground(keyboard) else { return nil }
        return switch typing.read(keyboard) {
        case .more: nil
        case .line(let line): line
        case .ended: Secret("")
        }
    }

    /// How often to check whether we are in the foreground, in milliseconds; nothing notifies us.
    private static let foregroundInterval: Int64 = 500

    /// The descriptors that can be read or written.
    private func wait(until deadline: Int64, _ keyboard: Int32?) -> [Int32] {
        var events = connections.events
        for number in sockets {
            events.append(pollfd(fd: number, events: Int16(POLLIN), revents: 0))
        }
        var moment = min(deadline, connections.nextDeadline)
        if let keyboard {
            if Terminal.isInForeground(keyboard) {
                events.append(pollfd(fd: keyboard, events: Int16(POLLIN), revents: 0))
            } else {
                moment = min(moment, SystemClock.uptime() + Self.foregroundInterval)
            }
        }
        return Descriptor.ready(events, until: moment)
    }
}
