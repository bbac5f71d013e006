import CredCore
import CredSession
package import CredSystem

/// The program: reads the command line, does what it says, and ends with the documented status.
package func runPlanetCred(_ arguments: ProgramArguments) -> Never {
    Platform.protectMemory()
    Platform.closeGapsInStandardStreams()
    let status: Int32
    do throws(Failure) {
        let invocation = try Invocation(
            parsing: arguments.strings, environment: ProcessEnvironment.value)
        status = try run(invocation, arguments)
    } catch {
        StandardStreams.writeError(error.text)
        status = error.kind.exitStatus
    }
    Platform.exit(status)
}

/// Answers the exit status.
private func run(_ invocation: Invocation, _ arguments: ProgramArguments) throws(Failure) -> Int32 {
    switch invocation.command {
    case .nothing: return 0
    case .capability: try StandardStreams.write(Secret(GitCommands.capability))
    case .completions(let shell): try StandardStreams.write(Secret(Completions.script(shell)))
    case .help(let topic): try StandardStreams.write(Secret(HelpText.text(topic)))
    case .version: try StandardStreams.write(Secret("planet-cred \(planetCredVersion)\n"))
    case .get(let attendance):
        let git = GitCommands(context: try CommandContext(invocation, notices: .dropped))
        if let answer = try git.get(attendance) { try StandardStreams.write(answer) }
    case .erase:
        try GitCommands(context: try CommandContext(invocation, notices: .dropped)).erase()
    case .token(let format, let need, let attendance):
        let context = try CommandContext(invocation, notices: .shown)
        try TokenCommand(
            context: context, format: format, need: need, attendance: attendance
        ).run()
    case .exec(let firstWord, let variables, let need, let attendance):
        let context = try CommandContext(invocation, notices: .shown)
        throw try ExecCommand(
            context: context, firstWord: firstWord, variables: variables, need: need,
            attendance: attendance
        ).run(arguments)
    case .login(let options):
        let context = try CommandContext(invocation, notices: .shown)
        try LoginCommand(context: context, options: options).run()
    case .status(let layout):
        let context = try CommandContext(invocation, notices: .dropped)
        try StatusCommand(context: context, layout: layout).run()
    case .logout(let scope):
        let context = try CommandContext(invocation, notices: .shown)
        return try LogoutCommand(context: context, scope: scope).run()
    case .inspect(let layout, let questions):
        let context = try CommandContext(invocation, notices: .shown)
        try InspectCommand(context: context, layout: layout, questions: questions).run()
    case .background:
        // We were started with the very words that choose the profile, and `background` after them.
        _ = BackgroundProcess.start(arguments.strings.dropFirst().dropLast() + ["renew"])
    case .browse(let url): return Browser.open(url) == .none ? 1 : 0
    case .renew:
        let context = try CommandContext(invocation, notices: .dropped)
        try context.session(try context.selection.choose()).renewAhead()
    }
    return 0
}

/// What happens to sentences for a person when everything goes well.
private enum Notices {
    case shown
    /// git shows our standard error to its user, who asked nothing.
    case dropped
}

extension CommandContext {
    fileprivate init(_ invocation: Invocation, notices: Notices) throws(Failure) {
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
