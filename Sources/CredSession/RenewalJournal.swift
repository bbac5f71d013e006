import CredCore
import CredOAuth
import CredSystem

/// The answer to a refresh in flight, on disk before anybody reads it.
///
/// A rotating refresh token can be used once: if the answer is lost, so is the login. Room for the
/// answer is reserved before the request is sent, curl writes the answer here by itself, and who
/// takes the lock next finishes what a killed process began.
struct RenewalJournal: ~Copyable {
    private let file: ReservedFile
    private let path: String

    /// More than any token answer; a longer one is written all the same, without the certainty.
    private static let roomByteCount = 65_536
    private static let prefix = "token.pending."

    /// Makes the journal for the answer to this refresh token, under the lock. Its name carries the
    /// token's fingerprint, so that an old one is never taken for the answer to a new one.
    ///
    /// Fails with kind `.failed` where there is no room or no permission; nothing is spent then.
    init(in folder: String, answering refreshToken: Secret) throws(Failure) {
        path = "\(folder)/\(Self.prefix)\(refreshToken.fingerprint)"
        file = try ReservedFile.make(path, byteCount: Self.roomByteCount)
    }

    var output: Int32 { file.descriptorNumber }

    func remove() {
        File.remove(path)
    }

    /// What a killed process left in a folder.
    enum Left: Sendable {
        case nothing
        /// A token in answer to the refresh token we have, and when it came.
        case granted(TokenResponse, receivedAt: UnixTime, path: String)
    }

    /// Looks for the answer to `refreshToken`. Journals without a token and answers to other refresh
    /// tokens are removed.
    static func left(in folder: String, answering refreshToken: Secret?) -> Left {
        var left = Left.nothing
        for name in Directory.names(in: folder) where name.utf8.starts(with: prefix.utf8) {
            let path = "\(folder)/\(name)"
            if name.dropFirst(prefix.count) == refreshToken?.fingerprint ?? "",
                case .content(let content) = File.read(path, .ownFile),
                let response = HTTPResponse(wire: ReservedFile.content(of: content.bytes)),
                case .granted(let answer) = TokenEndpoint.outcome(
                    response, now: content.modifiedAt)
            {
                left = .granted(answer, receivedAt: content.modifiedAt, path: path)
            } else {
                File.remove(path)
            }
        }
        return left
    }
}
