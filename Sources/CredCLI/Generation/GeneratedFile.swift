/// A file of the repository that is made, as a whole or in parts, from the tables of commands and
/// options.
package enum GeneratedFile: Hashable, Sendable, CaseIterable {
    case manual, bash, zsh, fish

    /// Relative to the top of the repository.
    package var path: String {
        switch self {
        case .manual: "man/planet-cred.1"
        case .bash: "completions/planet-cred.bash"
        case .zsh: "completions/_planet-cred"
        case .fish: "completions/planet-cred.fish"
        }
    }

    /// What the file must be, given what it is: the parts that a person wrote stay.
    package func content(keeping current: String) -> String {
        switch self {
        case .manual: Self.manual(current)
        case .bash: Completions.script(.bash)
        case .zsh: Completions.script(.zsh)
        case .fish: Completions.script(.fish)
        }
    }

    /// Each list stands between two comments that name it. Where they are missing it is added at
    /// the end, so that nobody loses a list without noticing.
    private static func manual(_ current: String) -> String {
        var lines = current.split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
        for list in ManualOptions.allCases {
            let (opening, closing) = (
                ".\\\" \(list.rawValue): made by .ci/generate", ".\\\" end of \(list.rawValue)"
            )
            let made = [opening] + list.text.split(separator: "\n").map(String.init) + [closing]
            if let start = lines.firstIndex(of: opening),
                let end = lines[start...].firstIndex(of: closing)
            {
                lines.replaceSubrange(start...end, with: made)
            } else {
                lines.insert(contentsOf: made, at: max(lines.count - 1, 0))
            }
        }
        return lines.joined(separator: "\n")
    }
}
