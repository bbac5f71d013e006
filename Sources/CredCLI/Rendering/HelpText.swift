/// The text that `help` prints.
package enum HelpText {
    package static func text(_ topic: CommandSpecification?) -> String {
        topic.map(command) ?? overview
    }

    private static var overview: String {
        """
        planet-cred gives git, curl and jobs a valid credential for an Earth observation API.

        Usage: planet-cred [OPTIONS] COMMAND [OPTIONS]

        Commands:
        \(table(CommandSpecification.shown.map { ($0.name, $0.summary) }))
        Common options:
        \(options(OptionSpecification.common))
        See also: planet-cred help COMMAND, man planet-cred

        """
    }

    private static func command(_ specification: CommandSpecification) -> String {
        let own = specification.options()
        let usage = [
            specification.name, own.isEmpty ? "" : "[OPTIONS]", specification.operands.notation,
        ]
        .filter { !$0.isEmpty }.joined(separator: " ")
        var text = "Usage: planet-cred \(usage)\n\n\(sentence(specification.summary))\n"
        if !specification.details.isEmpty { text += "\n\(specification.details)\n" }
        if !own.isEmpty { text += "\nOptions:\n\(options(own))" }
        return text + "\nCommon options:\n\(options(OptionSpecification.common))"
    }

    /// A clause of the tables made into a sentence.
    static func sentence(_ clause: String) -> String {
        "\(clause.prefix(1).uppercased())\(clause.dropFirst())."
    }

    private static func options(_ options: [OptionSpecification]) -> String {
        table(
            options.map { option in
                let letter = option.letter.map { "-\($0), " } ?? ""
                let value = option.value.map { " \($0.name)" } ?? ""
                return ("\(letter)--\(option.name)\(value)", option.explanation)
            })
    }

    private static func table(_ rows: [(String, String)]) -> String {
        LabelledRows.text(rows.map { ("  \($0)", $1) })
    }
}
