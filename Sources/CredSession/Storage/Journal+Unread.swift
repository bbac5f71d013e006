import CredCore
import CredOAuth
import CredSystem

/// Answers in which no token was found although the server accepted the refresh token.
///
/// The next refresh token may be in them, in a form that this version cannot read. They are kept
/// until the login goes on or the user logs out, beside the journal, so that neither a later answer
/// to the same refresh token nor a sweep removes them.
extension Journal {
    /// Where an unread answer is kept.
    private enum Place: String, CaseIterable {
        /// One that was cut off, so the same refresh token may be sent again as after a lost
        /// answer.
        case cut
        /// Whole answers. After the second one the refresh token is not sent again.
        case first, second
    }

    /// The maximum number of unread answers kept for a profile; the newest ones are.
    private static let unreadLimit = 24

    private func unread(_ refreshToken: Secret, _ place: Place) -> String {
        folder.unreadAnswer(binding.fingerprint(refreshToken), place.rawValue)
    }

    func unreadPlaces(_ refreshToken: Secret) -> [String] {
        Place.allCases.map { unread(refreshToken, $0) }
    }

    /// The paths of the unread answers to a refresh token.
    func unreadAnswers(to refreshToken: Secret) -> [String] {
        unreadPlaces(refreshToken).filter(File.exists)
    }

    /// Whether two whole answers to a refresh token could not be read; then it is not sent again.
    func isExhausted(_ refreshToken: Secret) -> Bool {
        [Place.first, .second].allSatisfy { File.exists(unread(refreshToken, $0)) }
    }

    /// Moves an answer in which nothing was found to where it is kept, and returns its path there.
    /// Removes one that is empty, and returns `nil`.
    ///
    /// An answer that cannot be read now stays where it is.
    func putAside(answerTo refreshToken: Secret, _ extent: Extent) -> String? {
        let path = self.path(refreshToken)
        switch content(path, extent) {
        case .nothing:
            discard(answerTo: refreshToken)
            return nil
        case .unknown: return path
        case .token: break
        }
        guard let place = freePlace(refreshToken, extent) else {
            discard(answerTo: refreshToken)
            return unreadAnswers(to: refreshToken).last
        }
        guard File.rename(path, place) else { return path }
        bound()
        return place
    }

    /// Moves away what a killed process left without a token that we can read. Returns whether
    /// there was such an answer.
    func moveAway(answerTo refreshToken: Secret) -> Bool {
        guard case .token = content(path(refreshToken), .cut) else { return false }
        return putAside(answerTo: refreshToken, .cut) != nil
    }

    /// Copies an answer that was cut off, before another one is written over it. On a full disk
    /// there is no copy.
    func copyCut(answerTo refreshToken: Secret) {
        let place = unread(refreshToken, .cut)
        let path = self.path(refreshToken)
        guard case .token = content(path, .cut), !File.exists(place),
            case .content(let whole) = File.read(
                path, .ownFile, limit: HTTPResponse.maximumByteCount)
        else { return }
        // The error is ignored: the copy is for a person who looks for what was lost.
        try? AtomicFile.replace(place, aside: "\(place).new", with: whole.bytes, .synced)
    }

    /// Removes the unread answers to a refresh token whose login goes on without them.
    func removeUnread(answersTo refreshToken: Secret) {
        for path in unreadAnswers(to: refreshToken) { File.remove(path) }
    }

    /// How much of an answer was received.
    enum Extent: Sendable { case whole, cut }

    private func freePlace(_ refreshToken: Secret, _ extent: Extent) -> String? {
        let places: [Place] =
            switch extent {
            case .whole: [.first, .second]
            case .cut: [.cut]
            }
        return places.map { unread(refreshToken, $0) }.first { !File.exists($0) }
    }

    private enum Content { case nothing, token, unknown }

    /// Whether an answer may contain a token that was not found, or, if it was cut off before the
    /// refresh token, an access token that still helps for its time.
    private func content(_ path: String, _ extent: Extent) -> Content {
        do throws(Failure) {
            guard let recorded = try recorded(path),
                let response = HTTPResponse(wire: recorded.bytes), (200...299) ~= response.status
            else { return .nothing }
            let found = DamagedAnswer(response.body, isComplete: response.isComplete)
            let hasToken = extent == .cut && found?.secret("access_token") != nil
            return hasToken || DamagedAnswer.mayHideToken(response.body) ? .token : .nothing
        } catch {
            return .unknown
        }
    }

    private func bound() {
        let paths = folder.unreadAnswers
        guard paths.count > Self.unreadLimit else { return }
        let times = paths.map { (path: $0, time: File.modifiedAt($0)?.seconds ?? 0) }
        for old in times.sorted(by: { $0.time > $1.time }).dropFirst(Self.unreadLimit) {
            File.remove(old.path)
        }
    }
}
