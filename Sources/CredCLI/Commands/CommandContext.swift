import CredCore
import CredSession
import CredSystem

/// What `planet-cred version` prints, and servers see as our user agent.
let planetCredVersion = "0.1.0"

/// What every command works with.
struct CommandContext: Sendable {
    let invocation: Invocation
    let locations: Locations
    let world: World

    var selection: ProfileSelection {
        ProfileSelection(invocation.profile, locations)
    }

    /// The profile for a command that is not about one host, with a word about what is wrong
    /// with its file.
    func choose() throws(Failure) -> ProfileChoice {
        let choice = try selection.choose()
        if let warning = choice.warning { world.voice.notice(warning) }
        return choice
    }

    func profile(_ choice: ProfileChoice) -> ProfileContext {
        ProfileContext(choice, locations, world)
    }

    func session(_ choice: ProfileChoice) -> Session {
        Session(profile(choice))
    }
}

extension CommandContext {
    /// What this invocation works with in the world as it is.
    init(_ invocation: Invocation, notices: Notices) throws(Failure) {
        let say: @Sendable (String) -> Void = { text in
            StandardStreams.writeError("planet-cred: \(text.printable)\n")
        }
        let silence: @Sendable (String) -> Void = { _ in }
        let notice: @Sendable (String) -> Void =
            switch notices {
            case .shown: { (text: String) in say("warning: \(text)") }
            case .dropped: silence
            }
        let progress: @Sendable (String) -> Void =
            switch notices {
            case .shown: say
            case .dropped: { (text: String) in if StandardStreams.errorIsTerminal { say(text) } }
            }
        self.init(
            invocation: invocation,
            locations: Locations(
                home: try Self.home(invocation.profile.storage),
                environment: ProcessEnvironment.value),
            world: .live(
                version: planetCredVersion,
                voice: World.Voice(
                    trace: Trace.sink(
                        setting: ProcessEnvironment.value("PLANET_CRED_TRACE"),
                        isVerbose: invocation.isVerbose),
                    notice: notice, progress: progress)))
    }

    /// What never looks into the home folder works for a user who has none, as in many containers.
    private static func home(_ storage: ProfileRequest.Storage) throws(Failure) -> String {
        switch storage {
        case .saved: return try ProcessEnvironment.home()
        case .memoryOnly: return ProcessEnvironment.value("HOME") ?? "/nonexistent"
        }
    }
}

/// What happens to sentences for a person when everything goes well.
enum Notices {
    case shown
    /// git shows our standard error to its user, who asked nothing.
    case dropped
}
