import CredCore
import CredSystem

/// A directory with the files of one profile, and their names: in `~/.planet`, or a fallback if
/// that cannot be written.
package struct ProfileFolder: Sendable {
    package let path: String
    /// The directory around a fallback, which only we may use; `nil` in `~/.planet`.
    private let parent: String?

    init(_ path: String, in parent: String? = nil) {
        self.path = path
        self.parent = parent
    }

    /// The configuration of the profile, shared with Planet's Python tools.
    package var configuration: String { "\(path)/auth_client.json" }
    package var encryptedConfiguration: String { "\(path)/auth_client.sops.json" }
    /// The token, shared with Planet's Python tools.
    package var token: String { "\(path)/token.json" }
    var tokenLock: String { "\(path)/token.lock" }
    var loginLock: String { "\(path)/login.lock" }
    /// When the next attempt may be made, and why not earlier.
    var backoff: String { "\(path)/token.backoff" }
    /// Created and removed before a login, to check that there is disk space for the result.
    var loginRoom: String { "\(path)/login.room" }

    /// The answer to a refresh token while it arrives; incomplete if its process was killed.
    /// - Parameter id: identifies the refresh token.
    func pendingAnswer(_ id: String) -> String { "\(path)/\(Self.pending)\(id)" }

    /// A complete answer that was saved in `token.json`, or replaced there by another tool.
    func savedAnswer(_ id: String) -> String { "\(path)/\(Self.saved)\(id)" }

    private static let pending = "token.pending."
    private static let saved = "token.spent."

    /// The temporary file that is renamed to this one. Its name is fixed, which the lock makes
    /// safe, so that it also replaces what a killed process left behind.
    static func aside(_ path: String) -> String { "\(path).new" }

    /// The paths of all answers to refresh tokens.
    var answers: [String] { paths(Self.isAnswer) }

    /// The other files of a token: answers, the backoff, and temporary files of killed processes.
    var leftovers: [String] {
        let others = [backoff, Self.aside(backoff), Self.aside(token)]
        return paths { Self.isAnswer($0) || others.contains("\(path)/\($0)") }
    }

    private func paths(_ isWanted: (String) -> Bool) -> [String] {
        Directory.names(in: path).filter(isWanted).map { "\(path)/\($0)" }
    }

    private static func isAnswer(_ name: String) -> Bool {
        name.utf8.starts(with: pending.utf8) || name.utf8.starts(with: saved.utf8)
    }

    /// Whether there is a token file or an answer to a refresh token, whatever it contains.
    var holdsLogin: Bool { File.exists(token) || !answers.isEmpty }

    /// Whether only we can write here.
    var isOurs: Bool { parent.map(Directory.isExclusive) ?? true }

    /// Creates the directory with mode 0700. Fails with kind `.failed`.
    func make() throws(Failure) {
        if let parent { try Directory.makeExclusive(parent) }
        try Directory.makePrivate(path)
    }
}
