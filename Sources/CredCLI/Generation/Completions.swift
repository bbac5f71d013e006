/// Completion scripts, generated from the tables of commands and options.
///
/// Each parses the words before the cursor as planet-cred does: an option with a value takes the
/// next word, `--` ends the options, and the first operand is the command.
package enum Completions {
    package static func script(_ shell: Shell) -> String {
        switch shell {
        case .bash: bash
        case .zsh: zsh
        case .fish: fish
        }
    }

    static var commandNames: [String] { CommandSpecification.shown.map { $0.name } }

    /// The options that only some commands take.
    static var ownOptions: [OptionSpecification] {
        OptionSpecification.rows.filter { !$0.isCommon }
    }

    static var optionsWithValue: [String] {
        OptionSpecification.rows.filter { $0.value != nil }.map { "--\($0.name)" }
    }

    /// The name of the command whose operands are another command line.
    static var exec: String { CommandSpecification.exec.name }
}
