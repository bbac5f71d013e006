import CLinux
import Glibc

/// The server's end of one connection. Every wait ends when the server stops.
struct ClientSocket: ~Copyable, Sendable {
    private let descriptor: Int32
    private let stop: StopSignal

    /// Owns the descriptor, which must not block.
    init(_ descriptor: Int32, _ stop: StopSignal) {
        self.descriptor = descriptor
        self.stop = stop
    }

    deinit { close(descriptor) }

    /// Adds what has arrived, at least one byte; returns 0 when the client has sent everything.
    func receive(
        into buffer: inout [UInt8], milliseconds: Int32 = -1
    ) throws(ConnectionEnd) -> Int {
        while true {
            guard stop.wait(for: POLLIN, of: descriptor, milliseconds: milliseconds) == .ready
            else { throw .disconnected }
            let received = withUnsafeTemporaryAllocation(byteCount: 16 * 1024, alignment: 1) {
                let count = recv(descriptor, $0.baseAddress, $0.count, 0)
                if count > 0 { buffer += $0[..<count] }
                return count
            }
            if received >= 0 { return received }
            guard errno == EAGAIN || errno == EINTR else { throw .disconnected }
        }
    }

    func send(_ bytes: ArraySlice<UInt8>) throws(ConnectionEnd) {
        var unsent = bytes
        while !unsent.isEmpty {
            let count = unsent.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count >= 0 {
                unsent = unsent.dropFirst(count)
            } else {
                guard errno == EAGAIN || errno == EINTR,
                    stop.wait(for: Int32(POLLOUT), of: descriptor) == .ready
                else { throw .disconnected }
            }
        }
    }

    /// Lets time pass, whatever the client does.
    func wait(milliseconds: Int) throws(ConnectionEnd) {
        guard milliseconds > 0 else { return }
        // A negative number is a descriptor that is never ready.
        guard stop.wait(for: 0, of: -1, milliseconds: Int32(clamping: milliseconds)) == .timedOut
        else { throw .disconnected }
    }

    /// Lets time pass until the client closes its end.
    func waitUntilGone() {
        _ = stop.wait(for: Int32(linux_poll_peer_closed), of: descriptor)
    }

    /// Makes the client see a reset when this value ends.
    func resetAtEnd() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    /// Ends the answer and waits a little for the client to close first.
    ///
    /// Closing while bytes of the client are unread would reset the connection, and the client
    /// could lose the answer.
    func finish() {
        shutdown(descriptor, Int32(SHUT_WR))
        var dropped: [UInt8] = []
        // A client that sends on after the answer gets a minute, for the machine may be busy, and
        // 64 MiB.
        let deadline = ContinuousClock.now + .seconds(60)
        var droppedByteCount = 0
        while ContinuousClock.now < deadline, droppedByteCount < 64 << 20 {
            dropped.removeAll(keepingCapacity: true)
            let count = try? receive(into: &dropped, milliseconds: 60_000)
            // Ignoring the error is right: whatever happened, there is nothing left to say.
            guard let count, count > 0 else { return }
            droppedByteCount += count
        }
    }
}
