package import CredCore
package import CredSession

/// A parsed command line.
package struct Invocation: Sendable {
    package let command: Command
    package let profile: ProfileRequest
    package let isVerbose: Bool

    private static let noSaveVariable = ProfileRequest.noSaveVariable

    /// Parses the arguments, the program's name first. Fails with kind `.usage`.
    ///
    /// `--help` and `--version` take precedence over other mistakes, but not over unknown words.
    package init(parsing words: [String], environment: (String) -> String?) throws(Failure) {
        let typed = try CommandWords(words)
        let caller = Caller(programName: words.first ?? "")
        if caller == .person, typed.command == nil, let word = typed.commandName {
            // `profile --help` is about all commands that start with this word.
            guard typed.has(.help), HelpPage(rawValue: word) != nil else {
                throw CommandSpecification.unknown(word)
            }
        }
        isVerbose = typed.has(.verbose)
        let savesNothing = typed.has(.noSave) || environment(Self.noSaveVariable) != nil
        var profile = ProfileRequest(
            name: try Self.profileName(typed, caller),
            file: typed.value(.profileFile), storage: savesNothing ? .memoryOnly : .saved)
        if !typed.has(.profile) { profile.nameForm = .operand }
        self.profile = profile
        if typed.has(.help) {
            let page = typed.commandName.flatMap(HelpPage.init(rawValue:))
            command = .help(
                typed.command.map { .command($0) } ?? page.map { .page($0) } ?? .overview)
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

    /// The name under which planet-cred was called.
    private enum Caller: Hashable, Sendable {
        case person
        /// As `git-credential-...`: unknown words may come from a later git and are not errors.
        case git

        init(programName: String) {
            let slash = programName.utf8.lastIndex(of: UInt8(ascii: "/"))
            let name =
                slash.map { programName[programName.utf8.index(after: $0)...] }
                ?? programName[...]
            self = name.hasPrefix("git-credential-") ? .git : .person
        }
    }

    /// Checks that the command takes these options and this many operands.
    private static func check(
        _ typed: CommandWords, _ specification: CommandSpecification, _ caller: Caller
    ) throws(Failure) {
        let name = specification.name
        let other = typed.options.first { option in
            // git passes the configured options to every command of a helper.
            !specification.takes(option.specification)
                && !(caller == .git && CommandSpecification.get.takes(option.specification))
        }
        if let other {
            throw Failure(
                .usage, "unexpected option '--\(other.specification.name)' for '\(name)'",
                remedy: "planet-cred help \(name)")
        }
        // A topic of help is the name of a command, which may have two words.
        let isGroup = typed.operands.first.map(CommandSpecification.groups.contains) ?? false
        let operandCount =
            specification.operands.value == nil
            ? 0 : specification.name == "help" && isGroup ? 2 : 1
        if typed.operands.count > operandCount {
            throw surplus(typed.operands[operandCount], typed, specification)
        }
    }

    /// The error for an unexpected operand, which may be meant as a profile's name.
    private static func surplus(
        _ word: String, _ typed: CommandWords, _ specification: CommandSpecification
    ) -> Failure {
        let name = specification.name
        let isName =
            specification.usesProfile && specification.operands.notation.isEmpty
            && typed.operands.count == 1 && !word.hasPrefix("-")
            && (try? ProfileName(word)) != nil
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

    /// Checks that an operand and `--profile` do not name two profiles.
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

    /// Rejects commands and options about saved logins together with `--no-save`.
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
