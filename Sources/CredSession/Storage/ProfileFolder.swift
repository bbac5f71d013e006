import CredCore
import CredSystem

/// A folder for the files of one profile, and their names: the one in `~/.planet`, or one that takes
/// its place where that cannot be written.
package struct ProfileFolder: Sendable {
    package let path: String
    /// A folder that must be ours alone, for one below a folder that everybody may write to.
    private let parent: String?

    init(_ path: String, in parent: String? = nil) {
        self.path = path
        self.parent = parent
    }

    /// What says how to get a token. Planet's Python tools share it.
    package var configuration: String { "\(path)/auth_client.json" }
    package var encryptedConfiguration: String { "\(path)/auth_client.sops.json" }
    /// The credential. Planet's Python tools share it.
    package var token: String { "\(path)/token.json" }
    var tokenLock: String { "\(path)/token.lock" }
    var loginLock: String { "\(path)/login.lock" }
    /// Until when nobody asks the server, and why.
    var backoff: String { "\(path)/token.backoff" }
    /// Made and removed before a login, to see that there is room for what it brings.
    var loginRoom: String { "\(path)/login.room" }

    /// The answer to a refresh token in flight, or what there is of it after its process ended.
    /// - Parameter id: names the refresh token.
    func pendingAnswer(_ id: String) -> String { "\(path)/\(Self.pending)\(id)" }

    /// An answer that has come whole: `token.json` has taken it over, or is another tool's.
    func savedAnswer(_ id: String) -> String { "\(path)/\(Self.saved)\(id)" }

    private static let pending = "token.pending."
    private static let saved = "token.spent."

    /// Where a file is written before it takes the place of this one. Always the same name, under the
    /// lock: so it also clears away what a killed process left behind.
    static func aside(_ path: String) -> String { "\(path).new" }

    /// The answers to refresh tokens that are there.
    var answers: [String] { paths(Self.isAnswer) }

    /// What belongs to a token beside its file: answers, pauses, and what a killed process left half
    /// written.
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

    /// A token file is kept here, or the answer to a refresh token, whatever is in it.
    var holdsLogin: Bool { File.exists(token) || !answers.isEmpty }

    /// Nobody else could have put anything there.
    var isOurs: Bool { parent.map(Directory.isExclusive) ?? true }

    /// Makes the folder, for ourselves alone. Fails with kind `.failed`.
    func make() throws(Failure) {
        if let parent { try Directory.makeExclusive(parent) }
        try Directory.makePrivate(path)
    }
}
