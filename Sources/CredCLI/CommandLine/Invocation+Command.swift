import CredCore
import CredSession

extension Invocation {
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

    static func command(_ name: CommandName, _ typed: CommandWords) throws(Failure)
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
    private static func seconds(_ typed: CommandWords, _ option: OptionName, example: String)
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

    private static func loginOptions(_ typed: CommandWords) throws(Failure) -> LoginOptions {
        var options = LoginOptions()
        if typed.has(.device) { options.flow = .deviceCode }
        if typed.has(.json) { options.layout = .json }
        if typed.has(.qrCode) { options.qrCode = .shown }
        if let path = typed.value(.keyFile) {
            guard path != "-" || typed.value(.profileFile) != "-" else {
                throw Failure(
                    .usage, "the key and the profile cannot both come from standard input",
                    remedy: "planet-cred help login")
            }
            options.key = path == "-" ? .standardInput : .file(path)
        }
        switch (typed.has(.open), typed.has(.noOpen)) {
        case (true, true):
            throw Failure(
                .usage, "'--open' and '--no-open' do not go together",
                remedy: "planet-cred help login")
        case (true, false): options.browser = .open
        case (false, true): options.browser = .printOnly
        // A program that shows a login in its own way opens what it wants to.
        case (false, false): options.browser = options.layout == .json ? .printOnly : .open
        }
        if let seconds = try seconds(typed, .timeLimit, example: "help login") {
            guard seconds > 0 else {
                throw Failure(
                    .usage, "'--timeout' does not take '0'", because: "nobody is that quick",
                    remedy: "planet-cred help login")
            }
            options.patience = min(seconds, 86_400)
        }
        return options
    }
}
