import CredCore

/// Completion scripts, generated from the tables of commands and options.
///
/// Each parses the words before the cursor as planet-cred does: an option with a value takes the
/// next word, `--` ends the options, and the first operand is the command. None offers a word that
/// planet-cred would refuse.
package enum Completions {
    package static func script(_ shell: Shell) -> String {
        switch shell {
        case .bash: bash
        case .zsh: zsh
        case .fish: fish
        }
    }

    static var commandNames: [String] {
        CommandSpecification.shown.map { $0.name }.filter { !$0.contains(" ") }
            + CommandSpecification.groups
    }

    /// The second words of the commands that start with this one.
    static func secondWords(_ group: String) -> [(word: String, summary: String)] {
        CommandSpecification.group(group).filter { $0.isShown }
            .map { (String($0.name.dropFirst(group.count + 1)), $0.summary) }
    }

    /// The summary of a group of commands, which is shown beside those of single commands.
    static func summary(_ group: String) -> String {
        "commands about a \(group): \(secondWords(group).map { $0.word }.joined(separator: ", "))"
    }

    /// The options that only some commands take.
    static var ownOptions: [OptionSpecification] {
        OptionSpecification.rows.filter { !$0.isCommon }
    }

    static var optionsWithValue: [String] {
        OptionSpecification.rows.filter { $0.value != nil }.map { "--\($0.name)" }
    }

    /// The name of the command whose operands are another command line.
    static var exec: String { CommandSpecification.exec.name }

    /// The built-in profiles, which have no directory before the first login.
    static var builtInProfiles: [String] {
        [ProfileName.planetUser, .legacy].map { $0.description }
    }

    /// For each option, those that cannot be used together with it.
    static let exclusions: [(option: OptionSpecification, refused: [OptionSpecification])] = [
        (.all, [.profile, .profileFile, .host]), (.profile, [.all]), (.profileFile, [.all]),
        (.host, [.all]), (.open, [.noOpen]), (.noOpen, [.open]), (.rejected, [.hook]),
        (.hook, [.rejected]),
    ]

    static func refused(beside option: OptionSpecification) -> [OptionSpecification] {
        exclusions.first { $0.option == option }?.refused ?? []
    }
}

extension CommandSpecification {
    /// The options that this command refuses.
    var refusedOptions: [OptionSpecification] {
        OptionSpecification.rows.filter { option in
            !takes(option) || (option == .noSave && reasonToSave != nil)
        }
    }

    /// The options to offer for this command: its own and the common ones, without those that it
    /// refuses.
    var offeredOptions: [OptionSpecification] {
        let refused = refusedOptions
        return (options() + OptionSpecification.common).filter { !refused.contains($0) }
    }
}
