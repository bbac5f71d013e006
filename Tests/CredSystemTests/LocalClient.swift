import CredSystem
import Glibc
import TestSupport

/// What a browser, or whoever else found the port, does with one connection.
final class LocalClient: Sendable {
    private let number: Int32

    /// What came last over a connection.
    enum End: Hashable {
        case open
        case closed
        case reset
    }

    init(_ address: LoopbackListener.Address = .ipv4, port: Int) throws {
        let families: [LoopbackListener.Address: Int32] = [.ipv4: AF_INET, .ipv6: AF_INET6]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        number = socket(families[address] ?? AF_INET, type, 0)
        let code =
            switch address {
            case .ipv4:
                connect(
                    sockaddr_in(
                        sin_family: sa_family_t(AF_INET), sin_port: in_port_t(port).bigEndian,
                        sin_addr: in_addr(s_addr: INADDR_LOOPBACK.bigEndian),
                        sin_zero: (0, 0, 0, 0, 0, 0, 0, 0)))
            case .ipv6:
                connect(
                    sockaddr_in6(
                        sin6_family: sa_family_t(AF_INET6), sin6_port: in_port_t(port).bigEndian,
                        sin6_flowinfo: 0, sin6_addr: in6addr_loopback, sin6_scope_id: 0))
            }
        guard code == 0 else { throw Refused(code: errno) }
    }

    deinit { close(number) }

    struct Refused: Error, Hashable { let code: Int32 }

    private func connect<Address>(_ address: Address) -> Int32 {
        withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(number, $0, socklen_t(MemoryLayout<Address>.size))
            }
        }
    }

    @discardableResult
    func send(_ text: String) -> LocalClient { send(Array(text.utf8)) }

    /// Sends as much as is taken until the other side closes.
    @discardableResult
    func send(_ bytes: [UInt8]) -> LocalClient {
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
    func get(_ target: String, host: String) -> LocalClient {
        send("GET \(target) HTTP/1.1\r\nHost: \(host)\r\nAccept: text/html\r\n\r\n")
    }

    /// Says that no more will be sent.
    func finish() { shutdown(number, Int32(SHUT_WR)) }

    /// Closes it such that the other side cannot send any more.
    func abort() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(
            number, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
        // The descriptor itself stays ours until the end.
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        dup3(null, number, O_CLOEXEC)
        close(null)
    }

    /// All that comes until the other side closes.
    var answer: String {
        var bytes: [UInt8] = []
        while let chunk = receive(0), !chunk.isEmpty { bytes += chunk }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The status of the answer; `nil` if it was closed without one.
    var status: Int? {
        let words = answer.split(separator: " ", maxSplits: 2)
        return words.count > 1 ? Int(words[1]) : nil
    }

    /// How things stand right now.
    var end: End {
        switch receive(Int32(MSG_DONTWAIT)) {
        case .some(let bytes): bytes.isEmpty ? .closed : .open
        case .none: errno == EAGAIN ? .open : .reset
        }
    }

    private func receive(_ flags: Int32) -> [UInt8]? {
        var space = [UInt8](repeating: 0, count: 65_536)
        let count = recv(number, &space, space.count, flags)
        return count < 0 ? nil : Array(space[..<count])
    }
}

@_silgen_name("dup3")
@discardableResult
private func dup3(_ old: Int32, _ new: Int32, _ flags: Int32) -> Int32
