package import CredCore
import CredSession

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
    private static func shownName(_ word: String, remedy: String) throws(Failure) -> CommandName {
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

    private static func logoutScope(_ typed: CommandWords) throws(Failure) -> LogoutScope {
        guard typed.has(.all) else { return .chosen }
        let options = [OptionName.profile, .profileFile].filter(typed.has)
        let others = typed.operands.dropFirst() + options.map { "--\($0.rawValue)" }
        guard let other = others.first else { return .all }
        throw Failure(
            .usage, "'logout --all' does not take '\(other)'",
            because: "it is about every profile in the home folder",
            remedy: "planet-cred logout --all")
    }

    private static func command(_ name: CommandName, _ typed: CommandWords) throws(Failure)
        -> Command
    {
        switch name {
        case .get: return .get(attendance(typed))
        case .store: return .nothing
        case .erase: return .erase
        case .capability: return .capability
        case .token:
            let word = typed.value(.format) ?? TokenFormat.raw.rawValue
            let format = try choice(word, of: .format, TokenFormat.init(rawValue:))
            return .token(format, try need(typed), attendance(typed))
        case .header: return .token(.header, try need(typed), attendance(typed))
        case .exec:
            guard let firstWord = typed.firstWordOfCommand else {
                throw Failure(
                    .usage, "'exec' needs a command", because: "none follows it",
                    remedy: "planet-cred exec -- python job.py")
            }
            return .exec(
                firstWord: firstWord, try variables(typed), try need(typed), attendance(typed))
        case .login: return .login(try loginOptions(typed))
        case .status: return .status(layout(typed))
        case .logout: return .logout(try logoutScope(typed))
        case .inspect: return .inspect(layout(typed), questions(typed))
        case .completions:
            let word = typed.operands.dropFirst().first ?? ""
            guard let shell = Shell(rawValue: word) else {
                throw Failure(
                    .usage, "there are no completions for '\(word)'",
                    because: "the shells are bash, zsh and fish",
                    remedy: "planet-cred completions bash")
            }
            return .completions(shell)
        case .help:
            guard let topic = typed.operands.dropFirst().first else { return .help(nil) }
            return .help(try shownName(topic, remedy: "help "))
        case .version: return .version
        case .renew: return .renew
        case .background: return .background
        case .browse: return .browse(try WebURL(page: typed.operands.dropFirst().first ?? ""))
        }
    }

    private static func layout(_ typed: CommandWords) -> ReportLayout {
        typed.has(.json) ? .json : .table
    }

    private static func questions(_ typed: CommandWords) -> Set<Inspection.Question> {
        var questions: Set<Inspection.Question> = []
        if typed.has(.verify) { questions.insert(.keys) }
        if typed.has(.remote) { questions.insert(.opinion) }
        return questions
    }

    private static func need(_ typed: CommandWords) throws(Failure) -> Need {
        Need(
            minimumLife: try seconds(typed, .minimumLife, example: "token --min-ttl 600"),
            refused: typed.has(.rejected) ? .latest : .none)
    }

    private static func attendance(_ typed: CommandWords) -> Attendance {
        typed.has(.login) ? .attended : .unattended
    }

    /// - Parameter example: what follows `planet-cred` in a command to paste.
    static func seconds(_ typed: CommandWords, _ option: OptionName, example: String)
        throws(Failure) -> Seconds?
    {
        guard let text = typed.value(option) else { return nil }
        if let seconds = Int64(digits: text.utf8) { return seconds }
        throw Failure(
            .usage, "'--\(option.rawValue)' does not take '\(text)'",
            because: "it takes a whole number of seconds", remedy: "planet-cred \(example)")
    }

    private static func variables(_ typed: CommandWords) throws(Failure) -> [EnvironmentVariable] {
        var variables: [EnvironmentVariable] = []
        for text in typed.values(.environment) {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            variables.append(
                parts.count == 2
                    ? try EnvironmentVariable(
                        name: String(parts[0]), template: String(parts[1]), kind: .usage)
                    : try EnvironmentVariable(name: text, kind: .usage))
        }
        return variables
    }

    private static func choice<Value>(
        _ word: String, of option: OptionName, _ make: (String) -> Value?
    ) throws(Failure) -> Value {
        if let value = make(word) { return value }
        let nearest = SpellingSuggestion.nearest(to: word, in: option.choices)
        throw Failure(
            .usage, "'--\(option.rawValue)' does not take '\(word)'",
            because: "it takes one of \(option.choices.joined(separator: ", "))",
            remedy: nearest.map { "planet-cred token --\(option.rawValue) \($0)" })
    }
}
