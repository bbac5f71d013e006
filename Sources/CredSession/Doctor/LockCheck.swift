package import CredCore
package import CredSystem

/// Checks whether the locks in a directory exclude another host that shares it, with two processes,
/// one on each host.
///
/// Only one of the two can create the meeting file, which works on every file system. That one
/// takes both locks and then writes its holder note to the file; the other one tries the locks and
/// writes what it found to the answer file.
package struct LockCheck: Sendable {
    private let world: World
    private let locations: Locations
    /// The directory of the profile's locks, or of all profiles if this one has none yet.
    package let folder: String
    private let timeout: Seconds

    /// How long to wait for the other process, in seconds: long enough to start one by hand.
    package static let defaultTimeout: Seconds = 60

    package init(_ context: ProfileContext, timeout: Seconds) {
        world = context.world
        locations = context.locations
        let home = locations.folder(context.profile).path
        folder = locations.locks ?? (File.exists(home) ? home : locations.profiles)
        self.timeout = timeout
    }

    private var meeting: String { "\(folder)/locks.check" }
    private var answer: String { "\(folder)/locks.check.answer" }
    private var lock: String { "\(folder)/locks.check.lock" }

    /// What the two processes found.
    package struct Finding: Hashable, Sendable {
        package let hosts: [String]
        /// flock(2)
        package let whole: LockProbe
        /// The lock on a byte range.
        package let range: LockProbe

        /// One lock that excludes the other host is enough.
        package var isShared: Bool { whole == .held || range == .held }
    }

    /// How a check ended.
    package enum Outcome: Hashable, Sendable {
        case found(Finding)
        /// Both processes use the directory through the same mount on one host, where locks always
        /// work.
        case sameHost(String)
        case nobodyCame(seconds: Seconds)
    }

    /// Runs one of the two processes. Fails with kind `.failed` if the directory cannot be used.
    package func run() throws(Failure) -> Outcome {
        if try !locations.makeLockFolder() { try Directory.makePrivate(folder) }
        let deadline = world.clock.uptime() + timeout * 1000
        while world.clock.uptime() < deadline {
            if File.create(meeting) {
                defer { for file in [meeting, answer] { File.remove(file) } }
                return try host(deadline)
            }
            if let outcome = try visit() { return outcome }
            world.clock.sleep(Self.pause)
        }
        return .nobodyCame(seconds: timeout)
    }

    /// How often to look for the other process, in milliseconds.
    private static let pause: Int64 = 100

    /// Holds the locks until the other process has tried them.
    private func host(_ deadline: Int64) throws(Failure) -> Outcome {
        let lock = try FileLock(lock)
        guard try lock.tryAcquire() else {
            throw Failure(
                .tryAgain, "cannot check the locks in '\(folder)'",
                because: "another 'planet-cred doctor --locks' is just ending", remedy: nil)
        }
        let note = note(lock)
        try write(note.text, to: meeting)
        world.voice.progress(
            "waiting \(timeout) s for 'planet-cred doctor --locks' on another host")
        defer {
            // The meeting file goes first, so that nobody finds it and the locks already free.
            File.remove(meeting)
            lock.release()
        }
        while world.clock.uptime() < deadline {
            if let report = read(answer), let outcome = Report(report)?.outcome(note) {
                return outcome
            }
            world.clock.sleep(Self.pause)
        }
        return .nobodyCame(seconds: timeout)
    }

    /// Tries the locks of the process that came first; `nil` if that is not ready or has ended.
    private func visit() throws(Failure) -> Outcome? {
        guard let text = read(meeting), let first = HolderNote(text) else {
            removeAbandoned(after: 5)
            return nil
        }
        let lock = try FileLock(lock)
        let note = note(lock)
        if first.place.isSame(as: note.place), !Platform.isRunning(first.process) {
            File.remove(meeting)
            return nil
        }
        let probe = lock.probe
        // If it has ended meanwhile, the locks were free for that reason.
        guard read(meeting) == text else { return nil }
        let report = Report(note: note, whole: probe.whole, range: probe.range)
        try write(report.text, to: answer)
        removeAbandoned(after: Self.defaultTimeout + 60)
        return report.outcome(first)
    }

    /// Removes the meeting file of a process that was killed, by the clock of the file system.
    /// - Parameter limit: the age from which it counts as abandoned, in seconds.
    private func removeAbandoned(after limit: Seconds) {
        let clock = "\(folder)/locks.check.\(Platform.processID)"
        defer { File.remove(clock) }
        guard File.create(clock), let now = File.modifiedAt(clock),
            let time = File.modifiedAt(meeting), abs(now - time) > limit
        else { return }
        File.remove(meeting)
    }

    private func note(_ lock: FileLock) -> HolderNote {
        let now = world.clock.now()
        return HolderNote(
            lock.place, since: now, until: now + timeout, purpose: "checking the locks")
    }

    private func write(_ text: String, to path: String) throws(Failure) {
        try AtomicFile.replace(
            path, aside: "\(path).\(Platform.processID)", with: Array(text.utf8), .replaceable)
    }

    private func read(_ path: String) -> String? {
        guard case .content(let content) = File.read(path, .ownFile), !content.bytes.isEmpty
        else { return nil }
        return String(decoding: content.bytes, as: UTF8.self)
    }
}

/// What the second process found, as it writes it to the answer file for the first one.
private struct Report {
    let note: HolderNote
    let whole: LockProbe
    let range: LockProbe

    init(note: HolderNote, whole: LockProbe, range: LockProbe) {
        self.note = note
        self.whole = whole
        self.range = range
    }

    init?(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 3, let note = HolderNote(String(lines[0])) else { return nil }
        self.note = note
        whole = LockProbe(word: String(lines[1]))
        range = LockProbe(word: String(lines[2]))
    }

    var text: String { "\(note.text)\n\(whole.word)\n\(range.word)" }

    func outcome(_ other: HolderNote) -> LockCheck.Outcome {
        if note.place.isSame(as: other.place) { return .sameHost(note.place.host) }
        return .found(
            LockCheck.Finding(
                hosts: [note.place.host, other.place.host].sorted(), whole: whole, range: range))
    }
}

extension LockProbe {
    /// For JSON.
    package var name: String {
        switch self {
        case .held: "shared"
        case .free: "not shared"
        case .unsupported: "not supported"
        }
    }

    /// What the probe says about the lock, in words: `shared` if the other process could not take
    /// it.
    package var word: String {
        switch self {
        case .held: "shared"
        case .free: "NOT shared"
        case .unsupported(let reason): "not supported: \(reason)"
        }
    }

    fileprivate init(word: String) {
        let prefix = "not supported: "
        self =
            switch word {
            case "shared": .held
            case "NOT shared": .free
            default: .unsupported(String(word.dropFirst(prefix.count)))
            }
    }
}
