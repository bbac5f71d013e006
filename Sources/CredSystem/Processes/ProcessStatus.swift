import CLinux
import CredCore

/// What /proc tells about a process. proc_pid_stat(5)
struct ProcessStatus: Sendable {
    let process: pid_t
    /// The start of the name of its program, at most 15 bytes.
    let program: [UInt8]
    let hasEnded: Bool
    let parent: pid_t
    let group: pid_t
    /// Whether it is a copy of its parent that has not started another program.
    let isCopy: Bool
    let threadCount: Int64
    /// When it was started, in clock ticks since the machine was. No two processes of one machine
    /// have the same number and the same time.
    let startTime: Int64

    /// `nil` if there is no such process, or no /proc.
    init?(_ process: pid_t) {
        guard case .content(let content) = File.read("/proc/\(process)/stat", .anyFile),
            // The name of the program is in parentheses, and may contain some.
            let start = content.bytes.firstIndex(of: UInt8(ascii: "(")),
            let end = content.bytes.lastIndex(of: UInt8(ascii: ")")), start < end
        else { return nil }
        let fields = content.bytes[(end + 1)...].split(separator: UInt8(ascii: " "))
        guard fields.count > 19, let parent = Int64(digits: fields[1]),
            let group = Int64(digits: fields[2]), let flags = Int64(digits: fields[6]),
            let threadCount = Int64(digits: fields[17]), let startTime = Int64(digits: fields[19])
        else { return nil }
        self.process = process
        program = Array(content.bytes[(start + 1)..<end])
        hasEnded = fields[0].first == UInt8(ascii: "Z")
        self.parent = pid_t(parent)
        self.group = pid_t(group)
        isCopy = flags & Self.copyFlag != 0
        self.threadCount = threadCount
        self.startTime = startTime
    }

    /// `PF_FORKNOEXEC` of the kernel's `sched.h`.
    private static let copyFlag: Int64 = 0x40
}
