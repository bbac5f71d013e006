import Glibc

/// A TCP socket that listens on a loopback address.
struct ListeningSocket: Sendable {
    let descriptor: Int32
    let port: UInt16

    init(_ host: PracticeServer.Host, port: UInt16) throws(PracticeServer.StartFailure) {
        let family = host == .ipv4 ? AF_INET : AF_INET6
        let type = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
        let descriptor = socket(family, Int32(type), 0)
        guard descriptor >= 0 else { throw Self.failure("socket") }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, 4)
        let bound: Int32
        switch host {
        case .ipv4:
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
            bound = Self.bind(descriptor, &address)
        case .ipv6:
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            address.sin6_addr = in6addr_loopback
            bound = Self.bind(descriptor, &address)
        }
        guard bound == 0, listen(descriptor, SOMAXCONN) == 0 else {
            defer { Glibc.close(descriptor) }
            throw Self.failure("bind or listen")
        }
        self.descriptor = descriptor
        self.port = Self.boundPort(descriptor)
    }

    /// From now on nobody can connect, although a process that this one is just starting may have
    /// the descriptor for an instant longer.
    func close() {
        shutdown(descriptor, Int32(SHUT_RDWR))
        Glibc.close(descriptor)
    }

    /// The next connection, or `nil` if there is none after all.
    func accept() -> Int32? {
        let flags = Int32(SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let connection = accept4(descriptor, nil, nil, flags)
        guard connection >= 0 else { return nil }
        var yes: Int32 = 1
        setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, 4)
        return connection
    }

    private static func bind<Address>(_ descriptor: Int32, _ address: inout Address) -> Int32 {
        let size = socklen_t(MemoryLayout<Address>.size)
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(descriptor, $0, size)
            }
        }
    }

    private static func boundPort(_ descriptor: Int32) -> UInt16 {
        // Family and port stand at the same place in both kinds of address.
        var address = sockaddr_in6()
        var size = socklen_t(MemoryLayout<sockaddr_in6>.size)
        _ = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getsockname(descriptor, $0, &size)
            }
        }
        return UInt16(bigEndian: address.sin6_port)
    }

    private static func failure(_ call: String) -> PracticeServer.StartFailure {
        PracticeServer.StartFailure(call: call, errorNumber: errno)
    }
}

private typealias Accept4 =
    @convention(c) (
        Int32, UnsafeMutablePointer<sockaddr>?, UnsafeMutablePointer<socklen_t>?, Int32
    ) -> Int32

/// `accept4(2)`, which Swift's Glibc module hides because it is not in POSIX.
///
/// With `accept` and `fcntl` a child started in between, by any thread of the process, would
/// inherit the connection and keep it open.
private let accept4 = unsafeBitCast(dlsym(dlopen(nil, RTLD_NOW), "accept4"), to: Accept4.self)
