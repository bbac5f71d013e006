import CredCore
import CredSystem

/// The wait for another process that is sending the refresh token although we hold the lock: one on
/// a host with which the file system does not share locks, or one whose lock file was replaced.
struct ClaimWait {
    let deadline: Int64
    private var holder: LockHolder?
    private var start: Int64?
    private var hasSpoken = false

    /// - Parameter deadline: in terms of `world.clock.uptime`.
    init(deadline: Int64) {
        self.deadline = deadline
    }

    /// Waits before the next look. Fails with kind `.tryAgain` after the deadline.
    mutating func pause(_ holder: LockHolder?, _ context: ProfileContext) throws(Failure) {
        let (clock, choice) = (context.world.clock, context.choice)
        let (now, name) = (clock.uptime(), holder?.description ?? "an unknown process")
        self.holder = holder ?? self.holder
        let waited = now - (start ?? now)
        if start == nil {
            context.world.voice.trace {
                .lock(profile: context.profile.description, state: "claimed by \(name)")
            }
        }
        start = start ?? now
        guard now < deadline else {
            throw .lockHeld(
                "cannot renew the token of profile '\(choice.profile.name)'", by: name,
                remedy: choice.command("token"))
        }
        if !hasSpoken, waited > 2000 {
            context.world.voice.progress("waiting for the renewal by \(name)")
            hasSpoken = true
        }
        clock.sleep(min(clock.pause(after: waited, atLeast: 20), deadline - now))
    }

    /// A process elsewhere that finished its renewal while we held the lock proves that locks are
    /// not shared.
    func tellOfUnsharedLocks(_ locked: borrowing LockedFiles) {
        if let holder, holder.isElsewhere, let note = holder.note {
            locked.files.tellOfUnsharedLocks(note)
        }
    }
}
