import CredCore
import CredSession
import CredSystem

/// Logs a person in and reports the result.
struct LoginCommand: Sendable {
    let context: CommandContext
    let options: LoginOptions

    /// Logs in to the profile that the command line selects.
    func run() throws(Failure) {
        switch options.layout {
        case .words: try run(try context.choose())
        case .json:
            Platform.ignoreBrokenPipes()
            let report = LoginObjects()
            let result = Result { () throws(Failure) in
                try login(try context.choose(), context.world, .program) { report.tell($0) }
            }
            report.tell(result)
            _ = try result.get()
        }
    }

    /// Logs in to this profile and reports the result in words.
    func run(_ choice: ProfileChoice) throws(Failure) {
        let report = LoginReport(
            profile: choice.profile.name, qrCode: options.qrCode, locations: context.locations)
        let voice = LoginVoice.current(options)
        var world = context.world
        // A warning starts on its own line, not after the countdown.
        world.voice.notice = { text in
            voice.endLine()
            context.world.voice.notice(text)
        }
        let result = Result { () throws(Failure) in
            try login(choice, world, voice.audience) { report.tell($0, voice) }
        }
        voice.endLine()
        voice.conclude(report.text(try result.get()))
    }

    private func login(
        _ choice: ProfileChoice, _ world: World, _ audience: LoginRequest.Audience,
        tell: @escaping @Sendable (LoginEvent) -> Void
    ) throws(Failure) -> LoggedIn {
        let request = LoginRequest(
            flow: options.flow, browser: options.browser, key: options.key, audience: audience,
            timeout: options.timeout)
        let profile = ProfileContext(choice, context.locations, world)
        return try context.explaining(choice) { () throws(Failure) in
            try Login(profile, request, tell: tell).run()
        }
    }
}

extension CommandContext {
    /// A credential, after a login if one is needed and a person can do it.
    func credential(
        _ choice: ProfileChoice, _ requirement: TokenRequirement, _ loginPolicy: LoginPolicy
    )
        throws(Failure) -> Credential?
    {
        let session = session(choice)
        let outcome = try explaining(choice) { () throws(Failure) in
            try session.outcome(requirement)
        }
        switch outcome {
        case .credential(let credential): return credential
        case .needsLogin(let failure):
            // A login could not repair a configured key or a client's own credentials.
            guard choice.profile.takesLogin, loginPolicy == .attended,
                invocation.profile.storage == .saved, Terminal.isThere
            else { throw failure }
            // Waits for another process that logs in, and uses its result.
            try LoginCommand(context: self, options: .whileOthersWait).run(choice)
            // The new credential is not the rejected one.
            return try session.credential(TokenRequirement(minimumLife: requirement.minimumLife))
        }
    }
}

extension CommandContext {
    /// Runs an operation that may send a request. If it fails, first warns of members of the
    /// profile that are misspelt or in the wrong place: they may be the cause, and the server
    /// cannot know.
    func explaining<Result>(_ choice: ProfileChoice, _ body: () throws(Failure) -> Result)
        throws(Failure) -> Result
    {
        do throws(Failure) {
            return try body()
        } catch {
            if error.kind != .tryAgain {
                for mistake in ProfileReview(choice, locations).mistakes {
                    StandardStreams.writeError("planet-cred: warning: \(mistake.printable)\n")
                }
            }
            throw error
        }
    }
}
