/// What `help` prints.
package enum HelpText {
    package static func text(_ topic: CommandName?) -> String {
        topic.map(command) ?? overview
    }

    private static var overview: String {
        """
        planet-cred hands a valid credential for an Earth-observation API to git, curl and jobs.

        Usage: planet-cred [OPTIONS] COMMAND [OPTIONS]

        Commands:
        \(table(CommandSpecification.shown.map { ($0.name.rawValue, $0.summary) }))
        Options of every command:
        \(options(OptionName.common))
        Try: planet-cred help COMMAND, or man planet-cred.

        """
    }

    private static func command(_ name: CommandName) -> String {
        let specification = CommandSpecification.of(name)
        let usage = [
            name.rawValue, specification.options.isEmpty ? "" : "[OPTIONS]", specification.operands,
        ]
        .filter { !$0.isEmpty }.joined(separator: " ")
        var text = "Usage: planet-cred \(usage)\n\n\(sentence(specification.summary))\n"
        if !specification.details.isEmpty { text += "\n\(specification.details)\n" }
        if !specification.options.isEmpty {
            text += "\nOptions:\n\(options(specification.options))"
        }
        return text + "\nOptions of every command:\n\(options(OptionName.common))"
    }

    private static func sentence(_ clause: String) -> String {
        "\(clause.prefix(1).uppercased())\(clause.dropFirst())."
    }

    private static func options(_ options: [OptionName]) -> String {
        table(
            options.map { option in
                let letter = option.letter.map { "-\($0), " } ?? ""
                let value = option.value.map { " \($0)" } ?? ""
                let choices =
                    option.choices.isEmpty ? "" : ": \(option.choices.joined(separator: ", "))"
                return ("\(letter)--\(option.rawValue)\(value)", "\(option.summary)\(choices)")
            })
    }

    private static func table(_ rows: [(String, String)]) -> String {
        let width = rows.map { $0.0.count }.max() ?? 0
        return rows.map { term, explanation in
            "  \(term)\(String(repeating: " ", count: width - term.count + 2))\(explanation)\n"
        }.joined()
    }
}
