import CredCore
import CredSystem

extension Login {
    /// Keeps an API key where Planet's Python tools look for it. No server is asked.
    func keyLogin(_ key: APIKey) throws(Failure) -> LoggedIn {
        guard key.key == nil else { throw hasKey() }
        guard let text = try keyText(),
            Authorization(scheme: key.scheme, credential: text.reveal()) != nil
        else {
            throw Failure(
                .failed, "cannot use the API key",
                because: "it is empty or holds a character that no header may hold")
        }
        // The Python tools demand both members.
        try keep(
            key: [
                "api_key": .string(text.reveal()), "bearer_token_prefix": .string(key.scheme),
            ])
        return LoggedIn(profile: choice.profile, person: nil, expiresAt: nil, outlook: .lasts)
    }

    /// The cache as one that knows of no client.
    var keyCache: TokenFiles {
        TokenFiles(keyOf: context)
    }

    func hasKey() -> Failure {
        Failure(
            .usage, "profile '\(profile)' needs no login", because: "it has its key already",
            remedy: choice.command("token"))
    }

    /// `nil`: it is not UTF-8.
    private func keyText() throws(Failure) -> Secret? {
        switch request.key {
        case .terminal: return try ask("API key", .hidden)
        case .standardInput:
            guard !StandardStreams.inputIsTerminal else {
                throw Failure(
                    .usage, "cannot read the API key from standard input",
                    because: "it is a terminal, which would show the key",
                    remedy: choice.loginCommand)
            }
            return Secret(firstLineOf: try StandardStreams.readInput(until: deadline))
        case .file(let path):
            switch File.read(path, .anyFile) {
            case .content(let content): return Secret(firstLineOf: content.bytes)
            case .missing: throw .unreadableKey(path, "it does not exist")
            case .unreadable(let reason): throw .unreadableKey(path, reason)
            case .refused(let reason):
                throw .unreadableKey(path, "\(reason); '--key-file -' reads standard input")
            }
        }
    }

    /// Replaces the members of a key in `token.json`; what other tools keep there stays.
    func keep(key members: JSONObject) throws(Failure) {
        let cache = keyCache
        let locking = try cache.whileLocked(
            purpose: "keeping the key of '\(profile)'",
            deadline: world.clock.uptime() + Renewal.lockPatience
        ) { (locked) throws(Failure) -> Bool in
            let old = try cache.load(.countAsMissing, minimumLife: nil)
            try locked.save(key: members, replacing: old)
            return true
        }
        switch locking {
        case .done: return
        case .nowhere(let failure): throw .notKept(choice, failure)
        case .busy(let holder):
            throw .lockHeld("cannot keep the key of profile '\(profile)'", by: holder)
        }
    }
}

extension Failure {
    fileprivate static func unreadableKey(_ path: String, _ reason: String) -> Failure {
        Failure(
            .failed, "cannot read the API key in '\(path)'", because: reason,
            remedy: "ls -l \(path.shellQuoted)")
    }
}
