import Foundation
import Synchronization

/// The process groups of all children that nobody has waited for, so that a signal ends them too.
enum Children {
    private struct State {
        var groups: Set<Int32> = []
        var isEnding = false
    }

    private static let state = Mutex(State())

    /// Starts, or finds, a child and keeps its group, which `spawn` returns.
    ///
    /// Once `endAll` was called the main thread stays here: what it would measure or show next
    /// has no home any more, and the process is about to end.
    static func start(_ spawn: () throws(Problem) -> Int32) throws(Problem) -> Int32 {
        let group = try state.withLock { (state) throws(Problem) -> Int32? in
            if state.isEnding, Thread.isMainThread { return nil }
            let group = try spawn()
            state.groups.insert(group)
            return group
        }
        if let group { return group }
        while true { pause() }
    }

    static func remove(_ group: Int32) { state.withLock { _ = $0.groups.remove(group) } }

    static func endAll() {
        state.withLock { state in
            state.isEnding = true
            for group in state.groups { kill(-group, SIGKILL) }
        }
    }
}
