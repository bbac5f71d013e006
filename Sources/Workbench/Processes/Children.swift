import Glibc
import Synchronization

/// Child processes that end together: all of a tool, or all of a practice server.
package final class Children: Sendable {
    private struct State {
        /// The process groups of the children that have not been waited for.
        var groups: Set<Int32> = []
        var hasEnded = false
    }

    private let state = Mutex(State())

    package init() {}

    /// Starts a child and keeps its process group, which `start` returns. Fails once
    /// all have been ended.
    func add(_ start: () throws(Problem) -> Int32) throws(Problem) -> Int32 {
        try state.withLock { (state) throws(Problem) in
            guard !state.hasEnded else { throw Problem("no process is started any more") }
            let group = try start()
            state.groups.insert(group)
            return group
        }
    }

    /// Removes a child that has ended. It must not be reaped before, because its number could be
    /// reused.
    func remove<Reaped>(
        _ group: Int32, _ reap: () throws(Problem) -> Reaped
    ) throws(Problem) -> Reaped {
        try state.withLock { (state) throws(Problem) in
            state.groups.remove(group)
            return try reap()
        }
    }

    /// Ends all of them, with everything that they started, and lets no more start.
    package func endAll() {
        state.withLock { state in
            state.hasEnded = true
            for group in state.groups { kill(-group, SIGKILL) }
        }
    }
}
