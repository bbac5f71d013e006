import CLinux
import Glibc

/// One connection to a local port, as a browser or any other program makes it.
package final class LocalClient: Sendable {
    private let number: Int32

    /// What came last over a connection.
    package enum End: Hashable {
        case open
        case closed
        case reset
    }

    package init(_ address: Loopback = .ipv4, port: some BinaryInteger) throws {
        number = try address.socket()
        guard address.connect(number, port: UInt16(port)) == 0 else { throw Refused(code: errno) }
    }

    deinit { close(number) }

    package struct Refused: Error, Hashable {
        package let code: Int32

        package init(code: Int32) { self.code = code }
    }

    @discardableResult
    package func send(_ text: String) -> LocalClient { send(Array(text.utf8)) }

    /// Sends as much as is taken until the other side closes.
    @discardableResult
    package func send(_ bytes: [UInt8]) -> LocalClient {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { break }
            rest = rest.dropFirst(count)
        }
        return self
    }

    /// A request as a browser sends it.
    @discardableResult
    package func get(_ target: String, host: String) -> LocalClient {
        send("GET \(target) HTTP/1.1\r\nHost: \(host)\r\nAccept: text/html\r\n\r\n")
    }

    /// Says that no more will be sent.
    package func finish() { shutdown(number, Int32(SHUT_WR)) }

    /// Closes it such that the other side cannot send any more.
    package func abort() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(
            number, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
        // The descriptor itself stays ours until the end.
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        _ = dup3(null, number, O_CLOEXEC)
        close(null)
    }

    /// All that comes until the other side closes.
    package var answer: String {
        var bytes: [UInt8] = []
        while let chunk = receive(0), !chunk.isEmpty { bytes += chunk }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Receives so many bytes.
    package func receive(count: Int) -> String {
        String(decoding: receive(Int32(MSG_WAITALL), atMost: count) ?? [], as: UTF8.self)
    }

    /// The status of the answer; `nil` if it was closed without one.
    package var status: Int? {
        let words = answer.split(separator: " ", maxSplits: 2)
        return words.count > 1 ? Int(words[1]) : nil
    }

    /// The current state of the connection.
    package var end: End {
        switch receive(Int32(MSG_DONTWAIT)) {
        case .some(let bytes): bytes.isEmpty ? .closed : .open
        case .none: errno == EAGAIN ? .open : .reset
        }
    }

    private func receive(_ flags: Int32, atMost limit: Int = 65_536) -> [UInt8]? {
        var space = [UInt8](repeating: 0, count: limit)
        let count = recv(number, &space, space.count, flags)
        return count < 0 ? nil : Array(space[..<count])
    }
}
