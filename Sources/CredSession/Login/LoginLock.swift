import CredCore
import CredSystem

extension Login {
    /// Runs `body` while no other process logs in to the profile: one browser, not two. Where another
    /// does, a person waits for it and shares what it got.
    ///
    /// A login takes minutes, so this is not the lock that renewals take.
    func alone(_ body: () throws(Failure) -> LoggedIn) throws(Failure) -> LoggedIn {
        let lock = try openLock()
        let start = world.clock.uptime()
        var hasWaited = false
        while try !lock.tryAcquire() {
            // Who only looks whether somebody logs in keeps us out for a moment.
            if world.clock.uptime() - start >= Self.glance {
                guard request.audience != .nobody, world.clock.uptime() < deadline else {
                    throw .loginTaken(choice, holder: lock.word)
                }
                if !hasWaited { tell(.othersLogIn(holder: lock.word)) }
                hasWaited = true
            }
            world.clock.sleep(Self.glance)
        }
        if hasWaited, lock.word == Self.finished, let theirs = finishedLogin() { return theirs }
        try checkRoom()
        lock.leaveWord("process \(Platform.processID), since \(world.clock.now().rfc3339)")
        let loggedIn = try body()
        lock.leaveWord(Self.finished)
        return loggedIn
    }

    /// Longer than a look at the lock takes, in milliseconds.
    private static let glance: Int64 = 100

    private func openLock() throws(Failure) -> FileLock {
        do {
            try context.locations.makeLocks()
            try Directory.makePrivate(context.locations.folder(profile).path)
            return try FileLock(context.locations.loginLock(for: profile))
        } catch {
            throw .notKept(choice, error)
        }
    }

    /// Shows, before the person does anything, that what they get can be kept: there is room for it,
    /// and no file in its place that is none of ours.
    ///
    /// With the lock held, for two at once would take each other's room.
    private func checkRoom() throws(Failure) {
        let room = context.locations.folder(profile).loginRoom
        do {
            _ = try ReservedFile.make(room, byteCount: Journal.roomByteCount)
            File.remove(room)
            _ = try keyCache.load(.countAsMissing, minimumLife: nil)
        } catch {
            throw .notKept(choice, error)
        }
    }

    /// The word of who ended a login well.
    private static let finished = "finished"

    /// The login that another process finished while we waited.
    private func finishedLogin() -> LoggedIn? {
        guard case .oauth(let client) = choice.profile.method else {
            return LoggedIn(profile: choice.profile, person: nil, expiresAt: nil, outlook: .lasts)
        }
        // A file that cannot be read is no login.
        let file = try? cache(client).load(.countAsMissing, minimumLife: nil)
        guard let file, let token = file.token, token.isAlive(at: world.clock.now()) else {
            return nil
        }
        return loggedIn(file)
    }
}

extension Failure {
    /// Somebody is at it; a moment later there may be a token.
    static func othersLogIn(_ choice: ProfileChoice, holder: String) -> Failure {
        Failure(
            .tryAgain, "profile '\(choice.profile.name)' has no good token yet",
            because: holder.isEmpty
                ? "another planet-cred is logging in" : "somebody is logging in (\(holder))",
            remedy: choice.command("token"))
    }

    static func loginTaken(_ choice: ProfileChoice, holder: String) -> Failure {
        .busy(choice, "somebody else is logging in (\(holder))", .login)
    }

    static func notKept(_ choice: ProfileChoice, _ cause: Failure) -> Failure {
        Failure(
            .failed, "cannot keep a login of profile '\(choice.profile.name)'",
            because: cause.asReason,
            remedy: cause.remedy ?? choice.lookAtFolder)
    }
}

extension Locations {
    /// Held by who logs in to the profile; what that process left word of, or `nil` for nobody.
    func loginHolder(_ name: ProfileName) -> String? {
        guard let lock = FileLock(existing: loginLock(for: name)) else { return nil }
        return lock.isHeldElsewhere ? lock.word : nil
    }
}
