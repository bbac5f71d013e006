import CLinux
import Glibc
import Workbench

/// A TCP socket that listens on a loopback address.
struct ListeningSocket: Sendable {
    let descriptor: Int32
    let port: UInt16

    init(_ host: PracticeServer.Host, port: UInt16) throws(PracticeServer.StartFailure) {
        let address: Loopback = host == .ipv4 ? .ipv4 : .ipv6
        guard let descriptor = try? address.socket(Int32(SOCK_NONBLOCK.rawValue)) else {
            throw Self.failure("socket")
        }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, 4)
        guard address.bind(descriptor, port: port) == 0, listen(descriptor, SOMAXCONN) == 0 else {
            defer { Glibc.close(descriptor) }
            throw Self.failure("bind or listen")
        }
        self.descriptor = descriptor
        self.port = Loopback.port(of: descriptor)
    }

    /// From now on nobody can connect, although a process that this one is just starting may have
    /// the descriptor for an instant longer.
    func close() {
        shutdown(descriptor, Int32(SHUT_RDWR))
        Glibc.close(descriptor)
    }

    /// The next connection, or `nil` if there is none after all.
    func accept() -> Int32? {
        let connection = linux_accept(descriptor)
        guard connection >= 0 else { return nil }
        var yes: Int32 = 1
        setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, 4)
        return connection
    }

    private static func failure(_ call: String) -> PracticeServer.StartFailure {
        PracticeServer.StartFailure(call: call, errorNumber: errno)
    }
}
