/// A file of the repository that is generated, wholly or in part, from the tables of commands and
/// options.
package enum GeneratedFile: Hashable, Sendable, CaseIterable {
    case manual, bash, zsh, fish

    /// The path relative to the top of the repository.
    package var path: String {
        switch self {
        case .manual: "man/planet-cred.1"
        case .bash: "completions/planet-cred.bash"
        case .zsh: "completions/_planet-cred"
        case .fish: "completions/planet-cred.fish"
        }
    }

    /// The new content of the file; the parts that a person wrote are kept.
    package func content(keeping current: String) -> String {
        switch self {
        case .manual: Self.manual(current)
        case .bash: Completions.script(.bash)
        case .zsh: Completions.script(.zsh)
        case .fish: Completions.script(.fish)
        }
    }

    /// The manual with its lists replaced. Each list is between two comments that name it; without
    /// them it is added at the end, so that a missing list is noticed.
    private static func manual(_ current: String) -> String {
        var lines = current.split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
        for list in ManualList.allCases {
            let (opening, closing) = (
                ".\\\" \(list.rawValue): made by .ci/generate", ".\\\" end of \(list.rawValue)"
            )
            let made = [opening] + list.text.split(separator: "\n").map(String.init) + [closing]
            if let start = lines.firstIndex(of: opening),
                let end = lines[start...].firstIndex(of: closing)
            {
                lines.replaceSubrange(start...end, with: made)
            } else {
                lines.insert(contentsOf: made, at: max(lines.count - 1, 0))
            }
        }
        return lines.joined(separator: "\n")
    }
}

/// The generated lists of the manual, in mdoc(7).
private enum ManualList: String, Hashable, Sendable, CaseIterable {
    /// Every command with its operands, description and own options.
    case commands
    /// The options of every command.
    case options

    var text: String {
        switch self {
        case .commands: Self.list(CommandSpecification.shown.map(Self.item))
        case .options: Self.list(OptionSpecification.common.map(Self.item))
        }
    }

    private static func list(_ items: [String]) -> String {
        ".Bl -tag -width Ds\n\(items.joined()).El\n"
    }

    private static func item(_ command: CommandSpecification) -> String {
        let own = command.options()
        let options = own.map { option in
            option.value.map { "Oo Fl -\(option.name) Ar \($0.name) Oc" }
                ?? "Oo Fl -\(option.name) Oc"
        }
        let words = ["Cm \(command.name)"] + options + operands(command)
        var text = ".It \(words.joined(separator: " "))\n"
        text += paragraph("\(HelpText.sentence(command.summary)) \(command.details)")
        if !own.isEmpty { text += list(own.map(item)) }
        return text + examples(command)
    }

    private static func examples(_ command: CommandSpecification) -> String {
        let lines = command.examples.map { example in
            let words = example.split(separator: " ").map(escaped).joined(separator: " ")
            return ".Dl \(words)\n"
        }
        return lines.isEmpty ? "" : ".Pp\nFor example:\n.Pp\n\(lines.joined())"
    }

    private static func operands(_ command: CommandSpecification) -> [String] {
        switch command.operands {
        case .none: []
        case .optional(let value): ["Oo Ar \(value.name) Oc"]
        case .required(let value): ["Ar \(value.name)"]
        case .program: ["Fl - Ar COMMAND Oo Ar ARG ... Oc"]
        }
    }

    private static func item(_ option: OptionSpecification) -> String {
        let letter = option.letter.map { "Fl \($0) , " } ?? ""
        let value = option.value.map { " Ar \($0.name)" } ?? ""
        let text = HelpText.sentence(option.explanation)
        return ".It \(letter)Fl -\(option.name)\(value)\n\(paragraph(text))"
    }

    /// The text with every sentence on a new line, and lines short enough to read in the source.
    private static func paragraph(_ text: String) -> String {
        var lines: [String] = []
        var line = ""
        for word in text.split(whereSeparator: { $0 == " " || $0 == "\n" }).map(escaped) {
            if !line.isEmpty, line.utf8.count + word.utf8.count >= 78 || line.hasSuffix(".") {
                lines.append(line)
                line = ""
            }
            line += line.isEmpty ? word : " \(word)"
        }
        return (lines + [line]).map { "\($0)\n" }.joined()
    }

    /// The word escaped for mdoc(7): a backslash starts an escape, a dot or a quote at the start of
    /// a line a request, and text to be typed needs the minus sign and the straight quote.
    private static func escaped(_ word: Substring) -> String {
        let text = word.map { character in
            switch character {
            case "\\": "\\e"
            case "'": "\\(aq"
            case "-": "\\-"
            default: "\(character)"
            }
        }.joined()
        return text.hasPrefix(".") ? "\\&\(text)" : text
    }
}
