import CredCLI
import CredCore
import Testing

import struct TestSupport.Example

@Suite("Help and completions") struct GeneratedTextTests {
    @Test("the overview names every command and every common option, with what they do")
    func overview() {
        let text = HelpText.text(.overview)
        let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let summaries =
            CommandSpecification.shown.map { "\($0.name) " }
            + CommandSpecification.shown.map(\.summary)
            + OptionSpecification.common.map { "--\($0.name)" }
            + OptionSpecification.common.map(\.summary)
        #expect(summaries.filter { !words.contains($0) } == [])
        #expect(text.hasSuffix("\n"))
    }

    @Test(
        "the help of a command names every option that it takes",
        arguments: CommandSpecification.rows.map { Example($0.name, $0) })
    func command(_ row: Example<CommandSpecification>) {
        let command = row.given
        let text = HelpText.text(.command(command))
        let options = (command.options() + OptionSpecification.common).map { "--\($0.name)" }
        let choices = command.options().flatMap { $0.value?.choices ?? [] }
        #expect(options.filter { !text.contains($0) } == [])
        #expect(text.hasPrefix("Usage: planet-cred \(command.name)"))
        #expect(text.contains(command.operands.notation))
        #expect(choices.filter { !text.contains($0) } == [])
    }

    @Test("the help of one command names no other command's option")
    func otherOptions() {
        #expect(!HelpText.text(.command(.inspect)).contains("--min-ttl"))
        #expect(!HelpText.text(.command(.token)).contains("--json"))
    }

    private static let topics =
        [Example("everything", HelpTopic.overview)]
        + CommandSpecification.rows.map { Example($0.name, .command($0)) }
        + HelpPage.allCases.map { Example("the page \($0.rawValue)", .page($0)) }

    @Test("a help text is no wider than 80 columns, and ends with a line end", arguments: topics)
    func width(_ row: Example<HelpTopic>) {
        let text = HelpText.text(row.given)
        #expect(text.split(separator: "\n").filter { $0.count > 80 } == [])
        #expect(text.hasSuffix("\n") && !text.hasSuffix("\n\n"))
        #expect(!text.contains("\n\n\n"))
    }

    @Test("commands for programs stand apart from those for people")
    func audiences() throws {
        let text = HelpText.text(.overview)
        let border = try #require(text.firstRange(of: "Commands for programs"))
        let (before, after) = (text[..<border.lowerBound], text[border.upperBound...])
        #expect(before.contains("  status ") && !before.contains("  erase "))
        #expect(after.contains("  erase ") && !after.contains("  status "))
    }

    @Test(
        "every command has examples, and each of them is a command line that is understood",
        arguments: CommandSpecification.shown.map { Example($0.name, $0) })
    func examples(_ row: Example<CommandSpecification>) throws {
        let command = row.given
        #expect(!command.examples.isEmpty)
        for example in command.examples {
            #expect(HelpText.text(.command(command)).contains("  \(example)\n"))
            try SuggestedLine(example).check()
        }
    }

    @Test("the profile that the help shows can be used")
    func profile() throws {
        let example = HelpPage.exampleProfile
        #expect(HelpText.text(.page(.profile)).contains("\"client_id\": \"my-client-id\""))
        let object = try #require(try JSONValue(parsing: Array(example.utf8)).object)
        let profile = try Profile(parsing: object, name: .planetUser)
        #expect(profile.hosts.map(\.text) == ["data.example.com"])
    }

    @Test(
        "a completion script offers every command, option, format and shell",
        arguments: Shell.allCases)
    func completions(_ shell: Shell) {
        let script = Completions.script(shell)
        let words =
            CommandSpecification.shown.map(\.name) + OptionSpecification.rows.map(\.name)
            + TokenFormat.allCases.map(\.rawValue) + Shell.allCases.map(\.rawValue)
        #expect(words.filter { !script.contains($0) } == [])
        #expect(!script.contains("renew "))
        #expect(script.contains("planet-cred completions \(shell.rawValue)"))
    }
}
