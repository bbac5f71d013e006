import CredCore
import CredSession
import CredSystem

/// `profile use NAME`: makes a profile the user's default.
struct ProfileUseCommand: Sendable {
    let context: CommandContext

    func run() throws(Failure) {
        // A profile that cannot be used is not made the default.
        let choice = try context.selection.choose()
        let name = choice.profile.name
        let locations = context.locations
        let change = try DefaultProfile(locations).use(name, random: context.world.clock.random)
        var parts: [String] = []
        if let change {
            parts.append("profile '\(name)' is now the default in ~/.planet.json")
            if let replaced = change.replaced { parts.append("it replaces '\(replaced)'") }
            if !change.hides.isEmpty {
                let hidden = change.hides.map { $0.description }.joined(separator: " and ")
                parts.append("\(hidden) stays, but is no longer used")
            }
        } else {
            parts.append("profile '\(name)' is already the default in ~/.planet.json")
        }
        StandardStreams.writeError("planet-cred: \(parts.joined(separator: "; ").printable)\n")
        let stronger = context.selection.hidden(by: choice).filter { $0.precedesSettings }
        guard let first = stronger.first else { return }
        context.world.voice.notice(
            "\(first.description) in the environment takes precedence over it")
    }
}

/// `profile check`: says what is wrong with a profile. Sends no request.
struct ProfileCheckCommand: Sendable {
    let context: CommandContext
    let layout: ReportLayout

    /// Returns the exit status.
    func run() throws(Failure) -> Int32 {
        let choice = try context.selection.choose()
        let problems = ProfileCheck(context.profile(choice)).problems
        try StandardStreams.write(
            Secret(
                layout.text(
                    rows: rows(choice, problems), object: object(choice, problems),
                    on: ReportPage.current)))
        return problems.isEmpty ? 0 : Failure.Kind.profile.exitStatus
    }

    private func rows(_ choice: ProfileChoice, _ problems: [String]) -> [ReportRow] {
        var rows = [
            ReportRow("profile", choice.profile.name.description),
            ReportRow("chosen by", choice.source.description),
        ]
        if let path = choice.path { rows.append(ReportRow("configured in", path)) }
        let hosts = choice.profile.hosts.map { $0.text }.joined(separator: ", ")
        rows.append(ReportRow("hosts", hosts.isEmpty ? "none" : hosts))
        return rows
            + (problems.isEmpty
                ? [ReportRow("problems", "none")]
                : problems.map { ReportRow("problem", $0, .wrong) })
    }

    private func object(_ choice: ProfileChoice, _ problems: [String]) -> JSONObject {
        var object: JSONObject = [
            "profile": .string(choice.profile.name.description),
            "chosen_by": .string(choice.source.description),
        ]
        object["path"] = choice.path.map(JSONValue.string)
        object["hosts"] = .array(choice.profile.hosts.map { .string($0.text) })
        object["problems"] = .array(problems.map(JSONValue.string))
        return object
    }
}

extension ProfileSource {
    /// Whether it is a variable, which comes before `~/.planet.json`.
    fileprivate var precedesSettings: Bool {
        switch self {
        case .environmentFile, .environmentProfile, .environmentClient, .environmentKey: true
        case .option, .file, .standardInput, .settingsProfile, .settingsClient, .settingsKey, .host,
            .builtIn:
            false
        }
    }
}
