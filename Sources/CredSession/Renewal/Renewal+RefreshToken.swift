import CredCore
import CredOAuth
import CredSystem

/// Renewal with a refresh token, in a way that survives a kill at any moment.
extension Renewal {
    /// The record with a new token: the saved answer of an interrupted renewal, the answer to
    /// another host, or the server's answer to us.
    func refreshed(
        _ requirement: TokenRequirement, _ old: TokenRecord?, before: Backoff?,
        _ locked: borrowing LockedFiles
    ) throws(Failure) -> TokenRecord {
        var record = old
        var isSecondTry = false
        var wait = ClaimWait(deadline: waitDeadline(old?.token, requirement))
        while true {
            guard let first = record?.refreshToken else { throw .needsPerson(choice) }
            let seen: Journal.Recorded?
            do throws(Failure) {
                // Before the look for an answer: one that comes later must not count as seen.
                seen = try locked.files.journal.recorded(for: first)
                record = try recovered(from: record, locked) ?? record
            } catch {
                throw .notSent(choice, error)
            }
            if let record, record.token != old?.token, isMet(requirement, by: record) {
                wait.tellOfUnsharedLocks(locked)
                return record
            }
            guard let session = record, let refreshToken = session.refreshToken else {
                throw .needsPerson(choice)
            }
            guard refreshToken == first else { continue }
            if locked.files.journal.isExhausted(refreshToken) {
                throw .unreadTwice(choice, locked.files.journal.unreadAnswers(to: refreshToken))
            }
            let request = try request(
                .refreshToken(refreshToken), requirement, session, before: before, locked)
            switch try turn(refreshToken, seen: seen, locked) {
            case .others(let holder):
                try wait.pause(holder, context)
                record = try load(locked.files.untraced, requirement)
            case .ours(let claim):
                if let other = try newer(than: session, locked) {
                    claim.discard()
                    record = other
                    continue
                }
                switch try spend(request, session, claim, locked, isSecondTry) {
                case .renewed(let new): return new
                case .replaced(let other): (record, isSecondTry) = (other, true)
                }
            }
        }
    }

    private func turn(
        _ refreshToken: Secret, seen: Journal.Recorded?, _ locked: borrowing LockedFiles
    ) throws(Failure) -> Journal.Turn {
        do throws(Failure) {
            return try locked.files.journal.claim(
                refreshToken, "renewing the token of profile '\(profile)'", seen: seen, locked)
        } catch {
            throw .notSent(choice, error)
        }
    }

    /// The record that another process has saved since `record` was read; `nil` if there is none.
    ///
    /// One with an answered refresh token is an older file that another tool has written back.
    private func newer(than record: TokenRecord, _ locked: borrowing LockedFiles) throws(Failure)
        -> TokenRecord?
    {
        // The error is ignored: a file that cannot be read now is replaced, as one that is missing.
        guard let now = try? load(locked.files), let refreshToken = now.refreshToken else {
            return nil
        }
        if refreshToken == record.refreshToken {
            return now.token?.authorization == record.token?.authorization ? nil : now
        }
        return try locked.files.journal.answer(to: refreshToken) == nil ? now : nil
    }

    private enum Spending {
        case renewed(TokenRecord)
        /// The server refused the refresh token, and another tool has saved a different one.
        case replaced(TokenRecord)
    }

    /// Sends the refresh token of a session and saves the answer.
    private func spend(
        _ request: TokenRequest, _ session: TokenRecord, _ claim: borrowing Journal.Claim,
        _ locked: borrowing LockedFiles, _ isSecondTry: Bool
    ) throws(Failure) -> Spending {
        guard case .refreshToken(let refreshToken) = request.grant else {
            throw .needsPerson(choice)
        }
        switch try exchange(request, refreshToken, claim, locked) {
        case .granted(let response):
            let new = self.record(
                response, at: world.clock.now(), replacing: session, keeping: refreshToken,
                locked)
            keep(new, answerTo: refreshToken, locked)
            succeeded(response, locked)
            if let notice = new.endOfLogin(choice, at: world.clock.now()) {
                world.voice.notice(notice)
            }
            return .renewed(new)
        case .refused(let refusal) where refusal.cause == .answer:
            throw try unusable(refusal, request, after: session, refreshToken, locked)
        case .refused(let refusal):
            guard refusal.cause == .session, !isSecondTry,
                let other = try newer(than: session, locked), other.refreshToken != refreshToken
            else {
                let unread = locked.files.journal.unreadAnswers(to: refreshToken)
                throw refused(refusal.naming(unread.last), request, locked)
            }
            return .replaced(other)
        case .busy(let reason, let retryAfter):
            throw busy(reason, retryAfter, locked)
        }
    }

    private func isMet(_ requirement: TokenRequirement, by record: TokenRecord) -> Bool {
        record.token.map { requirement.isMet(by: $0, at: world.clock.now()) } ?? false
    }

    /// The record according to the journal: it may have the answer of a renewal that was
    /// interrupted before it was saved, or whose file another tool has overwritten with an older
    /// one.
    private func recovered(from old: TokenRecord?, _ locked: borrowing LockedFiles)
        throws(Failure) -> TokenRecord?
    {
        guard var record = old else { return nil }
        var answered: [Secret] = []
        while let refreshToken = record.refreshToken, !answered.contains(refreshToken),
            let next = try next(after: record, refreshToken, locked)
        {
            record = next
            answered.append(refreshToken)
        }
        guard !answered.isEmpty else { return nil }
        save(record, answersTo: answered, locked)
        return record
    }

