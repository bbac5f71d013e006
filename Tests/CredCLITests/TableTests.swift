import CredCLI
import Testing

import struct TestSupport.Example

@Suite("Tables of commands and options") struct TableTests {
    private static let options = OptionSpecification.rows.map { Example($0.name, $0) }
    private static let commands = CommandSpecification.rows.map { Example($0.name, $0) }

    @Test("no two options share a letter")
    func letters() {
        let letters = OptionSpecification.rows.compactMap(\.letter)
        #expect(Set(letters).count == letters.count)
    }

    @Test("no two options share a name, nor two commands")
    func names() {
        let options = OptionSpecification.rows.map(\.name)
        #expect(Set(options).count == options.count)
        let commands = CommandSpecification.rows.map(\.name)
        #expect(Set(commands).count == commands.count)
    }

    @Test("every option of a command is known, and none is of every command as well")
    func own() {
        #expect(Self.ownOptions.isSubset(of: Set(OptionSpecification.rows.map(\.name))))
        #expect(Self.ownOptions.isDisjoint(with: Set(OptionSpecification.common.map(\.name))))
    }

    @Test("every option is of some command")
    func used() {
        let used = Self.ownOptions.union(OptionSpecification.common.map(\.name))
        #expect(used == Set(OptionSpecification.rows.map(\.name)))
    }

    @Test("an option's name is lower case, and its summary a clause", arguments: options)
    func option(_ row: Example<OptionSpecification>) {
        let option = row.given
        #expect(isName(option.name))
        #expect(isClause(option.summary))
        #expect(option.letter?.isLowercase != false)
        #expect(option.letter?.isASCII != false)
    }

    @Test("an option's value has a name in capitals, and its choices are words", arguments: options)
    func value(_ row: Example<OptionSpecification>) {
        guard let value = row.given.value else {
            #expect(!row.given.isRepeatable, "a switch that is given twice says nothing new")
            return
        }
        #expect(!value.name.isEmpty)
        #expect(value.name == value.name.uppercased())
        #expect(value.choices.filter { !isName($0) } == [])
        #expect(Set(value.choices).count == value.choices.count)
    }

    @Test("a command's name is lower case, its summary a clause", arguments: commands)
    func command(_ row: Example<CommandSpecification>) {
        let command = row.given
        let words = command.name.split(separator: " ", omittingEmptySubsequences: false)
        #expect(words.allSatisfy { isName(String($0)) })
        #expect(words.count == 1 || words.count == 2)
        #expect(words.count == 1 || CommandSpecification.groups.contains(String(words[0])))
        #expect(isClause(command.summary))
        let options = command.options().map(\.name)
        #expect(Set(options).count == options.count)
        #expect(command.details.isEmpty || command.details.first?.isLetter == true)
        #expect(command.reasonToSave.map(isClause) != false)
    }

    @Test("a command's operand has a name, and its choices are words", arguments: commands)
    func operands(_ row: Example<CommandSpecification>) {
        switch row.given.operands {
        case .none, .program: break
        case .optional(let value), .required(let value):
            #expect(!value.name.isEmpty)
            let words = value.choices.flatMap { $0.split(separator: " ") }
            #expect(words.filter { !isName(String($0)) } == [])
        }
    }

    @Test("what detached processes do is shown to nobody")
    func shown() {
        let shown = Set(CommandSpecification.shown.map(\.name))
        let hidden = Set(CommandSpecification.rows.map(\.name)).subtracting(shown)
        #expect(hidden == ["renew", "background", "browse"])
    }

    /// The names of those that some commands take, and not every command.
    private static let ownOptions = Set(
        CommandSpecification.rows.flatMap { $0.options() }.map(\.name))

    /// Lower-case ASCII letters and dashes.
    private func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 == 0x2D || (0x61...0x7A) ~= $0 }
    }

    /// No capital at its start, no full stop at its end, and no line end within.
    private func isClause(_ text: String) -> Bool {
        text.first?.isLowercase == true && text.last != "." && !text.contains("\n")
    }
}
