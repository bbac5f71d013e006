import CLinux
import Glibc

/// The loopback addresses of this machine.
package enum Loopback: Sendable {
    case ipv4
    case ipv6

    /// A new TCP socket that no child inherits.
    ///
    /// - Parameter flags: such as `SOCK_NONBLOCK`.
    package func socket(_ flags: Int32 = 0) throws(Problem) -> Int32 {
        let family = self == .ipv4 ? AF_INET : AF_INET6
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue) | flags
        return try check("socket", Glibc.socket(family, type, 0))
    }

    /// bind(2); port 0 is one that is free.
    package func bind(_ socket: Int32, port: UInt16 = 0) -> Int32 {
        withAddress(port) { linux_bind(socket, $0, $1) }
    }

    /// connect(2)
    package func connect(_ socket: Int32, port: UInt16) -> Int32 {
        withAddress(port) { linux_connect(socket, $0, $1) }
    }

    /// The port to which a socket is bound.
    package static func port(of socket: Int32) -> UInt16 {
        // The port is at the same offset in both kinds of address.
        var address = sockaddr_in6()
        var size = socklen_t(MemoryLayout<sockaddr_in6>.size)
        _ = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                linux_socket_name(socket, $0, &size)
            }
        }
        return UInt16(bigEndian: address.sin6_port)
    }

    private func withAddress(
        _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        switch self {
        case .ipv4:
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
            return Self.rebound(&address, body)
        case .ipv6:
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            address.sin6_addr = in6addr_loopback
            return Self.rebound(&address, body)
        }
    }

    private static func rebound<Address>(
        _ address: inout Address, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<Address>.size))
            }
        }
    }
}
