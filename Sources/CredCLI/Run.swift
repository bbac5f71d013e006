import CredCore
import CredSession
package import CredSystem

/// Runs the program: parses the command line, runs the command, and exits with the documented
/// status.
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

/// Runs the command and returns the exit status.
private func run(_ invocation: Invocation, _ arguments: ProgramArguments) throws(Failure) -> Int32 {
    func context(_ notices: Notices) throws(Failure) -> CommandContext {
        try CommandContext(invocation, notices: notices)
    }
    switch invocation.command {
    case .token(let format, let requirement, let loginPolicy):
        try TokenCommand(
            context: context(.shown), format: format, requirement: requirement,
            loginPolicy: loginPolicy
        ).run()
    case .exec(let firstWord, let variables, let requirement, let loginPolicy):
        throw try ExecCommand(
            context: context(.shown), firstWord: firstWord, variables: variables,
            requirement: requirement,
            loginPolicy: loginPolicy
        ).run(arguments)
    case .login(let options):
        try LoginCommand(context: context(.shown), options: options).run()
    case .logout(let scope):
        return try LogoutCommand(context: context(.shown), scope: scope).run()
    case .status(let subject, let layout):
        try StatusCommand(context: context(.dropped), subject: subject, layout: layout).run()
    case .inspect(let layout, let questions):
        try InspectCommand(context: context(.shown), layout: layout, questions: questions).run()
    case .profileUse: try ProfileUseCommand(context: context(.shown)).run()
    case .profileCheck(let layout):
        return try ProfileCheckCommand(context: context(.shown), layout: layout).run()
    case .doctor(let layout, let timeout):
        try DoctorCommand(context: context(.shown), layout: layout, timeout: timeout).run()
    case .get(let loginPolicy):
        let answer = try GitCommands(context: context(.dropped)).get(loginPolicy)
        if let answer { try StandardStreams.write(answer) }
    case .store: try GitCommands(context: context(.dropped)).store()
    case .erase: try GitCommands(context: context(.dropped)).erase()
    case .capability: try StandardStreams.write(Secret(GitCommands.capability))
    case .completions(let shell): try StandardStreams.write(Secret(Completions.script(shell)))
    case .help(let topic): try StandardStreams.write(Secret(HelpText.text(topic)))
    case .version: try StandardStreams.write(Secret("planet-cred \(planetCredVersion)\n"))
    case .nothing: return 0
    case .renew:
        let context = try context(.dropped)
        try context.session(try context.selection.choose()).renewAhead()
    case .background:
        // The arguments of this process select the profile and are followed by `background`.
        let words = arguments.strings.dropFirst().dropLast()
        _ = BackgroundProcess.start(words + [CommandSpecification.renew.name])
    case .browse(let url): return Browser.open(url) == .none ? 1 : 0
    }
    return 0
}
