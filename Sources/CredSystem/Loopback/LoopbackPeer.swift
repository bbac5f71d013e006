import CLinux
import CredCore

/// Who is at the other end of a connection on loopback, as the kernel's table of connections says.
/// proc_net(5)
package enum LoopbackPeer: Hashable, Sendable {
    /// A program of the user, or of root.
    case trusted
    /// A program of another user.
    case stranger(userID: UInt32)
    /// The other end has closed the connection, so nobody reads an answer; or there is no table.
    case undetermined
    /// Not a program in this machine's table, such as a browser that reaches a container through a
    /// published port.
    case elsewhere

    /// How often to read the table, which may change meanwhile, before an entry counts as missing.
    private static let readLimit = 3

    /// - Parameter descriptor: our end of the connection.
    init(of descriptor: Int32) {
        var (own, other) = (sockaddr_in6(), sockaddr_in6())
        guard Self.get(&own, { linux_socket_name(descriptor, $0, $1) }),
            Self.get(&other, { linux_peer_name(descriptor, $0, $1) })
        else {
            self = .undetermined
            return
        }
        let isIPv6 = own.sin6_family == sa_family_t(AF_INET6)
        let ends = [Self.text(&other, isIPv6), Self.text(&own, isIPv6)]
        for _ in 0..<Self.readLimit {
            // With many connections the table is long.
            let table = File.read(
                isIPv6 ? "/proc/net/tcp6" : "/proc/net/tcp", .anyFile, limit: 64 << 20)
            guard case .content(let content) = table else {
                self = .undetermined
                return
            }
            if let peer = Self.peer(ends, in: content.bytes) {
                self = peer
                return
            }
        }
        self = .elsewhere
    }

    /// The owner of the connection between these two ends, as seen from the first.
    private static func peer(_ ends: [[UInt8]], in table: [UInt8]) -> LoopbackPeer? {
        for line in table.split(separator: 0x0A) {
            let fields = line.split(separator: 0x20)
            guard fields.count > 9, fields[1].elementsEqual(ends[0]),
                fields[2].elementsEqual(ends[1]), let userID = Int64(digits: fields[7])
            else { continue }
            // A connection that its program has closed has no inode and counts as root's.
            if fields[9].elementsEqual("0".utf8) { return .undetermined }
            return userID == Int64(geteuid()) || userID == 0
                ? .trusted : .stranger(userID: UInt32(userID))
        }
        return nil
    }

    private static func get(
        _ name: inout sockaddr_in6,
        _ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
    ) -> Bool {
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        return withUnsafeMutablePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, &length) == 0 }
        }
    }

    /// An end as the table writes it: the words of the address in the machine's own byte order,
    /// `0100007F:1F90`.
    private static func text(_ name: inout sockaddr_in6, _ isIPv6: Bool) -> [UInt8] {
        withUnsafeBytes(of: &name) { bytes in
            // The offsets of the address in `sockaddr_in` and `sockaddr_in6`.
            let offsets = isIPv6 ? [8, 12, 16, 20] : [4]
            let words = offsets.map { bytes.loadUnaligned(fromByteOffset: $0, as: UInt32.self) }
            let port = UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
            return words.flatMap { hexadecimal($0, count: 8) } + [UInt8(ascii: ":")]
                + hexadecimal(UInt32(port), count: 4)
        }
    }

    private static func hexadecimal(_ value: UInt32, count: Int) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        return (0..<count).map { digits[Int(value >> UInt32(4 * (count - 1 - $0)) & 15)] }
    }
}
