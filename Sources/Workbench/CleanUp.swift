import Dispatch
import Foundation
import Glibc
import Synchronization

/// Actions to run before a tool ends, however it ends.
///
/// SIGINT, SIGTERM and SIGHUP also end all children and run the actions. Only SIGKILL leaves things
/// behind.
package final class CleanUp: Sendable {
    /// The children that it ends.
    package let children = Children()
    private let actions = Mutex<[@Sendable () -> Void]>([])

    package init() {
        // The tool's reader may go away; then writing fails, and the tool ends in order.
        signal(SIGPIPE, SIG_IGN)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { [self] in
                actions.withLock { actions in
                    children.endAll()
                    Self.run(&actions)
                    // Mentioning it keeps the source alive, and with it this handler.
                    source.cancel()
                    // Still locked: a tool that is about to end by itself waits in `run()`.
                    exit(128 + number)
                }
            }
            source.resume()
        }
    }

    /// Later ones are run first.
    package func add(_ action: @escaping @Sendable () -> Void) {
        actions.withLock { $0.append(action) }
    }

    /// Runs every action, once. Does not return once a signal has come.
    package func run() { actions.withLock { Self.run(&$0) } }

    private static func run(_ actions: inout [@Sendable () -> Void]) {
        while let action = actions.popLast() { action() }
    }
}
