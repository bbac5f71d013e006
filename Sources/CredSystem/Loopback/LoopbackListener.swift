import CLinux
package import CredCore

/// The place on this machine to which a browser brings the answer of a login. RFC 8252 §7.3.
///
/// Everybody on the machine can connect, so whatever is sent is bounded, nobody who is slow or
/// silent holds up another, and only plain requests that were meant for us are handed on: no
/// connection, however it behaves, keeps the browser's own from being served at once.
///
/// At the end of its life no new connection is taken, and the readers of the last answers have
/// what is left of their two seconds.
package struct LoopbackListener: ~Copyable {
    /// The next thing that happens.
    package enum Arrival: Sendable {
        case request(LocalRequest)
        /// What a person typed at the terminal, without the line end; empty where it was Ctrl-D, or
        /// more than a terminal can take.
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

    /// Listens at all these addresses with the same port; an address of a family that this machine
    /// does not have is left out.
    ///
    /// - Parameter port: `nil` for one that the system picks.
    ///
    /// Fails with kind `.failed` if the port is taken on one of the addresses, or none is there.
    package init(_ addresses: [LoopbackAddress], port: Int?) throws(Failure) {
        let opened = try LoopbackSockets.open(addresses, port: port)
        self.port = opened.port
        held = Held(opened.numbers, LoopbackConnections(port: opened.port))
    }

    /// What is closed at the end of the listener's life.
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
            // Who has been connected for longer comes first: accepting may push others out.
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

    /// Answers a request and comes back at once: what the system does not take yet is sent while
    /// the next request is awaited, two seconds at most, and then the connection is closed such
    /// that a browser sees the whole page.
    package mutating func answer(_ request: LocalRequest, _ page: LocalPage) {
        connections.answer(request, page)
    }

    /// Answers a request for the last time, and with it those that are the same and came meanwhile: a
    /// browser that was reloaded shows only what the last of them brings.
    package mutating func answerAll(like request: LocalRequest, _ page: LocalPage) {
        answer(request, page)
        for _ in 0..<Self.repetitionLimit {
            guard case .request(let other) = next(until: 0, or: nil) else { return }
            if other.path == request.path, other.query == request.query { answer(other, page) }
        }
    }

    /// How many more requests are looked at: a person is not quicker, and the end must come.
    private static let repetitionLimit = 16

    private static func number(of terminal: borrowing Terminal?) -> Int32? {
        switch terminal {
        case .some(let terminal): terminal.number
        case .none: nil
        }
    }

    private mutating func typedLine(_ keyboard: Int32) -> Secret? {
        // Whoever came to the foreground meanwhile is meant, and to read would stop us.
        guard Terminal.isInForeground(keyboard) else { return nil }
        return switch typing.read(keyboard) {
        case .more: nil
        case .line(let line): line
        case .ended: Secret("")
        }
    }

    /// How soon a terminal is watched after we have come to its foreground, in milliseconds:
    /// nothing tells us, so we look.
    private static let foregroundInterval: Int64 = 500

    /// The descriptors that have something to read or can be written to.
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
