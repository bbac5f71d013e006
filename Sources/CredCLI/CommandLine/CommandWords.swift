import CredCore

/// A command line split into options and operands, as typed.
struct CommandWords: Sendable {
    struct Option: Sendable {
        let specification: OptionSpecification
        let value: String
    }

    private(set) var options: [Option] = []
    /// The first operand, or the first two for commands whose names have two words.
    private(set) var commandName: String?
    /// The command with this name, if it exists.
    private(set) var command: CommandSpecification?
    /// The operands after the command.
    private(set) var operands: [String] = []
    /// The index of the command line that `exec` runs.
    private(set) var firstWordOfProgram: Int?

    /// Splits the words. Options may come before or after the command; `--` ends them, and so does
    /// the first word of the command that `exec` runs. Fails with kind `.usage`.
    init(_ words: [String]) throws(Failure) {
        var index = 1
        while index < words.count {
            let word = words[index]
            index += 1
            if case .program? = command?.operands, word == "--" || !word.hasPrefix("-") {
                let first = word == "--" ? index : index - 1
                firstWordOfProgram = first < words.count ? first : nil
                return
            }
            if word == "--" {
                for operand in words[index...] { addOperand(operand) }
                return
            }
            guard word.hasPrefix("-"), word != "-" else {
                addOperand(word)
                continue
            }
            let (option, attached) = try self.option(word)
            guard let value = option.value else {
                guard attached == nil else {
                    throw Failure(
                        .usage, "'--\(option.name)' does not take a value", remedy: helpCommand)
                }
                options.append(Option(specification: option, value: ""))
                continue
            }
            if let attached {
                options.append(Option(specification: option, value: attached))
            } else {
                guard index < words.count else {
                    throw Failure(
                        .usage, "'\(word)' requires a value",
                        because: "--\(option.name) \(value.name): \(option.explanation)",
                        remedy: helpCommand)
                }
                options.append(Option(specification: option, value: words[index]))
                index += 1
            }
        }
    }

    func value(_ option: OptionSpecification) -> String? {
        options.last { $0.specification == option }?.value
    }

    func values(_ option: OptionSpecification) -> [String] {
        options.filter { $0.specification == option }.map { $0.value }
    }

    func has(_ option: OptionSpecification) -> Bool {
        value(option) != nil
    }

    private mutating func addOperand(_ word: String) {
        if commandName == nil {
            commandName = word
            command = CommandSpecification.named(word)
        } else if command == nil, let first = commandName,
            CommandSpecification.groups.contains(first)
        {
            commandName = "\(first) \(word)"
            command = CommandSpecification.named("\(first) \(word)")
        } else {
            operands.append(word)
        }
    }

    /// `--name`, `--name=value`, `-n`.
    private func option(_ word: String) throws(Failure) -> (OptionSpecification, String?) {
        if !word.hasPrefix("--") {
            let letter = word.dropFirst()
            guard letter.count == 1,
                let option = OptionSpecification.rows.first(where: { $0.letter == letter.first })
            else { throw unknown(word) }
            return (option, nil)
        }
        let text = word.dropFirst(2)
        let equals = text.utf8.firstIndex(of: UInt8(ascii: "="))
        let name = String(text[..<(equals ?? text.endIndex)])
        guard let option = OptionSpecification.rows.first(where: { $0.name == name }) else {
            throw unknown("--\(name)")
        }
        return (option, equals.map { String(text[text.utf8.index(after: $0)...]) })
    }

    private func unknown(_ word: String) -> Failure {
        let options = OptionSpecification.rows.filter { command?.takes($0) ?? true }
        let letter = word.utf8.count == 2 ? word.last : nil
        let nearest =
            options.first { $0.name.first == letter }.map { "--\($0.name)" }
            ?? SpellingSuggestion.nearest(to: word, in: options.map { "--\($0.name)" })
        return Failure(
            .usage, "unknown option '\(word)'",
            because: nearest.map { "the closest match is '\($0)'" }, remedy: helpCommand)
    }

    /// The command that shows which options there are.
    var helpCommand: String {
        ["planet-cred help", command.flatMap { $0.isShown ? $0.name : nil }].compactMap { $0 }
            .joined(separator: " ")
    }
}
