import CLinux
import CredCore

/// A loopback address to listen on; for `localhost` both, because a browser may try either.
package enum LoopbackAddress: Hashable, Sendable {
    /// 127.0.0.1
    case ipv4
    /// ::1
    case ipv6
}

/// Listening sockets that no other machine can reach. RFC 8252 §8.3.
struct LoopbackSockets {
    /// Their owner closes them.
    let numbers: [Int32]
    let port: Int

    /// How many ports to try; one that is free for IPv4 may be in use for IPv6.
    private static let attemptLimit = 20

    private enum Outcome {
        case listening(LoopbackSockets)
        case failed(SystemError)
    }

    static func open(
        _ addresses: [LoopbackAddress], port: Int?
    ) throws(Failure) -> LoopbackSockets {
        var error = SystemError(EINVAL)
        guard let wanted = UInt16(exactly: port ?? 0) else { throw cannotListen(port, error) }
        for _ in 0..<attemptLimit {
            switch listen(addresses, port: wanted) {
            case .listening(let sockets): return sockets
            case .failed(let reason): error = reason
            }
            guard error.code == EADDRINUSE, port == nil else { break }
        }
        throw cannotListen(port, error)
    }

    private static func cannotListen(_ port: Int?, _ error: SystemError) -> Failure {
        Failure(
            .failed, "cannot listen on \(port.map { "port \($0)" } ?? "a local port")",
            because: error.reason,
            remedy: port.map { "ss -ltnp sport = :\($0)    # shows which process uses it" })
    }

    /// - Parameter port: 0 for any.
    private static func listen(
        _ addresses: [LoopbackAddress], port: UInt16
    ) -> Outcome {
        var numbers: [Int32] = []
        var port = port
        var missing = SystemError(EADDRNOTAVAIL)
        for address in addresses {
            let number = socket(address.family, Int32(linux_stream_socket), 0)
            if number >= 0, let bound = bind(number, address, port) {
                numbers.append(number)
                port = bound
                continue
            }
            let error = SystemError.last
            close(number)
            if error.meansNoSuchFamily {
                missing = error
                continue
            }
            // If another program had one address of `localhost`, the browser might send the code
            // there.
            for number in numbers { close(number) }
            return .failed(error)
        }
        return numbers.isEmpty
            ? .failed(missing) : .listening(LoopbackSockets(numbers: numbers, port: Int(port)))
    }

    /// Binds a socket and listens; returns the port, or `nil` with the reason in `errno`.
    private static func bind(
        _ number: Int32, _ address: LoopbackAddress, _ port: UInt16
    ) -> UInt16? {
        var isOn: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        // Otherwise the connections of the last login block a fixed port for a minute. Two
        // processes still cannot listen at the same time.
        setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &isOn, size)
        if address == .ipv6 { setsockopt(number, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &isOn, size) }
        guard address.bind(number, port) == 0, CLinux.listen(number, backlog) == 0 else {
            return nil
        }
        // The port is at the same offset in addresses of both families.
        var name = sockaddr_in6()
        let code = withSocketAddress(&name) { pointer, length in
            var length = length
            return linux_socket_name(number, pointer, &length)
        }
        return code == 0 ? UInt16(bigEndian: name.sin6_port) : nil
    }

    /// How many connections the system queues until we accept them.
    private static let backlog: Int32 = 128
}

extension LoopbackAddress {
    fileprivate var family: Int32 {
        switch self {
        case .ipv4: AF_INET
        case .ipv6: AF_INET6
        }
    }

    fileprivate func bind(_ number: Int32, _ port: UInt16) -> Int32 {
        switch self {
        case .ipv4:
            var name = sockaddr_in()
            name.sin_family = sa_family_t(AF_INET)
            name.sin_port = port.bigEndian
            name.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
            return withSocketAddress(&name) { linux_bind(number, $0, $1) }
        case .ipv6:
            var name = sockaddr_in6()
            name.sin6_family = sa_family_t(AF_INET6)
            name.sin6_port = port.bigEndian
            name.sin6_addr = in6addr_loopback
            return withSocketAddress(&name) { linux_bind(number, $0, $1) }
        }
    }
}

extension SystemError {
    /// Whether the kernel lacks IPv4 or IPv6, or its loopback interface has no such address.
    fileprivate var meansNoSuchFamily: Bool { code == EAFNOSUPPORT || code == EADDRNOTAVAIL }
}

/// Calls `body` with an address as system calls take it, and its size in bytes.
private func withSocketAddress<Address>(
    _ address: inout Address, _ body: (UnsafeMutablePointer<sockaddr>, socklen_t) -> Int32
) -> Int32 {
    withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            body($0, socklen_t(MemoryLayout<Address>.size))
        }
    }
}
