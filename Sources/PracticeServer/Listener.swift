import Dispatch
import Foundation
import Glibc
import Workbench

/// Accepts connections and gives each a thread, so that a slow one delays no other.
final class Listener: Sendable {
    let port: UInt16
    private let stopSignal: StopSignal
    private let threads = DispatchGroup()
    private let children: Children

    init(_ socket: ListeningSocket, serving site: Site) throws(PracticeServer.StartFailure) {
        port = socket.port
        stopSignal = try StopSignal()
        children = site.children
        Self.startThread(in: threads) { [stopSignal, threads] in
            defer { socket.close() }
            while stopSignal.wait(for: POLLIN, of: socket.descriptor) == .ready {
                guard let connection = socket.accept() else {
                    // Out of descriptors, perhaps: give connections time to end.
                    if stopSignal.wait(for: 0, of: -1, milliseconds: 5) == .stopped { return }
                    continue
                }
                Self.startThread(in: threads) {
                    var connection = Connection(ClientSocket(connection, stopSignal), site)
                    connection.serve()
                }
            }
        }
    }

    /// Ends all threads and children and waits for them; the port is closed when this returns.
    func stop() {
        stopSignal.raise()
        children.endAll()
        threads.wait()
    }

    private static func startThread(
        in group: DispatchGroup, _ body: @escaping @Sendable () -> Void
    ) {
        group.enter()
        Thread.detachNewThread {
            body()
            group.leave()
        }
    }
}
