import CredCore

/// Completion scripts, generated from the tables of commands and options.
///
/// Each parses the words before the cursor as planet-cred does: an option with a value takes the
/// next word, `--` ends the options, and the first operand is the command. None offers what would
/// be refused.
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

    /// What a group is, where a command has its summary.
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

    /// The profiles that have no directory before somebody logs in.
    static var builtInProfiles: [String] {
        [ProfileName.planetUser, .legacy].map { $0.description }
    }

    /// The options that are refused beside each option.
    static let exclusions: [(option: OptionSpecification, refused: [OptionSpecification])] = [
        (.all, [.profile, .profileFile, .host]), (.profile, [.all]), (.profileFile, [.all]),
        (.host, [.all]), (.open, [.noOpen]), (.noOpen, [.open]),
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

    /// The options that this command takes and others do not refuse for all.
    var offeredOptions: [OptionSpecification] {
        let refused = refusedOptions
        return (options() + OptionSpecification.common).filter { !refused.contains($0) }
    }
}
