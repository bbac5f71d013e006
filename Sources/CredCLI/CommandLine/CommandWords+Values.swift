import CredCore
import CredSession

/// The values of the options and operands, of which each command uses some. All fail with kind
/// `.usage`.
extension CommandWords {
    var format: TokenFormat {
        get throws(Failure) {
            guard let word = value(.format) else { return .raw }
            if let format = TokenFormat(rawValue: word) { return format }
            let choices = OptionSpecification.format.value?.choices ?? []
            let nearest = SpellingSuggestion.nearest(to: word, in: choices)
            throw Failure(
                .usage, "invalid value '\(word)' for '--format'",
                because: "it must be one of \(choices.joined(separator: ", "))",
                remedy: nearest.map { "planet-cred token --format \($0)" } ?? helpCommand)
        }
    }

    var requirement: TokenRequirement {
        get throws(Failure) {
            guard !has(.rejected) || !has(.hook) else {
                throw Failure(
                    .usage, "'--rejected' and '--hook' cannot be used together",
                    because:
                        "with '--hook', a program reports a rejected token by asking again",
                    remedy: "planet-cred help token")
            }
            return TokenRequirement(
                minimumLife: try seconds(.minimumLife),
                refused: has(.rejected) ? .latest : has(.hook) ? .handedToCaller : .none)
        }
    }

    var loginPolicy: LoginPolicy { has(.login) ? .attended : .unattended }

    /// The index at which the command of `exec` starts in the arguments of this process.
    var firstWordToRun: Int {
        get throws(Failure) {
            if let firstWordOfProgram { return firstWordOfProgram }
            throw Failure(
                .usage, "'exec' requires a command",
                remedy: "planet-cred exec -- python job.py")
        }
    }

    var variables: [EnvironmentVariable] {
        get throws(Failure) {
            var variables: [EnvironmentVariable] = []
            for text in values(.environment) {
                let parts = text.split(
                    separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                variables.append(
                    parts.count == 2
                        ? try EnvironmentVariable(
                            name: String(parts[0]), template: String(parts[1]), kind: .usage)
                        : try EnvironmentVariable(name: text, kind: .usage))
            }
            return variables
        }
    }

    var layout: ReportLayout { has(.json) ? .json : .table }

    var questions: Set<Inspection.Question> {
        var questions: Set<Inspection.Question> = []
        if has(.verify) { questions.insert(.keys) }
        if has(.remote) { questions.insert(.opinion) }
        return questions
    }

    /// Checks that the command line names a profile that can become the default. Fails with kind
    /// `.usage`.
    func checkDefaultProfile() throws(Failure) {
        let what = CommandSpecification.profileUse.name
        guard !has(.profileFile) else {
            throw Failure(
                .usage, "unexpected option '--profile-file' for '\(what)'",
                because: "only a profile in ~/.planet can be the default",
                remedy: "planet-cred help profile")
        }
        guard !operands.isEmpty || has(.profile) else {
            throw Failure(
                .usage, "'\(what)' requires a profile", remedy: "planet-cred help profile")
        }
    }

    var logoutScope: LogoutScope {
        get throws(Failure) {
            guard has(.all) else { return .chosen }
            try checkAll("logout", "it logs out of every profile in the home directory")
            return .all
        }
    }

    var statusSubject: StatusSubject {
        get throws(Failure) {
            if has(.all) {
                try checkAll("status", "it shows every profile", besides: [.host])
                return .all
            }
            guard let text = value(.host) else { return .chosen }
            do {
                return .host(try Origin(hostOrURL: text))
            } catch {
                throw Failure(
                    .usage, "invalid value '\(text.withoutUserInformation)' for '--host'",
                    because: error.asReason, remedy: "planet-cred status --host api.planet.com")
            }
        }
    }

    /// Checks that nothing else on the command line selects profiles. Fails with kind `.usage`.
    private func checkAll(
        _ command: String, _ reason: String, besides others: [OptionSpecification] = []
    ) throws(Failure) {
        let options = ([OptionSpecification.profile, .profileFile] + others).filter(has)
        guard let other = (operands + options.map { "--\($0.name)" }).first else { return }
        throw Failure(
            .usage, "unexpected argument '\(other)' with '\(command) --all'", because: reason,
            remedy: "planet-cred \(command) --all")
    }

    var loginOptions: LoginOptions {
        get throws(Failure) {
            var options = LoginOptions()
            if has(.device) { options.flow = .deviceCode }
            if has(.json) { options.layout = .json }
            if has(.qrCode) { options.qrCode = .shown }
            if let path = value(.keyFile) {
                guard path != "-" || value(.profileFile) != "-" else {
                    throw Failure(
                        .usage, "cannot read both the API key and the profile from standard input",
                        remedy: "planet-cred help login")
                }
                options.key = path == "-" ? .standardInput : .file(path)
            }
            switch (has(.open), has(.noOpen)) {
            case (true, true):
                throw Failure(
                    .usage, "'--open' and '--no-open' cannot be used together",
                    remedy: "planet-cred help login")
            case (true, false): options.browser = .open
            case (false, true): options.browser = .printOnly
            // A program that presents the login in its own way opens the page itself.
            case (false, false): options.browser = options.layout == .json ? .printOnly : .open
            }
            if let seconds = try timeout { options.timeout = seconds }
            return options
        }
    }

    /// How long `doctor --locks` waits, in seconds.
    var checkTimeout: Seconds {
        get throws(Failure) {
            guard has(.locks) else {
                throw Failure(
                    .usage, "'doctor' requires '--locks'", because: "that is the only check",
                    remedy: "planet-cred doctor --locks")
            }
            return try timeout ?? LockCheck.defaultTimeout
        }
    }

    /// `--timeout` in seconds, at most a day.
    private var timeout: Seconds? {
        get throws(Failure) {
            guard let seconds = try seconds(.timeLimit) else { return nil }
            guard seconds > 0 else {
                throw Failure(
                    .usage, "invalid value '0' for '--timeout'",
                    because: "it must be greater than 0", remedy: helpCommand)
            }
            return min(seconds, 86_400)
        }
    }

    var shell: Shell {
        get throws(Failure) {
            if let shell = operands.first.flatMap(Shell.init) { return shell }
            let shells = Shell.allCases.map { $0.rawValue }
            let nearest = operands.first.flatMap { SpellingSuggestion.nearest(to: $0, in: shells) }
            throw Failure(
                .usage,
                operands.first.map { "unsupported shell '\($0)'" }
                    ?? "'completions' requires the name of a shell",
                because: "supported shells are bash, zsh and fish",
                remedy: "planet-cred completions \(nearest ?? "bash")")
        }
    }

    /// What `help` describes.
    var topic: HelpTopic {
        get throws(Failure) {
            guard let word = operands.first else { return .overview }
            let name = operands.joined(separator: " ")
            if let command = CommandSpecification.named(name), command.isShown {
                return .command(command)
            }
            if operands.count == 1, let page = HelpPage(rawValue: word) { return .page(page) }
            throw CommandSpecification.unknown(topic: name)
        }
    }

    var page: WebURL {
        get throws(Failure) { try WebURL(page: operands.first ?? "") }
    }

    private func seconds(_ option: OptionSpecification) throws(Failure) -> Seconds? {
        guard let text = value(option) else { return nil }
        if let seconds = Int64(digits: text.utf8) { return seconds }
        throw Failure(
            .usage, "invalid value '\(text)' for '--\(option.name)'",
            because: "it must be a whole number of seconds, without a sign", remedy: helpCommand)
    }
}
