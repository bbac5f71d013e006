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
    var encryptedToken: String { "\(path)/token.sops.json" }
    /// The token, shared with Planet's Python tools.
    package var token: String { "\(path)/token.json" }
    var tokenLock: String { "\(path)/token.lock" }
    var loginLock: String { "\(path)/login.lock" }
    /// When the next attempt may be made, and why not earlier.
    var backoff: String { "\(path)/token.backoff" }
    /// How many fresh tokens in a row were refused.
    var brake: String { "\(path)/token.refused" }
    /// Which caller was given which token.
    var callers: String { "\(path)/token.callers" }
    /// Created and removed before a login, to check that there is disk space for the result.
    var loginRoom: String { "\(path)/login.room" }

    /// The answer to a refresh token, and the claim to send it while there is none.
    /// - Parameter id: identifies the refresh token.
    func answer(_ id: String) -> String { "\(path)/\(Self.answer)\(id)" }

    private static let answer = "token.answer."

    private var identityFile: String { "\(path)/token.id" }
    /// Exists once the user has been warned that the locks here do not exclude other hosts.
    var unsharedLocks: String { "\(path)/token.lock.unshared" }

    /// Exists once this warning has been shown.
    func told(_ text: String) -> String {
        "\(path)/token.told.\(SHA256.hexadecimalDigest(of: Array(text.utf8)).prefix(8))"
    }

    /// An answer with status 2xx in which no token was found; kept, because the next refresh token
    /// may be in it.
    /// - Parameter place: tells several answers to one refresh token apart.
    func unreadAnswer(_ id: String, _ place: String) -> String {
        "\(path)/\(Self.unread)\(id).\(place)"
    }

    private static let unread = "token.unread."

    /// The temporary file that is renamed to this one. Each has a name of its own: where locks do
    /// not exclude other hosts, one could otherwise rename what another is still writing.
    static func aside(_ path: String, _ random: [UInt8]) -> String {
        "\(path)\(asideMark).\(SHA256.hexadecimalDigest(of: random).prefix(8))"
    }

    private static let asideMark = ".new"

    /// The paths of all answers to refresh tokens.
    var answers: [String] { paths(Self.isAnswer) }

    /// The paths of all answers in which no token was found.
    var unreadAnswers: [String] { paths(Self.isUnread) }

    /// The paths of all temporary files, including those of killed processes.
    var temporaryFiles: [String] { paths(isTemporary) }

    /// Where broken token files are kept, the newest first.
    var brokenTokens: [String] { (1...3).map { Self.place(beside: token, $0) } }

    /// An unused name, to which a file in the place of one of ours can be moved.
    static func freePlace(beside path: String) -> String {
        let places = (1...100).lazy.map { place(beside: path, $0) }
        return places.first { !File.exists($0) } ?? place(beside: path, 1)
    }

    private static func place(beside path: String, _ number: Int) -> String {
        number == 1 ? "\(path).broken" : "\(path).broken.\(number)"
    }

    /// The other files of a token: answers, what is remembered, broken token files, and temporary
    /// files of killed processes.
    var leftovers: [String] {
        let remembered = [backoff, brake, callers]
        let broken = brokenTokens.filter { File.modifiedAt($0) != nil }
        return broken
            + paths {
                Self.isAnswer($0) || Self.isUnread($0) || isTemporary($0)
                    || remembered.contains("\(path)/\($0)")
            }
    }

    private func isTemporary(_ name: String) -> Bool {
        let file = "\(path)/\(name)"
        let starts = [
            "\(token)\(Self.asideMark)", "\(backoff)\(Self.asideMark)", "\(brake)\(Self.asideMark)",
            "\(identityFile).",
        ]
        return file == loginRoom || starts.contains { file.utf8.starts(with: $0.utf8) }
    }

    private func paths(_ isWanted: (String) -> Bool) -> [String] {
        Directory.names(in: path).filter(isWanted).map { "\(path)/\($0)" }
    }

    private static func isAnswer(_ name: String) -> Bool {
        name.utf8.starts(with: answer.utf8)
    }

    private static func isUnread(_ name: String) -> Bool { name.utf8.starts(with: unread.utf8) }

    /// Whether there is a token file or an answer to a refresh token, whatever it contains.
    var holdsLogin: Bool { File.exists(token) || !answers.isEmpty || !unreadAnswers.isEmpty }

    /// Whether only we can write here.
    var isOurs: Bool { parent.map(Directory.isExclusive) ?? true }

    /// Stands for the home directory of users without one: no path inside a file can exist.
    static let nowhere = "/dev/null"

    /// Creates the directory with mode 0700. Fails with kind `.failed`, also for one of another
    /// user: as root we could write there, and the owner could use neither the files nor the locks.
    func make() throws(Failure) {
        guard !path.utf8.starts(with: "\(Self.nowhere)/".utf8) else {
            throw Failure(
                .failed, "cannot save anything", because: ProcessEnvironment.reasonWithoutHome,
                remedy: "export HOME=/path/to/home")
        }
        if let parent {
            try Directory.makeExclusive(parent)
        } else if let owner = File.foreignOwner(of: path) {
            let name = path.utf8.split(separator: UInt8(ascii: "/")).last.flatMap { String($0) }
            throw Failure(
                .failed, "cannot write to '\(path)'", because: owner.reason,
                remedy: owner.remedy(
                    for: path, "planet-cred token --profile \((name ?? "").shellQuoted)"))
        }
        try Directory.makePrivate(path)
    }
}

extension ProfileFolder {
    /// Names the profile in `PLANET_CRED_LOCK_DIR`, the same for every host and for every spelling
    /// of the directory's path: 32 hexadecimal digits, kept in the directory itself.
    ///
    /// If it cannot be kept, it is made from the path without links; then no refresh token is sent
    /// either, because the answer cannot be saved.
    func identity(_ random: (Int) -> [UInt8]) -> String {
        if let identity = keptIdentity { return identity }
        // Written aside and linked, so that nobody reads half of it and only one process makes it.
        let digits = SHA256.hexadecimalDigest(of: random(32)).prefix(32)
        let aside = "\(path)/token.id.\(digits)"
        // The error is ignored: without the file the path decides.
        if (try? make()) != nil,
            (try? AtomicFile.replace(
                aside, aside: "\(aside).new", with: Array(digits.utf8), .replaceable)) != nil
        {
            _ = File.link(aside, identityFile)
            File.remove(aside)
        }
        return keptIdentity
            ?? String(
                SHA256.hexadecimalDigest(of: Array(Directory.canonical(path).utf8)).prefix(32))
    }

    private var keptIdentity: String? {
        guard case .content(let content) = File.read(identityFile, .ownFile),
            content.bytes.count == 32, content.bytes.allSatisfy({ hexadecimalValue($0) != nil })
        else { return nil }
        return String(decoding: content.bytes, as: UTF8.self)
    }
}
