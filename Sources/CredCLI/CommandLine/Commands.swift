import CredCore

/// The row of a command in the table that parser, help, manual and completions read.
///
/// Rarely needed values are functions, so that the table is constant data and finding a command
/// builds nothing.
package struct CommandSpecification: Sendable {
    /// The name as typed.
    package let name: String
    /// The operands after the name and the options.
    package var operands: Operands = .none
    /// The description in one clause, without a capital and a full stop.
    package let summary: String
    /// More details for help and manual.
    package var details = ""
    /// The options in addition to the common ones.
    package var options: @Sendable () -> [OptionSpecification] = { [] }
    package var audience = Audience.people
    /// Whether it uses a profile, however that is named.
    package var usesProfile = false
    /// Why it cannot be used with `--no-save`; `nil` if it can.
    package var reasonToSave: String?
    /// Makes the command from the command line. Fails with kind `.usage`.
    let command: @Sendable (CommandWords) throws(Failure) -> Command

    /// Who calls a command.
    package enum Audience: Hashable, Sendable {
        case people
        /// git, and whatever else asks a credential helper.
        case programs
        /// planet-cred itself, for a detached process.
        case itself
    }

    /// Whether help and completions mention it.
    package var isShown: Bool { audience != .itself }

    /// The operands that a command accepts.
    package enum Operands: Sendable {
        case none
        case optional(ValueSpecification)
        case required(ValueSpecification)
        /// The command line of another program, whose first word ends the options.
        case program
    }

    /// The table, in the order of the help. A row that is missing here does not exist for anything.
    package static let rows: [CommandSpecification] = [
        token, header, exec, login, logout, status, inspect, profileUse, profileCheck, doctor,
        get, store, erase, capability, completions, help, version,
        renew, background, browse,
    ]

    /// The commands that help and completions mention.
    package static var shown: [CommandSpecification] { rows.filter { $0.isShown } }

    /// The row with this name, if it exists.
    static func named(_ name: String) -> CommandSpecification? {
        rows.first { $0.name == name }
    }

    /// The commands whose names are this word and a second one.
    static func group(_ word: String) -> [CommandSpecification] {
        rows.filter { $0.name.utf8.starts(with: "\(word) ".utf8) }
    }

    /// The topics of `help` that have one word: commands, and pages about anything else.
    static var topics: [String] {
        shown.map { $0.name }.filter { !$0.contains(" ") }
            + HelpPage.allCases.map { $0.rawValue }
    }

    /// The first words of the commands whose names have two.
    package static let groups = ["profile"]

    func takes(_ option: OptionSpecification) -> Bool {
        option.isCommon || options().contains(option)
    }

}

extension CommandSpecification.Operands {
    /// The operands in the notation of the manual.
    package var notation: String {
        switch self {
        case .none: ""
        case .optional(let value): "[\(value.name)]"
        case .required(let value): value.name
        case .program: "-- COMMAND [ARG ...]"
        }
    }

    /// The operand, if a shell can complete it.
    var value: ValueSpecification? {
        switch self {
        case .none, .program: nil
        case .optional(let value), .required(let value): value
        }
    }

    var isProfile: Bool {
        if case .profile? = value { true } else { false }
    }
}

extension CommandSpecification {
    // For people and jobs.

    package static let token = CommandSpecification(
        name: "token", summary: "print a valid access token, or the API key",
        details: """
            Prints the cached token while it is valid, and otherwise requests a new one.
            However many processes run, only one of them asks the server.
            """,
        options: { [.format, .minimumLife, .rejected, .hook, .login] }, usesProfile: true,
        command: { words throws(Failure) in
            .token(try words.format, try words.requirement, words.loginPolicy)
        })

    package static let header = CommandSpecification(
        name: "header", summary: "print an Authorization header, as token --format header does",
        details: "For curl: planet-cred header | curl -H @- URL",
        options: { [.minimumLife, .rejected, .hook, .login] }, usesProfile: true,
        command: { words throws(Failure) in
            .token(.header, try words.requirement, words.loginPolicy)
        })

    package static let exec = CommandSpecification(
        name: "exec", operands: .program,
        summary: "run a command with the credential in its environment",
        details: """
            Replaces itself with the command, so that exit status, signals and terminal are
            the command's own. Sets PLANET_CRED_TOKEN, PLANET_CRED_AUTHORIZATION and
            PLANET_CRED_EXPIRES_AT (seconds since 1970), PL_AUTH_PROFILE and, for an API key,
            PL_API_KEY.
            """,
        options: { [.environment, .minimumLife, .login] }, usesProfile: true,
        command: { words throws(Failure) in
            .exec(
                firstWord: try words.firstWordToRun, try words.variables, try words.requirement,
                words.loginPolicy)
        })

    package static let login = CommandSpecification(
        name: "login", operands: .optional(.profile("PROFILE")),
        summary: "log in with a browser, device code, password or API key, as the profile says",
        details: """
            Questions are asked on the terminal. With --json, everything that the user needs
            to know is printed on standard output, one JSON object per line, and no browser
            is opened.
            """,
        options: { [.device, .open, .noOpen, .qrCode, .keyFile, .timeLimit, .json] },
        usesProfile: true, reasonToSave: "a login is useless unless it is saved",
        command: { words throws(Failure) in .login(try words.loginOptions) })

