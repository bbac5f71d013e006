package import CredCore
import CredSession
package import CredSystem

/// What `planet-cred version` prints, and servers see as our user agent.
let planetCredVersion = "0.1.0"

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

extension Failure {
    /// One line for each part that there is.
    package var text: String {
        var text = "planet-cred: error: \(what)\n"
        if let because { text += "planet-cred: because: \(because)\n" }
        if let remedy { text += "planet-cred: try: \(remedy)\n" }
        return text
    }
}
