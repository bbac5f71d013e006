import CredCore
import CredSystem

/// The lock that allows one login to a profile at a time, so that only one browser opens.
///
/// Separate from the lock of renewals, because a login takes minutes.
struct LoginLock: Sendable {
    let dialogue: LoginDialogue
    let keeping: LoginKeeping

    private var context: ProfileContext { dialogue.context }
    private var choice: ProfileChoice { context.choice }
    private var world: World { context.world }

    /// Runs `body` while no other process logs in to the profile. If one does, waits for it and
    /// uses its result.
    func whileAlone(_ body: () throws(Failure) -> LoggedIn) throws(Failure) -> LoggedIn {
        let lock = try openLock()
        let start = world.clock.uptime()
        var hasWaited = false
        while try !lock.tryAcquire() {
            let now = world.clock.uptime()
            // A process that only checks the lock holds it for a moment.
            if now - start >= Self.glance {
                guard dialogue.request.audience != .nobody, now < dialogue.deadline else {
                    throw .loginTaken(choice, holder: lock.note)
                }
                if !hasWaited { dialogue.tell(.othersLogIn(holder: lock.note)) }
                hasWaited = true
            }
            world.clock.sleep(Self.glance)
        }
        if hasWaited, lock.note == Self.finished, let theirs = keeping.keptByOthers() {
            return theirs
        }
        try keeping.checkRoom()
        lock.write(
            note: "process \(Platform.processID), since \(world.clock.now().rfc3339)")
        let loggedIn = try body()
        lock.write(note: Self.finished)
        return loggedIn
    }

    /// How long to wait for a process that only checks the lock, in milliseconds.
    private static let glance: Int64 = 100

    /// The holder note of a process whose login succeeded.
    private static let finished = "finished"

    private func openLock() throws(Failure) -> FileLock {
        do {
            let folder = context.locations.folder(context.profile)
            try folder.make()
            return try FileLock(
                try context.locations.lock(.login, of: folder, world.clock.random))
        } catch {
            throw .notKept(choice, error)
        }
    }
}

extension Locations {
    /// The holder note of the process that logs in to the profile; `nil` if there is none.
    func loginHolder(_ name: ProfileName, _ random: (Int) -> [UInt8]) -> String? {
        // The error is ignored: without the directory of locks nobody has one there.
        guard let path = try? lock(.login, of: folder(name), random),
            let lock = FileLock(existing: path)
        else { return nil }
        return lock.isHeldElsewhere ? lock.note : nil
    }
}

extension Failure {
    /// The error while another process logs in; a moment later there may be a token.
    static func othersLogIn(_ choice: ProfileChoice, holder: String) -> Failure {
        Failure(
            .tryAgain, "profile '\(choice.profile.name)' has no valid token yet",
            because: holder.isEmpty
                ? "another login is in progress" : "another login is in progress (\(holder))",
            remedy: choice.command("token"))
    }

    fileprivate static func loginTaken(_ choice: ProfileChoice, holder: String) -> Failure {
        .busy(choice, "another login is in progress (\(holder))", .login)
    }
}
