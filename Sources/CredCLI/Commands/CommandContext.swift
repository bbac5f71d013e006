import CredCore
import CredSession
import CredSystem

/// The version that `planet-cred version` prints and the user agent contains.
let planetCredVersion = "0.1.0"

/// The values that every command works with.
struct CommandContext: Sendable {
    let invocation: Invocation
    let locations: Locations
    let world: World

    var selection: ProfileSelection {
        ProfileSelection(invocation.profile, locations)
    }

    /// The profile of a command that is not about one host; warns of problems with its file.
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
    /// The context of this invocation with the real clock, engines and files.
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
                version: planetCredVersion, leftover: Self.leftover(of: invocation.command),
                voice: World.Voice(
                    trace: Trace.sink(
                        setting: ProcessEnvironment.value("PLANET_CRED_TRACE"),
                        isVerbose: invocation.isVerbose),
                    notice: notice, isHeard: notices == .shown, progress: progress)))
    }

    /// A command that ends as soon as it has a token does not wait for the end of curl.
    private static func leftover(of command: Command) -> Child.Leftover {
        switch command {
        case .token(_, _, .unattended), .get(.unattended): .orphaned
        case .token(_, _, .attended), .get(.attended), .exec, .login, .logout, .status, .inspect,
            .profileUse, .profileCheck, .doctor,
            .erase, .store, .renew, .background, .browse, .capability, .completions, .help,
            .version,
            .nothing:
            .reaped
        }
    }

    /// The home directory; `nil` for users without one, as in many containers.
    private static func home(_ storage: ProfileRequest.Storage) throws(Failure) -> String? {
        switch storage {
        case .saved: return try ProcessEnvironment.home()
        case .memoryOnly:
            return ProcessEnvironment.value("HOME").flatMap { $0.isAbsolutePath ? $0 : nil }
        }
    }
}

/// Whether messages are shown when everything goes well.
enum Notices {
    case shown
    /// Not shown: git passes our standard error to its user, who did not ask for it.
    case dropped
}