    /// The record with the journal's answer to its refresh token; `nil` if there is none.
    private func next(
        after record: TokenRecord, _ refreshToken: Secret, _ locked: borrowing LockedFiles
    ) throws(Failure) -> TokenRecord? {
        guard let answer = try locked.files.journal.answer(to: refreshToken) else { return nil }
        switch answer.content {
        case .continued(let next): return TokenRecord(record, continuedBy: next)
        case .granted(let response):
            let receivedAt = min(answer.receivedAt, world.clock.now())
            let next = self.record(
                response, at: receivedAt, replacing: record, keeping: refreshToken, locked)
            // An answer without a refresh token may be an old one.
            guard next.refreshToken != refreshToken || next.supersedes(record) else { return nil }
            world.voice.trace {
                .cache(path: answer.path, state: "recovered after an interruption")
            }
            return next
        }
    }

    /// The failure after an answer without a usable access token. Such an answer may still contain
    /// the next refresh token, and the one before it is answered.
    private func unusable(
        _ refusal: Refusal, _ request: TokenRequest, after session: TokenRecord,
        _ refreshToken: Secret, _ locked: borrowing LockedFiles
    ) throws(Failure) -> Failure {
        let journal = locked.files.journal
        guard try journal.answer(to: refreshToken)?.successor != nil else {
            let unread = journal.putAside(answerTo: refreshToken, .whole)
            return refused(refusal.naming(unread), request, locked)
        }
        // A file that is missing or cannot be read is replaced, but not one of another tool.
        let now = (try? load(locked.files)) ?? session
        guard let next = try recovered(from: now, locked)?.refreshToken else {
            return refused(refusal, request, locked)
        }
        return refused(refusal, request.with(.refreshToken(next)), locked)
    }

    /// Uses the refresh token once.
    private func exchange(
        _ request: TokenRequest, _ refreshToken: Secret, _ claim: borrowing Journal.Claim,
        _ locked: borrowing LockedFiles
    ) throws(Failure) -> TokenRequest.Outcome {
        let journal = locked.files.journal
        let outcome: TokenRequest.Outcome
        do throws(Failure) {
            outcome = try request.run(
                deadline: world.clock.uptime() + Self.timeout,
                recording: claim.recording(locked.lockDescriptors),
                beforeRetry: { journal.copyCut(answerTo: refreshToken) })
        } catch {
            giveUp(refreshToken, journal)
            throw error
        }
        switch outcome {
        // On a full disk the token file needs the space that the answer did not use.
        case .granted: claim.finish()
        case .refused(let refusal) where refusal.cause == .answer: claim.finish()
        case .busy: giveUp(refreshToken, journal)
        case .refused: claim.discard()
        }
        return outcome
    }

    /// Ends an exchange without an answer that we could read. If it is there all the same, because
    /// reading it failed once, the next call finds it where it is.
    private func giveUp(_ refreshToken: Secret, _ journal: Journal) {
        guard !isAnswered(refreshToken, journal) else { return }
        _ = journal.putAside(answerTo: refreshToken, .cut)
    }

    /// Saves a new record, unless another process has replaced the file meanwhile, by a login.
    private func keep(
        _ new: TokenRecord, answerTo refreshToken: Secret, _ locked: borrowing LockedFiles
    ) {
        // A file that is missing or cannot be read is replaced.
        let now = try? load(locked.files)
        if let other = now?.refreshToken, other != refreshToken,
            !isAnswered(other, locked.files.journal)
        {
            return
        }
        save(new, answersTo: [refreshToken], locked)
    }

    /// Whether the journal leads on from a refresh token. If that cannot be read now, the token
    /// counts as the newer one: its login must not be overwritten.
    private func isAnswered(_ refreshToken: Secret, _ journal: Journal) -> Bool {
        ((try? journal.answer(to: refreshToken)) ?? nil) != nil
    }

    /// Removes an answer from the journal only after it is safely in the token file.
    private func save(
        _ record: TokenRecord, answersTo answered: [Secret], _ locked: borrowing LockedFiles
    ) {
        let journal = locked.files.journal
        guard let path = locked.save(record) else {
            world.voice.notice(
                "cannot write the token to '\(journal.folder.path)'; the next call will try again")
            return
        }
        for refreshToken in answered { journal.removeUnread(answersTo: refreshToken) }
        // The others are kept: an older file may still lead to them.
        for refreshToken in answered where refreshToken == record.refreshToken {
            journal.discard(answerTo: refreshToken)
        }
        journal.sweep(before: path)
    }
}

extension Refusal {
    /// The same refusal, which says where an answer lies in which no token was found.
    fileprivate func naming(_ unread: String?) -> Refusal {
        unread.map {
            Refusal(
                cause, "\(reason); an answer without a token that we can read is kept in '\($0)'")
        } ?? self
    }
}

extension Failure {
    /// The failure of a refresh token that the server has answered twice, in vain.
    fileprivate static func unreadTwice(_ choice: ProfileChoice, _ paths: [String]) -> Failure {
        let names = paths.map { "'\($0)'" }.joined(separator: ", ")
        return Failure(
            .loginRequired, "cannot renew the token of profile '\(choice.profile.name)'",
            because:
                "the server's answers contain no token that we can read; they are kept in \(names)",
            remedy: choice.loginCommand)
    }

    /// The failure before anything was sent: the refresh token is still valid.
    static func notSent(_ choice: ProfileChoice, _ failure: Failure) -> Failure {
        Failure(
            .failed, "cannot renew the token of profile '\(choice.profile.name)'",
            because: "\(failure.asReason); nothing was sent to the server",
            remedy: failure.remedy ?? choice.lookAtFolder)
    }
}
