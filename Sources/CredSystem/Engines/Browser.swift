package import CredCore

/// The person's own browser. RFC 8252 §8.12: never a view of ours, which could read the password.
package enum Browser {
    package enum Outcome: Hashable, Sendable {
        /// This program; whether it showed anything is for the person to see.
        case started(String)
        case none
    }

    /// Whether there is one to try: `BROWSER` names it, or there is a screen to show it.
    package static var isExpected: Bool { !commands.isEmpty }

    /// Starts the first browser that can be started, detached; it is not waited for.
    package static func open(_ url: WebURL) -> Outcome {
        for command in commands {
            let outcome = Spawn.detached(
                command.program, [command.program] + command.arguments(for: url.description),
                environment: ProcessEnvironment.entriesWithoutSecrets)
            if case .started = outcome { return .started(command.program) }
        }
        return .none
    }

    private struct Command {
        let program: String
        /// `%s` stands for the URL.
        var arguments: [String] = []

        /// The URL is one argument, or a part of one, whatever it holds: no shell reads it.
        func arguments(for url: String) -> [String] {
            let filled = arguments.map { argument in
                var rest = argument[...]
                var filled = ""
                while let mark = rest.firstRange(ofBytes: "%s") {
                    filled += rest[..<mark.lowerBound] + url
                    rest = rest[mark.upperBound...]
                }
                return filled + rest
            }
            return filled == arguments ? arguments + [url] : filled
        }
    }

    /// `BROWSER` is a list of commands with colons between them, as other programs read it too.
    private static var commands: [Command] {
        if let list = ProcessEnvironment.value("BROWSER") {
            return list.split(separator: ":").compactMap { text in
                let words = text.split(separator: " ").map(String.init)
                return words.first.map { Command(program: $0, arguments: Array(words.dropFirst())) }
            }
        }
        return programs.filter { $0.needs.contains { ProcessEnvironment.value($0) != nil } }
            .map { Command(program: $0.name) }
    }

    private static let screen = ["DISPLAY", "WAYLAND_DISPLAY"]

    /// Programs that know the person's browser, in the order in which they are tried, each with the
    /// variables of which one must be set.
    private static let programs: [(name: String, needs: [String])] = [
        ("xdg-open", screen), ("wslview", ["WSL_DISTRO_NAME"]), ("open", screen),
        ("x-www-browser", screen), ("sensible-browser", screen),
    ]
}
