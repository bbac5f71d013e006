import CredCore
import CredSystem
import Foundation
import Glibc
import TestSupport
import Testing

/// Where a listener listens.
@Suite("Port of the loopback listener", .timeLimit(.minutes(1))) struct LoopbackPortTests {
    @Test(
        "the system picks the port, the same for both families of localhost",
        arguments: [
            Example("IPv4", [LoopbackListener.Address.ipv4]), Example("IPv6", [.ipv6]),
            Example("both", [.ipv4, .ipv6]),
        ])
    func families(_ example: Example<[LoopbackListener.Address]>) throws {
        var listener = try LoopbackListener(example.given, port: nil)
        let clients = try example.given.map { address in
            try LocalClient(address, port: listener.port).get("/\(address)", host: listener.host)
        }
        let targets = try Set(clients.map { _ in try listener.nextRequest().target })
        #expect(targets == Set(example.given.map { "/\($0)" }))
    }

    @Test("it listens on loopback and nowhere else")
    func loopbackOnly() throws {
        let listener = try LoopbackListener([.ipv4, .ipv6], port: nil)
        let addresses = try ["/proc/net/tcp", "/proc/net/tcp6"].map { table in
            try Sockets.addresses(in: table, port: listener.port)
        }
        #expect(addresses == [["0100007F"], ["00000000000000000000000001000000"]])
        withExtendedLifetime(listener) {}
    }

    @Test("a port of the profile's is the one")
    func fixed() throws {
        let port = try LoopbackListener([.ipv4, .ipv6], port: nil).port
        let listener = try LoopbackListener([.ipv4, .ipv6], port: port)
        #expect(listener.port == port)
    }

    @Test("a port can be used again at once, though its last connections are not forgotten yet")
    func again() throws {
        let port: Int
        do {
            var listener = try LoopbackListener([.ipv4], port: nil)
            port = listener.port
            let client = try LocalClient(port: port).get("/", host: listener.host)
            let request = try listener.nextRequest()
            listener.answer(request, LocalPage(status: 200, body: ""))
            #expect(client.status == 200)
        }
        let listener = try LoopbackListener([.ipv4], port: port)
        #expect(listener.port == port)
    }

    @Test(
        "LOOP-09: a port that is taken is a failure that names it, on either family",
        arguments: [Example("IPv4", LoopbackListener.Address.ipv4), Example("IPv6", .ipv6)])
    func taken(_ example: Example<LoopbackListener.Address>) throws {
        let other = try LoopbackListener([example.given], port: nil)
        let failure = try #require(throws: Failure.self) {
            _ = try LoopbackListener([.ipv4, .ipv6], port: other.port)
        }
        #expect(
            failure
                == Failure(
                    .failed, "cannot listen on port \(other.port) of this machine",
                    because: "Address already in use"))
        withExtendedLifetime(other) {}
    }

    @Test(
        "LOOP-09: on a machine with one family only, localhost is that one",
        .enabled(if: OwnNetwork.isAllowed, "takes the right to make a network"),
        arguments: [
            Row("no IPv6", "::1/128", LoopbackListener.Address.ipv4),
            Row("no IPv4", "127.0.0.1/8", .ipv6),
        ])
    func oneFamily(_ row: Row<String, LoopbackListener.Address>) async {
        await #expect(processExitsWith: .success) {
            [missing = row.given as String, isIPv4 = (row.wanted == .ipv4) as Bool] in
            try OwnNetwork.enter(setUpBy: "ip address delete \(missing) dev lo")
            var listener = try LoopbackListener([.ipv4, .ipv6], port: nil)
            let address = isIPv4 ? LoopbackListener.Address.ipv4 : .ipv6
            let client = try LocalClient(address, port: listener.port)
            client.get("/real", host: "localhost:\(listener.port)")
            let target = try listener.nextRequest().target
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
            #expect(failure.what == "cannot listen on a port of this machine")
            #expect(failure.because == "Cannot assign requested address")
        }
    }

    @Test("a number that no port has is a failure that names it")
    func noPort() throws {
        let failure = try #require(throws: Failure.self) {
            _ = try LoopbackListener([.ipv4], port: 65_536)
        }
        #expect(failure.what == "cannot listen on port 65536 of this machine")
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

/// What the kernel tells of sockets, proc(5).
private enum Sockets {
    /// The local addresses that listen at a port, as the table writes them.
    static func addresses(in table: String, port: Int) throws -> [String] {
        try String(contentsOf: URL(filePath: table), encoding: .utf8)
            .split(separator: "\n").dropFirst()
            .compactMap { line in
                let fields = line.split(separator: " ")
                let local = fields[1].split(separator: ":")
                return fields[3] == "0A" && Int(local[1], radix: 16) == port
                    ? String(local[0]) : nil
            }
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

    /// `CLONE_NEWNET`, unshare(2).
    private static let flag: Int32 = 0x4000_0000

    @_silgen_name("unshare")
    private static func unshare(_ flags: Int32) -> Int32

    static func enter(setUpBy command: String) throws {
        guard unshare(flag) == 0 else { throw Impossible() }
        let script = "ip link set lo up && \(command)"
        let child = Child(
            "sh", ["-c", script], environment: path, timeLimit: 50_000)
        guard child.run().output == "" else { throw Impossible() }
    }
}
