import CredCore

/// What `help` describes.
package enum HelpTopic: Sendable {
    case overview
    case command(CommandSpecification)
    case page(HelpPage)
}

/// The text that `help` prints, at most 80 columns wide.
package enum HelpText {
    package static func text(_ topic: HelpTopic) -> String {
        switch topic {
        case .overview: overview
        case .command(let specification): command(specification)
        case .page(let page): page.text
        }
    }

    private static let page = ReportPage(columnCount: 80)

    private static var overview: String {
        """
        planet-cred gives git, curl and jobs a valid credential for an Earth observation
        API.

        Usage: planet-cred [OPTIONS] COMMAND [OPTIONS]

        Commands:
        \(commands(for: .people))
        Commands for programs, which git calls:
        \(commands(for: .programs))
        Common options:
        \(options(OptionSpecification.common))
        More help:
        \(table(HelpPage.allCases.map { ("help \($0.rawValue)", $0.summary) }))
        See also: planet-cred help COMMAND, man planet-cred

        """
    }

    private static func commands(for audience: CommandSpecification.Audience) -> String {
        table(
            CommandSpecification.rows.filter { $0.audience == audience }
                .map { ($0.name, $0.summary) })
    }

    private static func command(_ specification: CommandSpecification) -> String {
        let own = specification.options()
        let usage = [specification.name, "[OPTIONS]", specification.operands.notation]
            .filter { !$0.isEmpty }.joined(separator: " ")
        var text = "Usage: planet-cred \(usage)\n\n\(paragraph(sentence(specification.summary)))"
        if !specification.details.isEmpty { text += "\n\(paragraph(specification.details))" }
        if !own.isEmpty { text += "\nOptions:\n\(options(own))" }
        text += "\nCommon options:\n\(options(OptionSpecification.common))"
        let examples = specification.examples
        if !examples.isEmpty {
            text += "\nExamples:\n\(indented(examples.joined(separator: "\n")))"
        }
        if let page = HelpPage(rawValue: specification.name) { text += "\n\(page.text)" }
        return text
    }

    /// A clause of the tables made into a sentence.
    static func sentence(_ clause: String) -> String {
        "\(clause.prefix(1).uppercased())\(clause.dropFirst())."
    }

    private static func paragraph(_ text: String) -> String {
        let words = text.split(separator: "\n").joined(separator: " ")
        return words.wrapped(toColumns: page.columnCount ?? .max).map { "\($0)\n" }.joined()
    }

    static func indented(_ text: String) -> String {
        text.split(separator: "\n").map { "  \($0)\n" }.joined()
    }

    private static func options(_ options: [OptionSpecification]) -> String {
        table(
            options.map { option in
                let letter = option.letter.map { "-\($0), " } ?? ""
                let value = option.value.map { " \($0.name)" } ?? ""
                return ("\(letter)--\(option.name)\(value)", option.explanation)
            })
    }

    static func table(_ rows: [(String, String)]) -> String {
        LabelledRows.text(rows.map { ("  \($0)", $1) }, on: page)
    }
}
