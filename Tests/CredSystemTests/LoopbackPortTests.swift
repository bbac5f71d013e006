import CLinux
import CredCore
import CredSystem
import Foundation
import Glibc
import TestSupport
import Testing
import Workbench

/// Where a listener listens.
@Suite("Port of the loopback listener", .inTurn) struct LoopbackPortTests {
    @Test(
        "the system picks the port, the same for both families of localhost",
        arguments: [
            Example("IPv4", [LoopbackAddress.ipv4]), Example("IPv6", [.ipv6]),
            Example("both", [.ipv4, .ipv6]),
        ])
    func families(_ example: Example<[LoopbackAddress]>) throws {
        var listener = try LoopbackListener(example.given, port: nil)
        let clients = try example.given.map { address in
            try LocalClient(address, port: listener.port).get("/\(address)", host: listener.host)
        }
        let targets = try Set(clients.map { _ in try listener.nextRequest().path })
        #expect(targets == Set(example.given.map { "/\($0)" }))
    }

    @Test("it listens on loopback and nowhere else")
    func loopbackOnly() async {
        await #expect(processExitsWith: .success) {
            let before = try Sockets.ofThisProcess()
            let listener = try LoopbackListener([.ipv4, .ipv6], port: nil)
            let sockets = try Sockets.ofThisProcess().subtracting(before)
            #expect(Set(sockets.map(Sockets.address(of:))) == ["127.0.0.1", "::1"])
            withExtendedLifetime(listener) {}
        }
    }

    // A socket that we close may live on for an instant in a process that another test is just
    // starting, so this has a process of its own.

    @Test("a port can be used again at once, though its last connections are not forgotten yet")
    func again() async {
        await #expect(processExitsWith: .success) {
            let port: Int
            do {
                var listener = try LoopbackListener([.ipv4], port: nil)
                port = listener.port
                let client = try LocalClient(port: port).get("/", host: listener.host)
                listener.answer(try listener.nextRequest(), LocalPage(status: 200, body: ""))
                #expect(client.status == 200)
            }
            let listener = try LoopbackListener([.ipv4], port: port)
            #expect(listener.port == port)
        }
    }

    @Test(
        "LOOP-09: a port that is taken is a failure that names it, on either family",
        arguments: [Example("IPv4", LoopbackAddress.ipv4), Example("IPv6", .ipv6)])
    func taken(_ example: Example<LoopbackAddress>) throws {
        let other = try LoopbackListener([example.given], port: nil)
        let failure = try #require(throws: Failure.self) {
            _ = try LoopbackListener([.ipv4, .ipv6], port: other.port)
        }
        #expect(
            failure
                == Failure(
                    .failed, "cannot listen on port \(other.port)",
                    because: "Address already in use",
                    remedy: "ss -ltnp sport = :\(other.port)    # shows which process uses it"))
        withExtendedLifetime(other) {}
    }

    @Test(
        "LOOP-09: on a machine with one family only, localhost is that one",
        .enabled(if: OwnNetwork.isAllowed, "takes the right to make a network"),
        arguments: [
            Row("no IPv6", "::1/128", LoopbackAddress.ipv4),
            Row("no IPv4", "127.0.0.1/8", .ipv6),
        ])
    func oneFamily(_ row: Row<String, LoopbackAddress>) async {
        await #expect(processExitsWith: .success) {
            [missing = row.given as String, isIPv4 = (row.wanted == .ipv4) as Bool] in
            try OwnNetwork.enter(setUpBy: "ip address delete \(missing) dev lo")
            var listener = try LoopbackListener([.ipv4, .ipv6], port: nil)
            let address = isIPv4 ? LoopbackAddress.ipv4 : .ipv6
            let client = try LocalClient(address, port: listener.port)
            client.get("/real", host: "localhost:\(listener.port)")
            let target = try listener.nextRequest().path
            #expect(target == "/real")
        }
    }

    @Test(
        "LOOP-09: on a machine without any loopback address there is a failure",
        .enabled(if: OwnNetwork.isAllowed, "takes the right to make a network"))
    func noFamily() async {
        await #expect(processExitsWith: .success) {
            try OwnNetwork.enter(setUpBy: "ip address flush dev lo")
            let failure = try #require(throws: Failure.self) {
                _ = try LoopbackListener([.ipv4, .ipv6], port: nil)
            }
            #expect(failure.what == "cannot listen on a local port")
            #expect(failure.because == "Cannot assign requested address")
        }
    }

    @Test("a number that no port has is a failure that names it")
    func noPort() throws {
        let failure = try #require(throws: Failure.self) {
            _ = try LoopbackListener([.ipv4], port: 65_536)
        }
        #expect(failure.what == "cannot listen on port 65536")
    }

    @Test("SEC-05: no socket of ours reaches another program")
    func inheritance() async {
        await #expect(processExitsWith: .success) {
            let before = try Sockets.ofThisProcess()
            var listener = try LoopbackListener([.ipv4, .ipv6], port: nil)
            let client = try LocalClient(port: listener.port).get("/", host: listener.host)
            let request = try listener.nextRequest()
            // Two that listen, both ends of the connection.
            let sockets = try Sockets.ofThisProcess().subtracting(before)
            #expect(sockets.count == 4)
            #expect(sockets.allSatisfy { fcntl($0, F_GETFD) & FD_CLOEXEC != 0 })
            listener.answer(request, LocalPage(status: 200, body: ""))
            withExtendedLifetime(client) {}
        }
    }
}

private enum Sockets {
    /// Where a socket is bound to, without the port.
    static func address(of number: Int32) -> String {
        var address = sockaddr_storage()
        var text = [CChar](repeating: 0, count: 64)
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = getsockname(number, $0, &length)
                _ = getnameinfo($0, length, &text, 64, nil, 0, NI_NUMERICHOST)
            }
        }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
    }

    /// The descriptors of all sockets that are open.
    static func ofThisProcess() throws -> Set<Int32> {
        let numbers = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
            .compactMap { Int32($0) }
        return Set(
            numbers.filter { number in
                var status = stat()
                return fstat(number, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK
            })
    }
}

/// A network that this thread and its children have for themselves.
private enum OwnNetwork {
    struct Impossible: Error {}

    static var isAllowed: Bool {
        Child("unshare", ["--net", "ip", "address"], environment: path, timeLimit: 50_000)
            .run().output != nil
    }

    private static let path = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"]

    static func enter(setUpBy command: String) throws {
        guard unshare(Int32(linux_new_network)) == 0 else { throw Impossible() }
        let script = "ip link set lo up && \(command)"
        let child = Child(
            "sh", ["-c", script], environment: path, timeLimit: 50_000)
        guard child.run().output == "" else { throw Impossible() }
    }
}

extension LocalClient {
    fileprivate convenience init(_ address: LoopbackAddress, port: Int) throws {
        let families: [LoopbackAddress: Loopback] = [.ipv4: .ipv4, .ipv6: .ipv6]
        try self.init(families[address] ?? .ipv4, port: port)
    }
}
