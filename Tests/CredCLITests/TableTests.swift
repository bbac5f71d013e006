import CredCLI
import Testing

@Suite("Tables of commands and options") struct TableTests {
    @Test("no two options share a letter")
    func letters() {
        let letters = OptionName.allCases.compactMap(\.letter)
        #expect(Set(letters).count == letters.count)
    }

    @Test("every option of a command is known, and none is of every command as well")
    func options() {
        let own = CommandName.allCases.flatMap { CommandSpecification.of($0).options }
        #expect(Set(own).isSubset(of: Set(OptionName.allCases)))
        #expect(Set(own).isDisjoint(with: Set(OptionName.common)))
    }

    @Test("every option is of some command")
    func used() {
        let own = CommandName.allCases.flatMap { CommandSpecification.of($0).options }
        #expect(Set(own + OptionName.common) == Set(OptionName.allCases))
    }

    @Test(
        "an option's name is lower case, and its summary a clause",
        arguments: OptionName.allCases)
    func option(_ option: OptionName) {
        #expect(option.rawValue.utf8.allSatisfy { $0 == 0x2D || (0x61...0x7A) ~= $0 })
        #expect(isClause(option.summary))
        #expect(option.value == option.value?.uppercased())
        #expect(option.choices.isEmpty || option.value != nil)
    }

    @Test(
        "a command's summary is a clause, and its row is its own", arguments: CommandName.allCases)
    func command(_ name: CommandName) {
        let specification = CommandSpecification.of(name)
        #expect(specification.name == name)
        #expect(isClause(specification.summary))
        #expect(Set(specification.options).count == specification.options.count)
    }

    @Test("what detached processes do is shown to nobody")
    func shown() {
        let shown = Set(CommandSpecification.shown.map(\.name))
        #expect(Set(CommandName.allCases).subtracting(shown) == [.renew, .background, .browse])
    }

    /// No capital at its start, no full stop at its end, and no line end within.
    private func isClause(_ text: String) -> Bool {
        text.first?.isLowercase == true && text.last != "." && !text.contains("\n")
    }
}
