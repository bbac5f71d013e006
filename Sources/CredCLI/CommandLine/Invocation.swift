package import CredCore
package import CredSession

/// A command line, understood.
package struct Invocation: Sendable {
    package let command: Command
    package let profile: ProfileRequest
    package let isVerbose: Bool

    /// Says `--no-save` for every invocation, and for those in a job of `exec`.
    static let noSaveVariable = "PLANET_CRED_NO_SAVE"

    /// Reads the words of a command line, the program's name first. Fails with kind `.usage`.
    ///
    /// `--help` and `--version` win over what else is wrong, but for words that nobody knows.
    package init(parsing words: [String], environment: (String) -> String?) throws(Failure) {
        let typed = try CommandWords(words)
        let caller = Caller(programName: words.first ?? "")
        if caller == .person, typed.command == nil, let word = typed.commandName {
            throw CommandSpecification.unknown(word, remedy: "")
        }
        isVerbose = typed.has(.verbose)
        let savesNothing = typed.has(.noSave) || environment(Self.noSaveVariable) != nil
        profile = ProfileRequest(
            name: try Self.profileName(typed, caller),
            file: typed.value(.profileFile), storage: savesNothing ? .memoryOnly : .saved)
        if typed.has(.help) {
            command = .help(typed.command)
        } else if typed.has(.version) {
            command = .version
        } else if let specification = typed.command {
            try Self.checkStorage(typed, specification, profile, environment)
            command = try specification.command(typed)
        } else if caller == .git, typed.commandName != nil {
            command = .nothing
        } else {
            throw Failure(
                .usage, "no command given",
                remedy: "planet-cred help")
        }
    }

    /// How planet-cred was called.
    private enum Caller: Hashable, Sendable {
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

    /// Only options that the command takes, and no more operands than it takes.
    private static func check(
        _ typed: CommandWords, _ specification: CommandSpecification, _ caller: Caller
    ) throws(Failure) {
        let name = specification.name
        let other = typed.options.first { option in
            // git gives the options that are configured to each command of a helper.
            !specification.takes(option.specification)
                && !(caller == .git && CommandSpecification.get.takes(option.specification))
        }
        if let other {
            throw Failure(
                .usage, "unexpected option '--\(other.specification.name)' for '\(name)'",
                remedy: "planet-cred help \(name)")
        }
        let operandCount = specification.operands.value == nil ? 0 : 1
        if typed.operands.count > operandCount {
            throw surplus(typed.operands[operandCount], typed, specification)
        }
    }

    /// A word too many, which may be meant for a profile's name.
    private static func surplus(
        _ word: String, _ typed: CommandWords, _ specification: CommandSpecification
    ) -> Failure {
        let name = specification.name
        let isName =
            specification.usesProfile && specification.operands.notation.isEmpty
            && typed.operands.count == 1 && !word.hasPrefix("-")
            && ![.profile, .profileFile, .noSave].contains(where: typed.has)
        return Failure(
            .usage, "unexpected argument '\(word)'",
            because: isName ? "the profile is given with --profile" : nil,
            remedy: isName
                ? "planet-cred \(name) --profile \(word.shellQuoted)" : "planet-cred help \(name)")
    }

    /// The profile that the command line names, once the command takes what was typed.
    private static func profileName(_ typed: CommandWords, _ caller: Caller) throws(Failure)
        -> ProfileName?
    {
        guard let specification = typed.command, !typed.has(.help), !typed.has(.version) else {
            return nil
        }
        try check(typed, specification, caller)
        try checkProfile(typed, specification)
        guard specification.usesProfile,
            let text = typed.value(.profile) ?? profileOperand(typed)
        else { return nil }
        return try ProfileName(text)
    }

    /// The operand that names a profile, as `--profile` does.
    private static func profileOperand(_ typed: CommandWords) -> String? {
        guard let command = typed.command, command.operands.isProfile else { return nil }
        return typed.operands.first
    }

    /// An operand and `--profile` must not name two profiles.
    private static func checkProfile(_ typed: CommandWords, _ specification: CommandSpecification)
        throws(Failure)
    {
        guard let operand = profileOperand(typed), let option = typed.value(.profile),
            operand.lowercased() != option.lowercased()
        else { return }
        throw Failure(
            .usage, "'\(specification.name)' takes only one profile",
            because: "the command line names '\(operand)' and '\(option)'",
            remedy: "planet-cred \(specification.name) \(operand.shellQuoted)")
    }

    /// What is about a kept login makes no sense where nothing is kept.
    private static func checkStorage(
        _ typed: CommandWords, _ specification: CommandSpecification, _ profile: ProfileRequest,
        _ environment: (String) -> String?
    ) throws(Failure) {
        guard profile.storage == .memoryOnly, let reason = specification.reasonToSave else {
            return
        }
        let isVariable = environment(noSaveVariable) != nil
        var words = isVariable ? ["env", "-u", noSaveVariable] : []
        words += ["planet-cred", specification.name]
        if let name = profile.name { words.append(name.description.shellQuoted) }
        if let file = profile.file { words += ["--profile-file", file.shellQuoted] }
        if typed.has(.all) { words.append("--all") }
        throw Failure(
            .usage,
            isVariable
                ? "cannot use '\(specification.name)' while \(noSaveVariable) is set"
                : "unexpected option '--no-save' for '\(specification.name)'",
            because: reason, remedy: words.joined(separator: " "))
    }
}
