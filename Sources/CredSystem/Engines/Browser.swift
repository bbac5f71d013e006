package import CredCore

/// The user's own browser, never an embedded view, which could read the password. RFC 8252 §8.12.
package enum Browser {
    package enum Outcome: Hashable, Sendable {
        /// The program that was started; whether it shows the page is not known.
        case started(String)
        case none
    }

    /// Whether there is a browser to try: `BROWSER` names one, or there is a graphical session.
    package static var isExpected: Bool { !commands.isEmpty }

    /// Starts the first browser that can be started, detached, and does not wait for it.
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

        /// The arguments with the URL inserted. No shell reads them, so the URL stays in one
        /// argument whatever it contains.
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

    /// The commands in `BROWSER`, separated by colons as in other programs, or else the known
    /// programs.
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

    /// Programs that open the user's browser, in the order in which they are tried; one of the
    /// variables in `needs` must be set.
    private static let programs: [(name: String, needs: [String])] = [
        ("xdg-open", screen), ("wslview", ["WSL_DISTRO_NAME"]), ("open", screen),
        ("x-www-browser", screen), ("sensible-browser", screen),
    ]
}
