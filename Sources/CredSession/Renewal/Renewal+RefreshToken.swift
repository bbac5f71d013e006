import CredCore
import CredOAuth
import CredSystem

/// Renewal with a refresh token, in a way that survives a kill at any moment.
extension Renewal {
    /// The record with a new token: the saved answer of an interrupted renewal, or the server's
    /// answer.
    ///
    /// If the server refuses the refresh token, the file is read again: another tool may have
    /// renewed it meanwhile.
    func refreshed(
        _ requirement: TokenRequirement, _ old: TokenRecord?, _ locked: borrowing LockedFiles
    )
        throws(Failure) -> TokenRecord
    {
        var record = old
        let recovered: TokenRecord?
        do throws(Failure) {
            recovered = try self.recovered(from: old, locked)
        } catch {
            throw .notSent(choice, error)
        }
        if let recovered {
            if isMet(requirement, by: recovered) { return recovered }
            record = recovered
        }
        guard let first = record?.refreshToken else { throw .needsPerson(choice) }
        var refreshToken = first
        let previous = locked.backoff
        var request = try request(
            .refreshToken(refreshToken), requirement, record, previous, locked)
        while true {
            switch try exchange(request, refreshToken, locked) {
            case .granted(let response):
                let new = self.record(
                    response, at: world.clock.now(), replacing: record, keeping: refreshToken,
                    locked)
                keep(new, answerTo: refreshToken, locked)
                succeeded(response, after: previous, locked)
                if let notice = new.endOfLogin(choice, at: world.clock.now()) {
                    world.voice.notice(notice)
                }
                return new
            case .refused(let refusal) where refusal.cause == .answer:
                throw refused(
                    refusal, try continued(request, after: record, refreshToken, locked), locked)
            case .refused(let refusal):
                guard refusal.cause == .session, refreshToken == first,
                    let other = try load(locked.files, requirement), let next = other.refreshToken,
                    next != refreshToken, try locked.files.journal.answer(to: next) == nil
                else { throw refused(refusal, request, locked) }
                if isMet(requirement, by: other) { return other }
                (record, refreshToken) = (other, next)
                request = request.with(.refreshToken(next))
            case .busy(let reason, let retryAfter):
                throw busy(reason, retryAfter, after: previous, locked)
            }
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

    /// The next request after an answer without a usable access token. Such an answer may still
    /// contain the next refresh token, and the one before it is answered.
    private func continued(
        _ request: TokenRequest, after record: TokenRecord?, _ refreshToken: Secret,
        _ locked: borrowing LockedFiles
    ) throws(Failure) -> TokenRequest {
        let journal = locked.files.journal
        guard try journal.answer(to: refreshToken)?.successor != nil else {
            journal.discard(answerTo: refreshToken)
            return request
        }
        // A file that is missing or cannot be read is replaced, but not one of another tool.
        let now = (try? load(locked.files)) ?? record
        guard let next = try recovered(from: now, locked)?.refreshToken else {
            journal.settle(answerTo: refreshToken)
            return request
        }
        return request.with(.refreshToken(next))
    }

    /// Uses the refresh token once.
    private func exchange(
        _ request: TokenRequest, _ refreshToken: Secret, _ locked: borrowing LockedFiles
    ) throws(Failure) -> TokenRequest.Outcome {
        let journal = locked.files.journal
        let room: ReservedFile
        do throws(Failure) {
            room = try journal.reserve(answerTo: refreshToken)
        } catch {
            throw .notSent(choice, error)
        }
        let outcome: TokenRequest.Outcome
        do throws(Failure) {
            outcome = try request.run(
                deadline: world.clock.uptime() + Self.timeout,
                recording: Recording(output: room.descriptorNumber, lock: locked.lockDescriptor))
        } catch {
            journal.discard(answerTo: refreshToken)
            throw error
        }
        switch outcome {
        // On a full disk the token file needs the space that the answer did not use.
        case .granted: room.finish()
        case .refused(let refusal) where refusal.cause == .answer: room.finish()
        case .refused, .busy: journal.discard(answerTo: refreshToken)
        }
        return outcome
    }

    /// Saves a new record, unless another process has replaced the file meanwhile, by a login.
    private func keep(
        _ new: TokenRecord, answerTo refreshToken: Secret, _ locked: borrowing LockedFiles
    ) {
        let journal = locked.files.journal
        // A file that is missing or cannot be read is replaced.
        let now = try? load(locked.files)
        if let other = now?.refreshToken, other != refreshToken, !isAnswered(other, journal) {
            journal.settle(answerTo: refreshToken)
        } else {
            save(new, answersTo: [refreshToken], locked)
        }
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
        for refreshToken in answered {
            if refreshToken == record.refreshToken {
                journal.discard(answerTo: refreshToken)
            } else {
                journal.settle(answerTo: refreshToken)
            }
        }
        journal.sweep(before: path)
    }
}

extension Failure {
    /// The failure before anything was sent: the refresh token is still valid.
    static func notSent(_ choice: ProfileChoice, _ failure: Failure) -> Failure {
        Failure(
            .failed, "cannot renew the token of profile '\(choice.profile.name)'",
            because: "\(failure.asReason); nothing was sent to the server",
            remedy: failure.remedy ?? choice.lookAtFolder)
    }
}
