import Glibc
import Testing
import Workbench

/// A port of 127.0.0.1 that the system gives to nobody who asks for any port, neither to listen nor
/// to connect. Whoever names it can listen there.
struct ReservedPort: ~Copyable {
    let number: UInt16
    private let descriptor: Int32

    init() throws {
        let descriptor = try Loopback.ipv4.socket()
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, 4)
        try #require(Loopback.ipv4.bind(descriptor) == 0)
        self.descriptor = descriptor
        number = Loopback.port(of: descriptor)
    }

    deinit { close(descriptor) }
}
