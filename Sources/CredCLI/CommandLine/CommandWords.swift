import CredCore

/// A command line split into options and operands, which mirrors what was typed.
struct CommandWords: Sendable {
    struct Option: Sendable {
        let name: OptionName
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
                let first = word == "--" ? index : index - 1
                firstWordOfCommand = first < words.count ? first : nil
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
            let (name, attached) = try Self.option(word)
            guard name.value != nil else {
                guard attached == nil else {
                    throw Failure(.usage, "'--\(name.rawValue)' takes no value")
                }
                options.append(Option(name: name, value: ""))
                continue
            }
            if let attached {
                options.append(Option(name: name, value: attached))
            } else {
                guard index < words.count else {
                    throw Failure(
                        .usage, "'\(word)' needs a value",
                        because: "it stands at the end of the command line",
                        remedy:
                            "planet-cred ... --\(name.rawValue) \(name.value ?? "")")
                }
                options.append(Option(name: name, value: words[index]))
                index += 1
            }
        }
    }

    func value(_ name: OptionName) -> String? {
        options.last { $0.name == name }?.value
    }

    func values(_ name: OptionName) -> [String] {
        options.filter { $0.name == name }.map { $0.value }
    }

    func has(_ name: OptionName) -> Bool {
        value(name) != nil
    }

    /// `--name`, `--name=value`, `-n`.
    private static func option(_ word: String) throws(Failure) -> (OptionName, String?) {
        if !word.hasPrefix("--") {
            let letter = word.dropFirst()
            if letter.count == 1,
                let option = OptionName.allCases.first(where: { $0.letter == letter.first })
            {
                return (option, nil)
            }
            throw unknown(word)
        }
        let text = word.dropFirst(2)
        let equals = text.utf8.firstIndex(of: UInt8(ascii: "="))
        let name = String(text[..<(equals ?? text.endIndex)])
        guard let option = OptionName(rawValue: name) else { throw unknown("--\(name)") }
        return (option, equals.map { String(text[text.utf8.index(after: $0)...]) })
    }

    private static func unknown(_ word: String) -> Failure {
        let names = OptionName.allCases.map { "--\($0.rawValue)" }
        let nearest = SpellingSuggestion.nearest(to: word, in: names)
        return Failure(
            .usage, "there is no option '\(word)'",
            because: nearest.map { "the nearest is '\($0)'" },
            remedy: "planet-cred help")
    }
}
