import Synchronization

extension PracticeServer {
    /// Makes requests wait until a test has done what it must do meanwhile.
    package final class Hold: Sendable {
        private let isOver = Atomic(false)

        package init() {}

        var isReleased: Bool { isOver.load(ordering: .acquiring) }

        /// Lets all requests go on that wait, and those to come.
        package func release() { isOver.store(true, ordering: .releasing) }
    }
}
