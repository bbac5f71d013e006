import CLinux
import CredCore

/// A child of ours with everything that it started, found in /proc. proc(5)
///
/// The child stays in our process group, so that it can read from the terminal and ends with us at
/// Ctrl-C. Killing the group would kill us and our caller, too.
struct ProcessTree {
    private let root: pid_t
    /// An entry of the child's environment, which what it starts inherits; it also finds those
    /// whose parent has ended. `nil` if it has none.
    private let mark: String?

    init(root: pid_t, mark: String?) {
        self.root = root
        self.mark = mark
    }

    /// How often to look for processes that were started in the meantime.
    private static let passLimit = 20

    /// Kills the child and what it started, except for processes with a group of their own, such as
    /// the agent of a password manager, which is meant to stay.
    func end() {
        var killed: Set<pid_t> = []
        for _ in 0..<Self.passLimit {
            let found = members().filter { !killed.contains($0) }
            for process in found { kill(process, SIGKILL) }
            guard !found.isEmpty else { break }
            killed.formUnion(found)
        }
        // Without /proc it is the only one that we know.
        kill(root, SIGKILL)
    }

    private func members() -> [pid_t] {
        let entries = Directory.names(in: "/proc").compactMap { name in
            Int64(digits: name.utf8).flatMap { ProcessStatus(pid_t($0)) }
        }.filter { !$0.hasEnded }
        var descendants: Set<pid_t> = [root]
        var count = 0
        // A parent may be listed after its child.
        while descendants.count != count {
            count = descendants.count
            for entry in entries where descendants.contains(entry.parent) {
                descendants.insert(entry.process)
            }
        }
        let (group, own) = (getpgrp(), getpid())
        return entries.filter { entry in
            entry.group == group && entry.process != own
                && (descendants.contains(entry.process) || isMarked(entry.process))
        }.map { $0.process }
    }

    private func isMarked(_ process: pid_t) -> Bool {
        guard let mark, case .content(let content) = File.read("/proc/\(process)/environ", .anyFile)
        else { return false }
        return content.bytes.split(separator: 0).contains { $0.elementsEqual(mark.utf8) }
    }
}
