import CredCore

/// The names of commands in other programs, and the command that does the same here.
enum CommandSynonym {
    /// The command line, without the program's name, that does what `word` does in other programs;
    /// `nil` if the word is not in the table.
    static func meaning(of word: String) -> String? {
        let lower = word.lowercased()
        return rows.first { $0.words.contains(lower) }?.meaning
    }

    static func reason(_ meaning: String) -> String {
        meaning.hasPrefix("help") ? "see '\(meaning)'" : "'\(meaning)' does that"
    }

    /// Words of git-credential-oauth, oidc-agent, and the command lines of Planet, GitHub and the
    /// large clouds.
    private static let rows: [(meaning: String, words: [String])] = [
        ("status", ["whoami", "who", "info", "show", "current", "state", "check", "verify"]),
        ("status --all", ["list", "ls", "profiles", "accounts", "list-profiles"]),
        ("login", ["auth", "signin", "sign-in", "logon", "log-in", "authenticate", "reauth"]),
        ("logout", ["signout", "sign-out", "logoff", "log-out", "revoke", "deauth", "forget"]),
        (
            "help profile",
            [
                "configure", "config", "configuration", "init", "setup", "create", "add", "new",
                "profile",
            ]
        ),
        ("help hosts", ["host", "hosts"]),
        ("help header", ["curl", "wget", "http", "request"]),
        ("help exec", ["run", "env", "environment", "shell", "with"]),
        (
            "token",
            [
                "get-token", "print-token", "access-token", "print-access-token", "fetch",
                "refresh", "renew", "key",
            ]
        ),
        ("inspect", ["decode", "claims", "introspect", "jwt"]),
        ("help doctor", ["diagnose", "diagnostics", "debug"]),
        ("completions bash", ["completion", "complete"]),
        ("help get", ["fill", "approve", "reject", "helper", "credential"]),
        ("help", ["commands", "usage", "man", "?"]),
    ]
}

extension CommandSpecification {
    /// The error for an unknown command, with the command that is probably meant.
    static func unknown(_ word: String) -> Failure {
        let group = group(word)
        if !group.isEmpty {
            let names = group.map { "'\($0.name)'" }.joined(separator: ", ")
            return Failure(
                .usage, "'\(word)' requires a subcommand", because: "the commands are \(names)",
                remedy: "planet-cred help \(word)")
        }
        if let word = unknownOfGroup(word) { return word }
        if let meaning = CommandSynonym.meaning(of: word) {
            return unknown(word, CommandSynonym.reason(meaning), meaning)
        }
        let nearest = SpellingSuggestion.nearest(to: word, in: shown.map { $0.name })
        return unknown(word, nearest.map { "the closest match is '\($0)'" }, suggestion(nearest))
    }

    /// The error for an unknown second word of a command; `nil` if no command starts with the first
    /// word and has another one.
    private static func unknownOfGroup(_ name: String) -> Failure? {
        guard let first = name.split(separator: " ").first.map(String.init), first != name,
            groups.contains(first)
        else { return nil }
        let second = String(name.dropFirst(first.count + 1))
        if let meaning = CommandSynonym.meaning(of: second) {
            return unknown(name, CommandSynonym.reason(meaning), meaning)
        }
        let words = group(first).map { String($0.name.dropFirst(first.count + 1)) }
        if let nearest = SpellingSuggestion.nearest(to: second, in: words) {
            let name = "\(first) \(nearest)"
            return unknown("\(first) \(second)", "the closest match is '\(name)'", suggestion(name))
        }
        let names = group(first).map { "'\($0.name)'" }.joined(separator: ", ")
        return unknown(name, "the commands are \(names)", "help \(first)")
    }

    /// The error for an unknown help topic.
    static func unknown(topic word: String) -> Failure {
        if let meaning = CommandSynonym.meaning(of: word) {
            let command = meaning.split(separator: " ").first { $0 != "help" }
            return unknown(
                word, CommandSynonym.reason(meaning), command.map { "help \($0)" } ?? "help")
        }
        let topics = shown.map { $0.name } + HelpPage.allCases.map { $0.rawValue }
        let nearest = SpellingSuggestion.nearest(to: word, in: topics)
        return unknown(
            word, nearest.map { "the closest match is '\($0)'" }, nearest.map { "help \($0)" })
    }

    private static func unknown(_ word: String, _ reason: String?, _ remedy: String?) -> Failure {
        Failure(
            .usage, "unknown command '\(word)'", because: reason,
            remedy: "planet-cred \(remedy ?? "help")")
    }

    /// The command line to suggest for a command: its help if it requires operands or is for
    /// programs.
    private static func suggestion(_ name: String?) -> String? {
        guard let name, let command = named(name) else { return nil }
        switch command.operands {
        case .none, .optional: return command.audience == .programs ? "help \(name)" : name
        case .required, .program: return "help \(name)"
        }
    }
}
