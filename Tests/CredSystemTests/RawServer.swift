import CLinux
import Foundation
import Workbench

/// A server on loopback that answers one connection with the bytes it was given, whatever it is
/// asked, and then closes, or waits for the client to.
final class RawServer: Sendable {
    let port: UInt16
    private let listener: Int32
    private let conversation: Companion<String>

    /// What becomes of the connection after the answer.
    enum Connection: Sendable { case closed, kept }

    init(_ answer: String, then connection: Connection = .closed) throws {
        let listener = try Loopback.ipv4.socket()
        self.listener = listener
        guard Loopback.ipv4.bind(listener) == 0, listen(listener, 1) == 0 else {
            throw POSIXError(.EADDRNOTAVAIL)
        }
        port = Loopback.port(of: listener)
        conversation = Companion { Self.serve(listener, answer, connection) }
    }

    deinit { close(listener) }

    /// The whole request, once the connection is over.
    var request: String { get throws { try conversation.result() } }

    var headers: [String] {
        get throws {
            try request.components(separatedBy: "\r\n\r\n")[0].components(separatedBy: "\r\n")
        }
    }

    var body: String {
        get throws {
            try request.components(separatedBy: "\r\n\r\n").dropFirst()
                .joined(separator: "\r\n\r\n")
        }
    }

    private static func serve(
        _ listener: Int32, _ answer: String, _ after: Connection
    ) -> String {
        // No child that another test starts may keep the connection open.
        let connection = linux_accept_waiting(listener)
        defer { close(connection) }
        var bytes: [UInt8] = []
        var received: String { String(decoding: bytes, as: UTF8.self) }
        var space = [UInt8](repeating: 0, count: 65_536)
        while !isWhole(received) {
            let count = recv(connection, &space, space.count, 0)
            guard count > 0 else { return received }
            bytes += space[..<count]
        }
        send(connection, answer, answer.utf8.count, Int32(MSG_NOSIGNAL))
        if after == .kept { while recv(connection, &space, space.count, 0) > 0 {} }
        return received
    }

    /// The header block is there, and as much body as it announces.
    private static func isWhole(_ request: String) -> Bool {
        let parts = request.components(separatedBy: "\r\n\r\n")
        guard parts.count > 1 else { return false }
        let announced = parts[0].components(separatedBy: "\r\n")
            .first { $0.lowercased().hasPrefix("content-length: ") }
            .flatMap { Int($0.dropFirst(16)) }
        return parts.dropFirst().joined(separator: "\r\n\r\n").utf8.count >= announced ?? 0
    }
}
