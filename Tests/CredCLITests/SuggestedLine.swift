import CredCLI
import CredCore

/// A command line that a message or the help suggests, as a shell reads it.
///
/// Knows quotes, `;`, `&&`, `|`, `<(`, redirections and comments, which is all that is suggested.
struct SuggestedLine {
    /// The words of each simple command.
    private(set) var commands: [[String]] = []
    private let text: String

    private struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    /// Programs other than ours that may be suggested, and what starts other simple commands.
    private static let otherPrograms: Set<String> = [
        "${EDITOR:-vi}", "cat", "chmod", "curl", "df", "export", "git", "ls", "man", "mkdir", "mv",
        "pass", "planet", "echo", "rm", "sleep", "sops", "source", "unset", "apt", "ss", "setpriv",
    ]

    init(_ text: String) {
        self.text = text
        commands = Self.split(text)
    }

    /// Fails if planet-cred would not understand one of the commands, or if a program is unknown.
    func check() throws {
        guard !commands.isEmpty else { throw Problem(description: "'\(text)' is empty") }
        for words in commands { try check(words) }
    }

    private func check(_ words: [String]) throws {
        switch words.first {
        case "env": try check(Array(words.drop { $0 != "planet-cred" }))
        case "srun": try check(Array(words.drop { $0 != "planet-cred" }))
        case "planet-cred":
            do throws(Failure) {
                _ = try Invocation(parsing: words) { _ in nil }
            } catch {
                throw Problem(description: "'\(text)' is not understood: \(error)")
            }
        case let program?:
            guard Self.otherPrograms.contains(program) else {
                throw Problem(description: "'\(program)' in '\(text)' is no program that we know")
            }
        case nil: throw Problem(description: "'\(text)' has an empty command")
        }
    }

    private static func split(_ text: String) -> [[String]] {
        var commands: [[String]] = [[]]
        var word: String?
        var quote: Character?
        var isRedirected = false
        func end() {
            if let done = word, !isRedirected { commands[commands.count - 1].append(done) }
            if word != nil { isRedirected = false }
            word = nil
        }
        for character in text {
            if let open = quote {
                if character == open { quote = nil } else { word?.append(character) }
                continue
            }
            switch character {
            case "'", "\"":
                quote = character
                word = word ?? ""
            case " ": end()
            case "#" where word == nil: return commands.filter { !$0.isEmpty }
            case ";", "|", "&", "(", ")":
                end()
                isRedirected = false
                commands.append([])
            case ">", "<":
                end()
                isRedirected = true
            default: word = (word ?? "") + String(character)
            }
        }
        end()
        return commands.filter { !$0.isEmpty }
    }
}
