import Dispatch
import Synchronization
package import Testing

/// Tests that need the machine take turns: few run at once, each on a thread of its own.
///
/// All tests of a run begin at the same moment and share a thread for each processor, where every
/// step of a test waits behind the steps of all others, a minute long on a busy machine. Tokens age
/// meanwhile, and planet-cred does not wait for ever for a server that a test holds up. With its turn
/// a test can take all its steps at once.
package struct Turn: SuiteTrait, TestTrait, TestScoping {
    fileprivate enum Share: Sendable {
        /// A few tests have one at a time.
        case one
        /// One test alone has it, among those that have a turn.
        case crowd
    }

    fileprivate let share: Share

    package var isRecursive: Bool { true }

    package func provideScope(
        for test: Test, testCase: Test.Case?, performing body: @Sendable () async throws -> Void
    ) async throws {
        switch share {
        case .one:
            try await Gate.turns.pass {
                try await withTaskExecutorPreference(OwnThread()) { try await body() }
            }
        case .crowd:
            try await Gate.crowds.pass { try await body() }
        }
    }
}

extension Trait where Self == Turn {
    /// For suites that start processes, listen at ports or wait for either.
    package static var inTurn: Turn { Turn(share: .one) }

    /// For tests in such a suite that start dozens of processes: no two of them run at once.
    package static var crowd: Turn { Turn(share: .crowd) }
}

/// Runs the steps of one test.
private final class OwnThread: TaskExecutor {
    // A serial queue has a thread whenever it has work, however many others are held up.
    private let queue = DispatchQueue(label: "test")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

/// Lets a few through at a time; the others wait their turn without holding a thread.
private final class Gate: Sendable {
    /// For tests that need the machine.
    static let turns = Gate(width: 6)
    /// For those among them that start dozens of processes.
    static let crowds = Gate(width: 1)

    private struct State {
        var free: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>

    init(width: Int) { state = Mutex(State(free: width)) }

    func pass<Result: Sendable>(
        _ body: @Sendable () async throws -> Result
    ) async rethrows -> Result {
        await enter()
        defer { leave() }
        return try await body()
    }

    private func enter() async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.free > 0 else {
                    state.waiting.append(continuation)
                    return false
                }
                state.free -= 1
                return true
            }
            if isFree { continuation.resume() }
        }
    }

    private func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard !state.waiting.isEmpty else {
                state.free += 1
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume()
    }
}
