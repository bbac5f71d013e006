import Foundation
import Synchronization

/// The other side of a conversation, on a thread of its own: tests run on few threads, and one that
/// waits keeps its own.
final class Companion<Value: Sendable>: Sendable {
    private let outcome = Mutex<Swift.Result<Value, any Error>?>(nil)
    private let hasEnded = DispatchSemaphore(value: 0)

    init(_ body: @escaping @Sendable () throws -> Value) {
        Thread.detachNewThread { [self] in
            let result = Result { try body() }
            outcome.withLock { $0 = result }
            hasEnded.signal()
        }
    }

    struct NeverEnded: Error {}

    /// Waits for what it came to.
    func result() throws -> Value {
        hasEnded.wait()
        hasEnded.signal()
        guard let result = outcome.withLock({ $0 }) else { throw NeverEnded() }
        return try result.get()
    }
}
