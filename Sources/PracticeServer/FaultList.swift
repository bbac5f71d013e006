import Synchronization

/// The faults still to come, used up by the requests that meet them.
final class FaultList: Sendable {
    private let list = Mutex<[PracticeServer.Fault]>([])

    var faults: [PracticeServer.Fault] {
        get { list.withLock { $0 } }
        set { list.withLock { $0 = newValue } }
    }

    func append(_ faults: [PracticeServer.Fault]) { list.withLock { $0 += faults } }

    /// Takes one use of the first fault for this path.
    func take(for path: String) -> PracticeServer.Fault? {
        take { $0.matches(path) && !$0.isOnConnect }
    }

    /// Takes one use of a reset that hits connections, if there is one.
    func takeConnectionReset() -> Bool { take { $0.isOnConnect } != nil }

    private func take(
        where matches: (PracticeServer.Fault) -> Bool
    ) -> PracticeServer.Fault? {
        list.withLock { faults in
            guard let index = faults.firstIndex(where: { matches($0) && $0.times != 0 })
            else { return nil }
            let fault = faults[index]
            guard let times = fault.times else { return fault }
            if times > 1 { faults[index].times = times - 1 } else { faults.remove(at: index) }
            return fault
        }
    }
}

extension PracticeServer.Fault {
    fileprivate var isOnConnect: Bool {
        if case .reset(.onConnect) = effect { true } else { false }
    }
}
