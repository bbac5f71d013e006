import Glibc
import PracticeServer

/// A client that sends whatever bytes it likes.
struct RawClient: ~Copyable {
    private let descriptor: Int32

    init(_ server: PracticeServer) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = server.port.bigEndian
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        _ = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    deinit { close(descriptor) }

    func send(_ text: String) {
        let bytes = Array(text.utf8)
        _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Everything until the server closes or resets.
    func receiveAll() -> String {
        var bytes: [UInt8] = []
        var space = [UInt8](repeating: 0, count: 4096)
        while case let count = recv(descriptor, &space, space.count, 0), count > 0 {
            bytes += space[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Waits until at least these bytes arrived.
    func receive(count: Int) -> String {
        var space = [UInt8](repeating: 0, count: count)
        let received = recv(descriptor, &space, count, Int32(MSG_WAITALL))
        return String(decoding: space.prefix(max(0, received)), as: UTF8.self)
    }
}