    package static let logout = CommandSpecification(
        name: "logout", operands: .optional(.profile("PROFILE")),
        summary: "revoke the tokens at the server and delete them here",
        details: """
            The local copies are deleted in any case; the configuration stays. If the tokens
            cannot be revoked, a message says so and the exit status is 69.
            """,
        options: { [.all] }, usesProfile: true,
        reasonToSave: "it deletes tokens in the home directory, which is neither read nor written",
        command: { words throws(Failure) in .logout(try words.logoutScope) })

    package static let status = CommandSpecification(
        name: "status", operands: .optional(.profile("PROFILE")),
        summary: "show which profile is used, why, whose it is, and how long its token is valid",
        details: """
            Does not contact a server. Times are local on a terminal, and UTC otherwise.
            """,
        options: { [.all, .host, .json] }, usesProfile: true,
        command: { words throws(Failure) in .status(try words.statusSubject, words.layout) })

    package static let inspect = CommandSpecification(
        name: "inspect", summary: "show the claims of the cached token, but not the token itself",
        details: """
            Contacts the server only with --remote or --verify. The command fails if the token
            cannot be verified or the server does not accept it.
            """,
        options: { [.json, .remote, .verify] }, usesProfile: true,
        command: { words in .inspect(words.layout, words.questions) })

    package static let profileUse = CommandSpecification(
        name: "profile use", operands: .required(.profile("NAME")),
        summary: "make a profile your default, for Planet's tools too",
        details: "Changes ~/.planet.json and keeps everything else in it.",
        usesProfile: true,
        reasonToSave: "it changes ~/.planet.json, which is neither read nor written",
        command: { words throws(Failure) in
            try words.checkDefaultProfile()
            return .profileUse
        })

    package static let profileCheck = CommandSpecification(
        name: "profile check", operands: .optional(.profile("NAME")),
        summary: "find out what is wrong with a profile",
        details: """
            Looks for members that are misspelt or in the wrong place, files that are missing,
            and helpers that git asks before planet-cred. Does not contact a server. The exit
            status is 78 if something is wrong.
            """,
        options: { [.json] }, usesProfile: true,
        command: { words in .profileCheck(words.layout) })

    package static let doctor = CommandSpecification(
        name: "doctor", summary: "check whether locks work between hosts that share this home",
        details: """
            Run it on two hosts at the same time, for example with srun -N2. Each of them
            prints whether a lock that one host holds excludes the other. The exit status is 0
            if it does, 1 if it does not, and 75 if that could not be determined.
            """,
        options: { [.locks, .timeLimit, .json] }, usesProfile: true,
        reasonToSave: "it examines the home directory, which is neither read nor written",
        command: { words throws(Failure) in .doctor(words.layout, timeout: try words.checkTimeout) }
    )

    // For git.

    package static let get = CommandSpecification(
        name: "get", summary: "answer git's request for a credential",
        details: """
            Reads git's request from standard input. Answers only for a host that a profile
            names; for any other host it prints nothing, and git asks its next helper.
            """,
        options: { [.login] }, audience: .programs, usesProfile: true,
        command: { words in .get(words.loginPolicy) })

    package static let store = CommandSpecification(
        name: "store", summary: "accept a credential from git and ignore it",
        details: "Tokens are cached when they are issued, so there is nothing to store.",
        audience: .programs, usesProfile: true, command: { _ in .store })

    package static let erase = CommandSpecification(
        name: "erase", summary: "drop the access token that git reports as rejected",
        details: """
            Reads git's request from standard input. Only the token that it names is dropped;
            the next command gets a new one.
            """,
        audience: .programs, usesProfile: true, command: { _ in .erase })

    package static let capability = CommandSpecification(
        name: "capability", summary: "tell git which protocol capabilities are supported",
        audience: .programs, command: { _ in .capability })

    // About planet-cred itself.

    package static let completions = CommandSpecification(
        name: "completions",
        operands: .required(.choice(of: { Shell.allCases.map { $0.rawValue } })),
        summary: "print a shell completion script",
        command: { words throws(Failure) in .completions(try words.shell) })

    package static let help = CommandSpecification(
        name: "help",
        operands: .optional(.choice("COMMAND", of: { topics })),
        summary: "show help for planet-cred, for one command, or about profiles or hosts",
        command: { words throws(Failure) in .help(try words.topic) })

    package static let version = CommandSpecification(
        name: "version", summary: "print the version", command: { _ in .version })

    // For detached processes: to renew an ageing token, to start the process that does, and to open
    // a browser.

    package static let renew = CommandSpecification(
        name: "renew", summary: "renew a token before it expires",
        details: "For internal use.", audience: .itself, usesProfile: true,
        command: { _ in .renew })

    package static let background = CommandSpecification(
        name: "background", summary: "start 'renew' in the background and exit",
        details: "For internal use.", audience: .itself, usesProfile: true,
        command: { _ in .background })

    package static let browse = CommandSpecification(
        name: "browse", operands: .required(.text("URL")),
        summary: "start a browser and exit", details: "For internal use.",
        audience: .itself, command: { words throws(Failure) in .browse(try words.page) })
}
