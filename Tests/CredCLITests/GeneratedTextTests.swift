import CredCLI
import Testing

import struct TestSupport.Example

@Suite("Help and completions") struct GeneratedTextTests {
    @Test("the overview names every command and every common option, with what they do")
    func overview() {
        let text = HelpText.text(nil)
        let summaries =
            CommandSpecification.shown.map { "\($0.name) " }
            + CommandSpecification.shown.map(\.summary)
            + OptionSpecification.common.map { "--\($0.name)" }
            + OptionSpecification.common.map(\.summary)
        #expect(summaries.filter { !text.contains($0) } == [])
        #expect(text.hasSuffix("\n"))
    }

    @Test(
        "the help of a command names every option that it takes",
        arguments: CommandSpecification.rows.map { Example($0.name, $0) })
    func command(_ row: Example<CommandSpecification>) {
        let command = row.given
        let text = HelpText.text(command)
        let options = (command.options() + OptionSpecification.common).map { "--\($0.name)" }
        let choices = command.options().flatMap { $0.value?.choices ?? [] }
        #expect(options.filter { !text.contains($0) } == [])
        #expect(text.hasPrefix("Usage: planet-cred \(command.name)"))
        #expect(text.contains(command.operands.notation))
        #expect(choices.filter { !text.contains($0) } == [])
    }

    @Test("the help of one command names no other command's option")
    func otherOptions() {
        #expect(!HelpText.text(.status).contains("--min-ttl"))
        #expect(!HelpText.text(.token).contains("--json"))
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
