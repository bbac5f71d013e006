import CredCLI
import Testing

@Suite("Help and completions") struct GeneratedTextTests {
    @Test("the overview names every command and every common option, with what they do")
    func overview() {
        let text = HelpText.text(nil)
        let summaries =
            CommandSpecification.shown.map { "\($0.name.rawValue) " }
            + CommandSpecification.shown.map(\.summary)
            + OptionName.common.map { "--\($0.rawValue)" }
            + OptionName.common.map(\.summary)
        #expect(summaries.filter { !text.contains($0) } == [])
        #expect(text.hasSuffix("\n"))
    }

    @Test("the help of a command names every option that it takes", arguments: CommandName.allCases)
    func command(_ name: CommandName) {
        let text = HelpText.text(name)
        let specification = CommandSpecification.of(name)
        let options = (specification.options + OptionName.common).map { "--\($0.rawValue)" }
        #expect(options.filter { !text.contains($0) } == [])
        #expect(text.hasPrefix("Usage: planet-cred \(name.rawValue)"))
        #expect(text.contains(specification.operands))
        #expect(specification.options.flatMap(\.choices).filter { !text.contains($0) } == [])
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
            CommandSpecification.shown.map(\.name.rawValue) + OptionName.allCases.map(\.rawValue)
            + TokenFormat.allCases.map(\.rawValue) + Shell.allCases.map(\.rawValue)
        #expect(words.filter { !script.contains($0) } == [])
        #expect(!script.contains("renew "))
        #expect(script.contains("planet-cred completions \(shell.rawValue)"))
    }
}
