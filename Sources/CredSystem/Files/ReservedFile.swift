import CLinux
package import CredCore

/// A file for an answer that must not be lost: a holder note, and after it the answer, whose disk
/// space is reserved before anything is sent.
///
/// Creating it is also a claim: of several processes only one creates a name, also where the locks
/// of a file system do not exclude other hosts. The file itself is locked as long as its process,
/// or the child that writes the answer, is alive.
package struct ReservedFile: ~Copyable {
    private let descriptor: Descriptor
    private let path: String

    private init(_ descriptor: consuming Descriptor, _ path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    /// What a claim says about itself.
    package struct Terms: Hashable, Sendable {
        /// The space to reserve for the answer, in bytes.
        package let byteCount: Int
        /// How long the claim may take, in seconds. An older one on another host has been
        /// abandoned.
        package let lifetime: Seconds
        package let now: UnixTime
        package let purpose: String

        package init(byteCount: Int, lifetime: Seconds, now: UnixTime, purpose: String) {
            self.byteCount = byteCount
            self.lifetime = lifetime
            self.now = now
            self.purpose = purpose
        }
    }

    package enum Claim: ~Copyable {
        case granted(ReservedFile)
        /// Another process has claimed the name.
        case held(LockHolder)
    }

    /// What is known about a file that exists already.
    package struct Circumstances: Hashable, Sendable {
        /// Whether the file contains a whole answer, so that nobody is waiting for one.
        package let isAnswered: Bool
        /// The answer as far as it was there when the caller last looked for one. If the file says
        /// more by now, it is not taken over: the answer has just come.
        package let seen: [UInt8]
        /// Whether the last holder of the lock was killed, and saw the same locks as this process.
        package let lastHolderDied: Bool
        /// The time by the clock of the file system.
        package let fileSystemTime: UnixTime

        package init(
            isAnswered: Bool, seen: [UInt8], lastHolderDied: Bool, fileSystemTime: UnixTime
        ) {
            self.isAnswered = isAnswered
            self.seen = seen
            self.lastHolderDied = lastHolderDied
            self.fileSystemTime = fileSystemTime
        }
    }

    /// Creates the file with mode 0600, or takes over one that its process has abandoned.
    ///
    /// Fails with kind `.failed` without disk space or permission, and then leaves no file.
    /// - Parameter moveAway: moves what an abandoned file contains to another place, if it must be
    ///   kept, and returns whether it did.
    package static func claim(
        _ path: String, _ terms: Terms, _ circumstances: Circumstances,
        moveAway: () -> Bool = { false }
    ) throws(Failure) -> Claim {
        // Repeated if the file is removed meanwhile, but not for ever: a name may exist that can
        // never be opened.
        var failure = SystemError(EEXIST)
        for _ in 0..<16 {
            let flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
            let created = openFile(path, flags | O_CREAT | O_EXCL, mode: 0o600)
            if created >= 0 {
                let file = ReservedFile(Descriptor(created), path)
                // The error is ignored: on a file system without this lock its age decides.
                flock(created, LOCK_EX | LOCK_NB)
                try file.reserve(terms, .new)
                return .granted(file)
            }
            failure = .last
            // sshfs says EPERM if another host was quicker.
            guard failure.code == EEXIST || failure.code == EPERM else {
                throw .notCreated(path, failure)
            }
            let existing = openFile(path, flags)
            guard existing >= 0 else {
                let error = SystemError.last
                guard error.code == ELOOP || error.meansMissing else {
                    throw .notCreated(path, error)
                }
                // A link is not a claim of ours.
                if error.code == ELOOP { unlink(path) }
                continue
            }
            let file = ReservedFile(Descriptor(existing), path)
            let isLocked = LockAttempt(flock(existing, LOCK_EX | LOCK_NB)) == .held
            guard !isLocked, file.isAbandoned(circumstances),
                case .bytes(circumstances.seen) = Self.recorded(in: file.recording([]))
            else { return .held(file.holder) }
            guard file.descriptor.isNamed(path) else { continue }
            if moveAway() { continue }
            try file.reserve(terms, .old)
            return .granted(file)
        }
        throw .notCreated(path, failure)
    }

    private var holder: LockHolder {
        LockHolder(
            HolderNote(HolderNote.read(descriptor.number)),
            seenAt: LockPlace(ofFile: descriptor.number))
    }

    /// Whether nobody writes to this file any more, although nobody has removed it.
    ///
    /// Its lock is free. On this host that says enough, unless the lock is one that the file system
    /// only pretends to have: then its process may still be running.
    private func isAbandoned(_ circumstances: Circumstances) -> Bool {
        if circumstances.isAnswered { return true }
        let holder = holder
        if holder.note == nil, circumstances.lastHolderDied { return true }
        if holder.note != nil, !holder.isElsewhere, !holder.isRunning { return true }
        var status = stat()
        guard fstat(descriptor.number, &status) == 0 else { return false }
        let age = circumstances.fileSystemTime - UnixTime(Int64(status.st_mtim.tv_sec))
        return abs(age) > (holder.note?.duration ?? Self.noteDelay)
    }

    private enum State {
        case new
        /// It may contain an answer.
        case old
    }

    /// How long it may take from the creation of a file to its note, in seconds.
    private static let noteDelay: Seconds = 2

    /// Writes the note, and reserves the space for the answer. Removes the file if that fails.
    private func reserve(_ terms: Terms, _ state: State) throws(Failure) {
        let note = HolderNote(
            LockPlace(ofFile: descriptor.number), since: terms.now,
            until: terms.now + terms.lifetime, purpose: terms.purpose)
        HolderNote.write(note.text, to: descriptor.number)
        let size = off_t(HolderNote.byteCount + terms.byteCount)
        var code: Int32 = 0
        if state == .old, ftruncate(descriptor.number, off_t(HolderNote.byteCount)) != 0 {
            code = linux_errno()
        }
        // Returns the error itself and not through `errno`; may be interrupted by a signal.
        if code == 0 { code = EINTR }
        while code == EINTR { code = posix_fallocate(descriptor.number, 0, size) }
        guard code == 0 else {
            remove()
            throw .notCreated(path, SystemError(code))
        }
    }

    /// Removes the file, if its name still leads to it.
    package func remove() {
        if descriptor.isNamed(path) { unlink(path) }
    }

    /// How a child writes the answer, and holds these locks while it does.
    package func recording(_ locks: [Int32]) -> Recording {
        Recording(output: descriptor.number, start: HolderNote.byteCount, locks: locks)
    }

    /// Releases the unused space and syncs the content to disk.
    package func finish() {
        // Errors are ignored: a longer file can be read as well, and one that is not synced is lost
        // only in a power failure.
        if case .bytes(let answer) = Self.recorded(in: recording([])) {
            _ = ftruncate(descriptor.number, off_t(HolderNote.byteCount + answer.count))
        }
        _ = fsync(descriptor.number)
    }

    /// Clears the answer for another writer; the space stays reserved. Returns the error if the
    /// file is not ready for it: what it wrote could not be found again.
    static func clear(_ recording: Recording) -> SystemError? {
        let (number, start) = (recording.output, off_t(recording.start))
        // The writer shares our position in the file.
        let position = lseek(number, 0, SEEK_CUR)
        guard position >= 0, lseek(number, start, SEEK_SET) == start else { return .last }
        guard position > start else { return nil }
        let zeros = [UInt8](repeating: 0, count: Int(position - start))
        if let error = Descriptor.write(zeros, to: number) { return error }
        return lseek(number, start, SEEK_SET) == start ? nil : .last
    }

    /// The bytes that were written through this descriptor, by any process.
    static func recorded(in recording: Recording) -> Descriptor.Result {
        let number = recording.output
        guard lseek(number, off_t(recording.start), SEEK_SET) == off_t(recording.start) else {
            return .failed(.last)
        }
        let result = Descriptor.readToEnd(number, limit: HTTPResponse.maximumByteCount)
        guard case .bytes(let bytes) = result else { return result }
        return .bytes(withoutRoom(bytes[...]))
    }

    /// The answer in the bytes of such a file.
    package static func answer(in bytes: [UInt8]) -> [UInt8] {
        withoutRoom(bytes.dropFirst(HolderNote.byteCount))
    }

    /// The bytes without the zeros at the end, which are reserved space.
    private static func withoutRoom(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        Array(bytes[..<((bytes.lastIndex { $0 != 0 } ?? (bytes.startIndex - 1)) + 1)])
    }
}

extension Failure {
    fileprivate static func notCreated(_ path: String, _ error: SystemError) -> Failure {
        Failure(.failed, "cannot create '\(path)'", because: error.reason)
    }
}

/// Disk space that is needed later.
package enum DiskSpace {
    /// Checks that a file of `byteCount` bytes can be created at `path`, which is not there
    /// afterwards. Fails with kind `.failed` and the system's reason.
    package static func check(_ path: String, byteCount: Int) throws(Failure) {
        unlink(path)
        let number = openFile(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode: 0o600)
        guard number >= 0 else { throw .notCreated(path, SystemError.last) }
        let descriptor = Descriptor(number)
        var code = EINTR
        while code == EINTR { code = posix_fallocate(descriptor.number, 0, off_t(byteCount)) }
        unlink(path)
        guard code == 0 else { throw .notCreated(path, SystemError(code)) }
    }
}
