import Synchronization

/// What an endpoint does next, one step for each request, until the steps are used up.
final class Script<Step: Sendable>: Sendable {
    private let list = Mutex<[Step]>([])

    var steps: [Step] {
        get { list.withLock { $0 } }
        set { list.withLock { $0 = newValue } }
    }

    func next() -> Step? { list.withLock { $0.isEmpty ? nil : $0.removeFirst() } }
}
