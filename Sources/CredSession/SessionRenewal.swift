import CredCore
import CredOAuth
import CredSystem

/// Renewal by a refresh token, which survives the end of this process at any instant.
extension Renewal {
    /// The file with a new token of a person's session: what an earlier exchange left, or the
    /// server's answer.
    ///
    /// A refused refresh token gets a second look at the file: another tool may have been quicker,
    /// and what it left is newer than what was refused.
    func refreshed(_ need: Need, _ old: TokenFile?, _ locked: borrowing LockedCache)
        throws(Failure) -> TokenFile
    {
        var file = old
        if let recovered = recovered(from: old, locked) {
            if isMet(need, by: recovered) { return recovered }
            file = recovered
        }
        guard let first = file?.refreshToken else { throw .needsPerson(choice) }
        var refreshToken = first
        let previous = locked.backoff
        var request = try request(.refreshToken(refreshToken), need, file, previous, locked)
        while true {
            switch try exchange(request, refreshToken, locked) {
            case .granted(let response):
                let new = self.file(
                    response, at: world.clock.now(), replacing: file, keeping: refreshToken, locked)
                keep(new, answerTo: refreshToken, locked)
                succeeded(response, after: previous, locked)
                if let notice = new.endOfLogin(choice, at: world.clock.now()) {
                    world.voice.notice(notice)
                }
                return new
            case .refused(let refusal):
                if refusal.cause == .answer {
                    let rest = continued(request, after: file, refreshToken, locked)
                    throw refused(refusal, rest, locked)
                }
                guard refusal.cause == .session, refreshToken == first,
                    let other = try load(locked.cache, need), let next = other.refreshToken,
                    next != refreshToken, !locked.cache.journal.hasAnswer(to: next)
                else { throw refused(refusal, request, locked) }
                if isMet(need, by: other) { return other }
                (file, refreshToken) = (other, next)
                request = request.with(.refreshToken(next))
            case .busy(let reason, let retryAfter):
                throw busy(reason, retryAfter, after: previous, locked)
            }
        }
    }

    private func isMet(_ need: Need, by file: TokenFile) -> Bool {
        file.token.map { need.isMet(by: $0, at: world.clock.now()) } ?? false
    }

    /// What the journal knows better than the file: the answer of an exchange that was cut off
    /// before it was saved, or one whose file another tool has overwritten with an older one.
    private func recovered(from old: TokenFile?, _ locked: borrowing LockedCache) -> TokenFile? {
        guard var file = old else { return nil }
        var answered: [Secret] = []
        while let refreshToken = file.refreshToken, !answered.contains(refreshToken),
            let next = next(after: file, refreshToken, locked)
        {
            file = next
            answered.append(refreshToken)
        }
        guard !answered.isEmpty else { return nil }
        save(file, answersTo: answered, locked)
        return file
    }

    /// The file with what the journal has in place of its refresh token; `nil`: nothing.
    private func next(
        after file: TokenFile, _ refreshToken: Secret, _ locked: borrowing LockedCache
    ) -> TokenFile? {
        let journal = locked.cache.journal
        guard let answer = journal.answer(to: refreshToken) else {
            return journal.successor(of: refreshToken).map {
                TokenFile(file, continuedBy: $0)
            }
        }
        let receivedAt = min(answer.receivedAt, world.clock.now())
        let next = self.file(
            answer.response, at: receivedAt, replacing: file, keeping: refreshToken, locked)
        // An answer that brought no refresh token may be one from long ago.
        guard next.refreshToken != refreshToken || next.supersedes(file) else { return nil }
        world.voice.trace { .cache(path: answer.path, state: "answered before") }
        return next
    }

    /// The request that goes on where an answer holds no access token for us, which may hold the
    /// next refresh token all the same: the one that it answers is spent.
    private func continued(
        _ request: TokenRequest, after file: TokenFile?, _ refreshToken: Secret,
        _ locked: borrowing LockedCache
    ) -> TokenRequest {
        let journal = locked.cache.journal
        guard journal.successor(of: refreshToken) != nil else {
            journal.discard(answerTo: refreshToken)
            return request
        }
        // A file that is gone or cannot be read is replaced; another tool's is not.
        let now = (try? load(locked.cache, Need())) ?? file
        guard let next = recovered(from: now, locked)?.refreshToken else {
            journal.settle(answerTo: refreshToken)
            return request
        }
        return request.with(.refreshToken(next))
    }

    /// One use of the refresh token.
    private func exchange(
        _ request: TokenRequest, _ refreshToken: Secret, _ locked: borrowing LockedCache
    ) throws(Failure) -> TokenRequest.Outcome {
        let journal = locked.cache.journal
        let room: ReservedFile
        do throws(Failure) {
            room = try journal.reserve(answerTo: refreshToken)
        } catch {
            throw .notSpent(choice, error)
        }
        let outcome: TokenRequest.Outcome
        do throws(Failure) {
            outcome = try request.run(
                deadline: world.clock.uptime() + Self.patience,
                recording: Recording(output: room.descriptorNumber, lock: locked.lockDescriptor))
        } catch {
            journal.discard(answerTo: refreshToken)
            throw error
        }
        switch outcome {
        // On a full disk the token file takes the room that the answer did not need.
        case .granted: room.finish()
        case .refused(let refusal) where refusal.cause == .answer: room.finish()
        case .refused, .busy: journal.discard(answerTo: refreshToken)
        }
        return outcome
    }

    /// Saves a new file, but for one that somebody else has put in its place meanwhile: a login.
    private func keep(
        _ new: TokenFile, answerTo refreshToken: Secret, _ locked: borrowing LockedCache
    ) {
        // A file that is gone or cannot be read is replaced.
        let now = try? load(locked.cache, Need())
        if let other = now?.refreshToken, other != refreshToken,
            !locked.cache.journal.hasAnswer(to: other)
        {
            locked.cache.journal.settle(answerTo: refreshToken)
        } else {
            save(new, answersTo: [refreshToken], locked)
        }
    }

    /// Only what is safely in the token file may leave the journal.
    private func save(
        _ file: TokenFile, answersTo answered: [Secret], _ locked: borrowing LockedCache
    ) {
        let journal = locked.cache.journal
        guard let path = locked.save(file) else {
            world.voice.notice(
                "'\(journal.folder)' takes no token file now; the next call tries again")
            return
        }
        for refreshToken in answered {
            if refreshToken == file.refreshToken {
                journal.discard(answerTo: refreshToken)
            } else {
                journal.settle(answerTo: refreshToken)
            }
        }
        journal.sweep(before: path)
    }
}
