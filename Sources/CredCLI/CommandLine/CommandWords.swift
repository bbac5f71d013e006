import CredCore

/// A command line split into options and operands, which mirrors what was typed.
struct CommandWords: Sendable {
    struct Option: Sendable {
        let specification: OptionSpecification
        let value: String
    }

    private(set) var options: [Option] = []
    private(set) var operands: [String] = []
    /// Where the command of `exec` starts.
    private(set) var firstWordOfCommand: Int?

    /// Options may stand before or after the command; `--` ends them, and so does the first word of
    /// the command that `exec` is to run. Fails with kind `.usage`.
    init(_ words: [String]) throws(Failure) {
        var index = 1
        while index < words.count {
            let word = words[index]
            index += 1
            if operands.first == CommandName.exec.rawValue, word == "--" || !word.hasPrefix("-") {
                firstWordOfCommand = word == "--" ? index : index - 1
                return
            }
            if word == "--" {
                operands += words[index...]
                return
            }
            guard word.hasPrefix("-"), word != "-" else {
                operands.append(word)
                continue
            }
            let (specification, attached) = try Self.option(word)
            guard specification.value != nil else {
                guard attached == nil else {
                    throw Failure(.usage, "'--\(specification.name)' takes no value")
                }
                options.append(Option(specification: specification, value: ""))
                continue
            }
            if let attached {
                options.append(Option(specification: specification, value: attached))
            } else {
                guard index < words.count else {
                    throw Failure(
                        .usage, "'\(word)' needs a value",
                        because: "it stands at the end of the command line",
                        remedy:
                            "planet-cred ... --\(specification.name) \(specification.value ?? "")")
                }
                options.append(Option(specification: specification, value: words[index]))
                index += 1
            }
        }
    }

    func value(_ specification: OptionSpecification) -> String? {
        options.last { $0.specification == specification }?.value
    }

    func values(_ specification: OptionSpecification) -> [String] {
        options.filter { $0.specification == specification }.map(\.value)
    }

    func has(_ specification: OptionSpecification) -> Bool {
        value(specification) != nil
    }

    /// `--name`, `--name=value`, `-n`.
    private static func option(_ word: String) throws(Failure) -> (OptionSpecification, String?) {
        if !word.hasPrefix("--") {
            let letter = word.dropFirst()
            if letter.count == 1,
                let option = OptionSpecification.all.first(where: { $0.letter == letter.first })
            {
                return (option, nil)
            }
            throw unknown(word)
        }
        let parts = word.dropFirst(2).split(
            separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = parts.first ?? ""
        guard let option = OptionSpecification.all.first(where: { $0.name == name }) else {
            throw unknown("--\(name)")
        }
        return (option, parts.count == 2 ? String(parts[1]) : nil)
    }

    private static func unknown(_ word: String) -> Failure {
        let names = OptionSpecification.all.map { "--\($0.name)" }
        let nearest = SpellingSuggestion.nearest(to: word, in: names)
        return Failure(
            .usage, "there is no option '\(word)'",
            because: nearest.map { "the nearest is '\($0)'" },
            remedy: "planet-cred help")
    }
}
