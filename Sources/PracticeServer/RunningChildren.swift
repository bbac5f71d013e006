import Glibc
import Synchronization

/// The child processes of one server, so that stopping it can end them.
final class RunningChildren: Sendable {
    private struct State {
        var running: Set<pid_t> = []
        var isStopped = false
    }

    private let state = Mutex(State())

    /// Starts a child that leads its own process group and returns its exit status.
    func run(
        _ start: () throws(ChildProcess.Failure) -> pid_t
    ) throws(ChildProcess.Failure) -> Int32 {
        let child = try start()
        state.withLock {
            $0.running.insert(child)
            if $0.isStopped { kill(-child, SIGKILL) }
        }
        // Wait without reaping: until it leaves the set its number must not be used again.
        var information = siginfo_t()
        while waitid(P_PID, id_t(child), &information, WEXITED | Int32(WNOWAIT)) < 0,
            errno == EINTR
        {}
        return state.withLock {
            $0.running.remove(child)
            var status: Int32 = 0
            while waitpid(child, &status, 0) < 0 {
                guard errno == EINTR else { return -1 }
            }
            return status
        }
    }

    /// Ends all children, and at once those that start later.
    func endAll() {
        state.withLock {
            $0.isStopped = true
            for child in $0.running { kill(-child, SIGKILL) }
        }
    }
}
