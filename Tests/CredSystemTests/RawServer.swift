import Foundation
import Glibc
import Synchronization

/// A server on loopback that answers one connection with the bytes it was given, whatever it is
/// asked, and then closes.
final class RawServer: Sendable {
    let port: UInt16
    private let listener: Int32
    private let received = LockedBytes()
    private let hasEnded = DispatchSemaphore(value: 0)

    init(_ answer: String) throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { [listener] pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) | listen(listener, 1)
                    | getsockname(listener, $0, &length)
            }
        }
        guard code == 0 else { throw POSIXError(.EADDRNOTAVAIL) }
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [listener, received, hasEnded] in
            Self.serve(listener, answer, received)
            hasEnded.signal()
        }
    }

    deinit { close(listener) }

    /// The whole request, once the connection is over.
    var request: String {
        hasEnded.wait()
        hasEnded.signal()
        return received.text
    }

    var headers: [String] {
        String(request.split(separator: "\r\n\r\n", maxSplits: 1)[0]).components(
            separatedBy: "\r\n")
    }

    var body: String {
        request.components(separatedBy: "\r\n\r\n").dropFirst().joined(separator: "\r\n\r\n")
    }

    private static func serve(_ listener: Int32, _ answer: String, _ received: LockedBytes) {
        // No child that another test starts may keep the connection open.
        let connection = accept4(listener, nil, nil, Int32(SOCK_CLOEXEC.rawValue))
        defer { close(connection) }
        var space = [UInt8](repeating: 0, count: 65_536)
        while !received.isWholeRequest {
            let count = recv(connection, &space, space.count, 0)
            guard count > 0 else { return }
            received.append(space[..<count])
        }
        let bytes = Array(answer.utf8)
        send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }
}

/// glibc has it, and Swift's module of it does not show it.
@_silgen_name("accept4")
private func accept4(
    _ listener: Int32, _ address: UnsafeMutablePointer<sockaddr>?,
    _ length: UnsafeMutablePointer<socklen_t>?, _ flags: Int32
) -> Int32

/// Bytes that one thread adds and another reads.
private final class LockedBytes: Sendable {
    private let bytes = Mutex<[UInt8]>([])

    func append(_ more: ArraySlice<UInt8>) { bytes.withLock { $0 += more } }

    var text: String { String(decoding: bytes.withLock { $0 }, as: UTF8.self) }

    /// The header block is there, and as much body as it announces.
    var isWholeRequest: Bool {
        let parts = text.components(separatedBy: "\r\n\r\n")
        guard parts.count > 1 else { return false }
        let announced = parts[0].components(separatedBy: "\r\n")
            .first { $0.lowercased().hasPrefix("content-length: ") }
            .flatMap { Int($0.dropFirst(16)) }
        return parts.dropFirst().joined(separator: "\r\n\r\n").utf8.count >= announced ?? 0
    }
}
