package import CredCore
package import CredSession

/// A command line, understood.
package struct Invocation: Sendable {
    package let command: Command
    package let profile: ProfileRequest
    package let isVerbose: Bool
}

extension Invocation {
    /// How planet-cred was called.
    enum Caller: Hashable, Sendable {
        case person
        /// As `git-credential-...`: words that we do not know are git's future, not a mistake.
        case git

        init(programName: String) {
            let slash = programName.utf8.lastIndex(of: UInt8(ascii: "/"))
            let name =
                slash.map { programName[programName.utf8.index(after: $0)...] }
                ?? programName[...]
            self = name.hasPrefix("git-credential-") ? .git : .person
        }
    }

    /// Reads the words of a command line, the program's name first. Fails with kind `.usage`.
    ///
    /// `--help` and `--version` win over what else is wrong, but for words that nobody knows.
    package init(parsing words: [String], environment: (String) -> String?) throws(Failure) {
        let typed = try CommandWords(words)
        let caller = Caller(programName: words.first ?? "")
        let name = try Self.name(typed, caller)
        isVerbose = typed.has(.verbose)
        let savesNothing = typed.has(.noSave) || environment(Self.noSaveVariable) != nil
        profile = ProfileRequest(
            name: typed.value(.profile) ?? Self.profileOperand(typed, name),
            file: typed.value(.profileFile), storage: savesNothing ? .memoryOnly : .saved)
        if typed.has(.help) {
            command = .help(name)
        } else if typed.has(.version) {
            command = .version
        } else if let name {
            try Self.check(typed, name, caller)
            try Self.checkStorage(typed, name, profile, environment)
            command = try Self.command(name, typed)
        } else if caller == .git, !typed.operands.isEmpty {
            command = .nothing
        } else {
            throw Failure(
                .usage, "no command given", because: "planet-cred needs to know what to do",
                remedy: "planet-cred help")
        }
    }

    private static func name(_ typed: CommandWords, _ caller: Caller) throws(Failure)
        -> CommandName?
    {
        guard let word = typed.operands.first else { return nil }
        if let name = CommandName(rawValue: word) { return name }
        if caller == .git { return nil }
        return try shownName(word, remedy: "")
    }

    /// A command that people type, or a word about the nearest one.
    /// - Parameter remedy: what stands before the nearest name in the command to paste.
    static func shownName(_ word: String, remedy: String) throws(Failure) -> CommandName {
        let names = CommandSpecification.shown.map { $0.name }
        if let name = names.first(where: { $0.rawValue == word }) { return name }
        let nearest = SpellingSuggestion.nearest(to: word, in: names.map { $0.rawValue })
        throw Failure(
            .usage, "there is no command '\(word)'",
            because: nearest.map { "the nearest is '\($0)'" },
            remedy: nearest.map { "planet-cred \(remedy)\($0)" } ?? "planet-cred help")
    }

    /// Only options that the command takes, and no more operands than it takes.
    private static func check(_ typed: CommandWords, _ name: CommandName, _ caller: Caller)
        throws(Failure)
    {
        let specification = CommandSpecification.of(name)
        var options = OptionName.common + specification.options
        switch caller {
        case .person: break
        // git gives the options that are configured to each command of a helper.
        case .git: options += CommandSpecification.of(.get).options
        }
        if let other = typed.options.first(where: { !options.contains($0.name) }) {
            throw Failure(
                .usage, "'\(name.rawValue)' takes no option '--\(other.name.rawValue)'",
                remedy: "planet-cred help \(name.rawValue)")
        }
        let operandCount = specification.operands.isEmpty || name == .exec ? 1 : 2
        if typed.operands.count > operandCount {
            throw surplus(typed.operands[operandCount], typed, specification)
        }
        try checkProfile(typed, name)
    }

    /// A word too many, which may be meant for a profile's name.
    private static func surplus(
        _ word: String, _ typed: CommandWords, _ specification: CommandSpecification
    ) -> Failure {
        let name = specification.name.rawValue
        let isName =
            specification.usesProfile && specification.operands.isEmpty
            && typed.operands.count == 2 && !word.hasPrefix("-")
            && ![.profile, .profileFile, .noSave].contains(where: typed.has)
        return Failure(
            .usage, "'\(name)' does not take '\(word)'",
            because: isName ? "a profile is named with --profile" : nil,
            remedy: isName
                ? "planet-cred \(name) --profile \(word.shellQuoted)" : "planet-cred help \(name)")
    }

    /// The profile that the command's operand names, which is the same as `--profile`.
    private static func profileOperand(_ typed: CommandWords, _ name: CommandName?) -> String? {
        guard let name, CommandSpecification.of(name).takesProfile else { return nil }
        return typed.operands.dropFirst().first
    }

    /// An operand and `--profile` must not name two profiles.
    private static func checkProfile(_ typed: CommandWords, _ name: CommandName) throws(Failure) {
        guard let operand = profileOperand(typed, name), let option = typed.value(.profile),
            operand.lowercased() != option.lowercased()
        else { return }
        throw Failure(
            .usage, "'\(name.rawValue)' takes one profile",
            because: "the command line names '\(operand)' and '\(option)'",
            remedy: "planet-cred \(name.rawValue) \(operand.shellQuoted)")
    }

    /// Says `--no-save` for every invocation, and for those in a job of `exec`.
    static let noSaveVariable = "PLANET_CRED_NO_SAVE"

    /// What is about a kept login makes no sense where nothing is kept. Fails with kind `.usage`.
    private static func checkStorage(
        _ typed: CommandWords, _ name: CommandName, _ profile: ProfileRequest,
        _ environment: (String) -> String?
    ) throws(Failure) {
        guard profile.storage == .memoryOnly, let reason = reasonToSave(name) else { return }
        let isVariable = environment(noSaveVariable) != nil
        var words = isVariable ? ["env", "-u", noSaveVariable] : []
        words += ["planet-cred", name.rawValue]
        if let name = profile.name { words.append(name.shellQuoted) }
        if let file = profile.file { words += ["--profile-file", file.shellQuoted] }
        if typed.has(.all) { words.append("--all") }
        throw Failure(
            .usage,
            isVariable
                ? "'\(name.rawValue)' is of no use while \(noSaveVariable) is set"
                : "'\(name.rawValue)' takes no option '--no-save'",
            because: reason, remedy: words.joined(separator: " "))
    }

    /// `nil` for a command that can do without.
    private static func reasonToSave(_ name: CommandName) -> String? {
        switch name {
        case .login: "a login is good for nothing unless it is kept"
        case .logout: "it is about tokens in the home folder, which is neither read nor written"
        case .token, .header, .exec, .status, .inspect, .get, .store, .erase, .capability,
            .completions, .help, .version, .renew, .background, .browse:
            nil
        }
    }
}
